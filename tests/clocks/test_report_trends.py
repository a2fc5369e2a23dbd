"""Service reports say how they became what they are; large ones are counted by the worker."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from evenkeel.core.directory.models import Organisation
from evenkeel.core.jobs.listing import not_done
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Denied
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.actions import reporting
from evenkeel.processes.services.models import Agreement, Counting, ServiceReport, TrendFigure
from evenkeel.processes.services.models.trend import SORTS
from tests.clocks.conftest import Agreeing, Case, holder
from tests.clocks.test_reports import GOLD, made, solved, worked

pytestmark = pytest.mark.django_db
JULY = datetime(2026, 7, 1, 4, tzinfo=UTC)
Trend = dict[int, dict[str, int]]


@pytest.fixture
def gold(agree: Agreeing, customer: Organisation) -> Agreement:
    return agree("Gold", GOLD, datetime(2026, 1, 2, tzinfo=UTC), organisation=customer)


@pytest.fixture
def worked_on(gold: Agreement, rita: User, sam: User) -> None:
    """Cases of four months, of which some took too long and one is open to this day."""
    for day in range(0, 120, 9):
        at = datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=day)
        solved(worked(rita, sam, 1, at), 1 + day % 3)
    worked(rita, sam, 4, datetime(2026, 5, 20, 9, tzinfo=UTC))


def trend(report: ServiceReport) -> Trend:
    """Periods ago -> what -> how many."""
    found: Trend = {}
    for one in report.trend.all():
        found.setdefault(one.ago, {})[one.what] = one.count
    return found


def june(by: User, **more: Any) -> ServiceReport:
    return made(by, JULY, since=date(2026, 6, 1), until=date(2026, 6, 30), **more)


class TestTheTrend:
    def test_says_of_each_period_what_a_report_of_it_says(
        self, worked_on: None, mona: User
    ) -> None:
        report = june(mona)
        assert sorted(trend(report)) == [0, 1, 2, 3, 4, 5]
        for ago in range(6):
            first, last = report.before(ago)
            own = made(mona, JULY, since=first, until=last)
            expected = {
                what: own.count(what=what, is_earlier=False)
                for what in ("recorded", "done", "open")
            }
            for verdict, is_kept in (("kept", True), ("violated", False)):
                expected[verdict] = own.count(is_kept=is_kept, is_earlier=False)
            assert trend(report)[ago] == expected, first
        assert sum(one["recorded"] for one in trend(report).values()) == 15

    def test_is_of_twelve_periods_where_that_is_asked(self, worked_on: None, mona: User) -> None:
        report = june(mona, periods=12)
        assert len(trend(report)) == 12
        assert report.before(11) == (date(2025, 7, 1), date(2025, 7, 31))
        week = made(mona, JULY, since=date(2026, 6, 1), until=date(2026, 6, 7))
        assert week.before(5) == (date(2026, 4, 27), date(2026, 5, 3))

    def test_opens_every_figure_to_as_many_cases_as_it_says(
        self, worked_on: None, mona: User
    ) -> None:
        report = june(mona)
        tomas, page = holder("tomas", RoleType.SMS_MANAGER, "SMS"), Client()
        page.force_login(tomas)
        drawn = page.get(f"{report.url}report/").content.decode()
        assert drawn.count("<polyline") == 4
        shown = 0
        for one in TrendFigure.objects.filter(report=report):
            way = f"{report.url}report/cases/?ago={one.ago}&what={one.what}"
            rows = page.get(f"{way}&format=csv").content.decode().splitlines()[1:]
            assert len(rows) == one.count
            assert all("Mail is down" in row for row in rows)
            link = f'href="{way.replace("&", "&amp;")}">{one.count}<'
            assert (link in drawn) == (one.count > 0)
            shown += one.count > 0
        assert shown > 8

    def test_names_a_case_to_nobody_who_may_not_see_it(
        self, worked_on: None, mona: User, customer: Organisation, rita: User
    ) -> None:
        report = june(mona, organisation=customer)
        reports.approve(report, by=mona, at=JULY)
        colleague = User.objects.create_user("carl", organisation=customer)
        reports.send(report, by=mona, at=JULY, to=colleague)
        page = Client()
        page.force_login(colleague)
        said = page.get(f"{report.url}report/cases/?ago=0&what=recorded").content.decode()
        assert "INC-" in said
        assert "Mail is down" not in said

    @pytest.mark.parametrize("asked", ["ago=7&what=kept", "ago=x&what=kept", "ago=0&what=all"])
    def test_has_no_figure_that_it_does_not_show(
        self, worked_on: None, mona: User, asked: str, client: Client
    ) -> None:
        client.force_login(mona)
        assert client.get(f"{june(mona).url}report/cases/?{asked}").status_code == 404

    def test_is_in_the_file_and_in_the_table(
        self, worked_on: None, mona: User, client: Client
    ) -> None:
        client.force_login(mona)
        report = june(mona)
        assert client.get(f"{report.url}report.pdf").content.startswith(b"%PDF")
        table = client.get(f"{report.url}report.csv").content.decode()
        assert "The last 4 periods,Jun 2026," in table

    @pytest.mark.parametrize(
        "deed",
        [
            "UPDATE services_trendfigure SET count = 0, cases = '{}'",
            "DELETE FROM services_trendfigure",
            "INSERT INTO services_trendfigure (report_id, ago, what, begins_on, ends_on, count,"
            " cases) SELECT report_id, 9, what, begins_on, ends_on, 0, '{}'"
            " FROM services_trendfigure",
        ],
    )
    def test_is_sealed_with_its_report(self, worked_on: None, mona: User, deed: str) -> None:
        report: Any = reports.approve(june(mona), by=mona, at=JULY)
        assert report.entries.last().given["sha256"] == reports.digest(report)
        with (
            pytest.raises(DatabaseError, match="never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(deed)


class TestALargeReport:
    @pytest.fixture(autouse=True)
    def large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A dozen cases are many."""
        monkeypatch.setattr(reporting, "LARGE", 3)

    def test_is_counted_by_the_worker_and_says_the_same(
        self, worked_on: None, mona: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report = june(mona)
        assert (report.state, report.figures) == ("counting", [])
        assert "services.count_report" in {one.name for one in not_done()}
        reporting.go_on(report.pk, JULY)
        large: Any = ServiceReport.objects.get(pk=report.pk)
        assert large.state == "draft"
        monkeypatch.setattr(reporting, "LARGE", 5_000)
        small = june(mona)

        def cells(one: ServiceReport) -> list[list[Any]]:
            return sorted(one.figures, key=str)

        assert cells(large) == cells(small) != []
        assert trend(large) == trend(small)
        assert large.availability == small.availability
        assert large.cases.count() == small.cases.count() == sum(c[-1] for c in large.figures)

    def test_says_how_far_it_is(self, worked_on: None, mona: User, client: Client) -> None:
        report = june(mona)
        client.force_login(mona)
        assert "It waits to be counted." in client.get(report.url).content.decode()
        Counting.objects.create(report=report, total=6, done=3, rows=20)
        page = client.get(report.url).content.decode()
        assert "3 of 6 periods are counted: 20 figures so far." in page
        assert 'value="50"' in page

    def test_is_not_sealed_and_not_counted_anew_while_it_is_counted(
        self, worked_on: None, mona: User
    ) -> None:
        report = june(mona)
        for verb in (reports.approve, reports.recount):
            with pytest.raises(Denied, match="being counted"):
                verb(report, by=mona, at=JULY)

    def test_begins_anew_where_a_worker_fell_and_the_other_one_writes_no_more(
        self, worked_on: None, mona: User
    ) -> None:
        report: Any = june(mona)
        first = reporting._turn(report)
        reporting._write(report, reporting._period(report, 0, JULY))
        reporting.go_on(report.pk, JULY)
        assert Counting.objects.get(report=report).turn == first + 1
        fresh: Any = ServiceReport.objects.get(pk=report.pk)
        assert fresh.cases.count() == sum(cell[-1] for cell in fresh.figures)
        assert fresh.trend.count() == 6 * len(SORTS)

    def test_that_was_discarded_is_not_counted(self, worked_on: None, mona: User) -> None:
        report = reports.discard(june(mona), by=mona, at=JULY, reason="Another one.")
        reporting.go_on(report.pk, JULY)
        assert ServiceReport.objects.get(pk=report.pk).state == "discarded"
        assert not TrendFigure.objects.exists()

    def test_is_counted_anew_in_the_background(self, worked_on: None, mona: User) -> None:
        report = june(mona)
        reporting.go_on(report.pk, JULY)
        again: Any = reports.recount(report, by=mona, at=JULY + timedelta(hours=1))
        assert again.state == "counting"
        reporting.go_on(report.pk, JULY + timedelta(hours=1))
        fresh = ServiceReport.objects.get(pk=report.pk)
        assert (fresh.state, fresh.counted_at) == ("draft", JULY + timedelta(hours=1))

    def test_of_a_month_is_made_by_itself_all_the_same(
        self, worked_on: None, case: Case, mona: User
    ) -> None:
        assert reports.make_monthly(JULY) == 2
        assert reports.make_monthly(JULY) == 0
        for report in ServiceReport.objects.all():
            assert report.state == "counting"
            reporting.go_on(report.pk, JULY)
        found = ServiceReport.objects.get(organisation=None)
        assert (found.state, len(trend(found))) == ("draft", 12)
