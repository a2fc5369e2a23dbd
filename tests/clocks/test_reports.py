"""Service reports say what the cases say, open to them, and once sealed never change."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from evenkeel.core.clocks import thresholds
from evenkeel.core.directory.models import Organisation
from evenkeel.core.notices import jobs
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.services.actions import availability
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.models import Agreement, Service, ServiceReport
from evenkeel.processes.services.models.report import last_month
from tests.clocks.conftest import Agreeing, Case, after, holder, organisation

GOLD = "P1: resolution 2 h\nP2: resolution 8 h\nP3: resolution 24 h\nP4: resolution 48 h"
JUNE = datetime(2026, 6, 1, 4, tzinfo=UTC)
MAY = date(2026, 5, 1), date(2026, 5, 31)


@pytest.fixture
def gold(agree: Agreeing, customer: Organisation) -> Agreement:
    return agree("Gold", GOLD, organisation=customer)


@pytest.fixture
def tomas() -> User:
    """The SMS manager, who sees every case."""
    return holder("tomas", RoleType.SMS_MANAGER, "SMS")


def made(by: User, at: datetime = JUNE, **about: Any) -> ServiceReport:
    report: ServiceReport = reports.record(ServiceReport(), by=by, at=at, **about)
    return report


def solved(case: Case, hours: float) -> Case:
    """So many hours after it was recorded, as far as the clocks of those hours told."""
    at = case.record.recorded_at + timedelta(hours=hours)
    thresholds.tell_all(at=at)
    return case.do("resolve", at, solution="Restarted.", resolution="permanent", cause="software")


def worked(rita: User, sam: User, priority: int, at: datetime, **fields: Any) -> Case:
    return Case(rita, sam, at=at, **fields).work(at).prioritise(priority, at)


def kept(report: ServiceReport, **cut: Any) -> tuple[int, int]:
    """Kept and violated."""
    alike = {"what": "resolution", "is_earlier": False, **cut}
    return report.count(**alike, is_kept=True), report.count(**alike, is_kept=False)


@pytest.mark.django_db
@pytest.mark.row("IF-33")
class TestAServiceReport:
    def test_is_about_last_month_unless_days_are_named(self, mona: User) -> None:
        report = made(mona)
        assert (report.begins_on, report.ends_on) == MAY
        assert report.earlier == (date(2026, 4, 1), date(2026, 4, 30))
        assert report.title == "All services and customers: May 2026"
        week = made(mona, since=date(2026, 5, 4), until=date(2026, 5, 10))
        assert week.earlier == (date(2026, 4, 27), date(2026, 5, 3))
        assert week.title == "All services and customers: 4 May 2026 – 10 May 2026"
        quarter = made(mona, since=date(2026, 1, 1), until=date(2026, 3, 31))
        assert quarter.earlier == (date(2025, 10, 1), date(2025, 12, 31))

    def test_refuses_days_in_the_wrong_order_and_a_period_to_come(self, mona: User) -> None:
        with pytest.raises(Invalid, match="does not come before"):
            made(mona, since=date(2026, 5, 4), until=date(2026, 5, 3))
        with pytest.raises(Invalid, match="has not begun"):
            made(mona, since=date(2026, 7, 1), until=date(2026, 7, 31))

    def test_counts_what_was_kept_and_what_was_violated(
        self, gold: Agreement, rita: User, sam: User, mona: User
    ) -> None:
        solved(worked(rita, sam, 1, after(0)), 1)
        solved(worked(rita, sam, 1, after(1)), 3)
        solved(worked(rita, sam, 2, after(2)), 7)
        worked(rita, sam, 3, after(3))  # violated on the next day, and still open
        thresholds.tell_all(at=after(30))
        report = made(mona)
        assert kept(report) == (2, 2)
        assert kept(report, priority=1) == (1, 1)
        assert kept(report, priority=3) == (0, 1)
        volumes = {
            what: report.count(what=what, is_earlier=False) for what in ("recorded", "done", "open")
        }
        assert volumes == {"recorded": 4, "done": 3, "open": 1}
        assert report.count(what="actual", is_earlier=False) == 2
        assert report.count(what="actual", is_earlier=True) == 0

    def test_counts_a_target_in_the_period_in_which_it_was_violated_and_never_again(
        self, gold: Agreement, rita: User, sam: User, mona: User
    ) -> None:
        case = worked(rita, sam, 3, datetime(2026, 5, 31, 20, tzinfo=UTC))
        thresholds.tell_all(at=JUNE + timedelta(days=2))
        case.do("resolve", JUNE + timedelta(days=40), solution="At last.", resolution="permanent",
                cause="software")  # fmt: skip
        may, june, july = (
            made(mona, JUNE + timedelta(days=80), since=date(2026, n, 1), until=date(2026, n, 28))
            for n in (5, 6, 7)
        )
        assert [kept(one) for one in (may, june, july)] == [(0, 0), (0, 1), (0, 0)]

    def test_counts_nothing_of_a_case_that_was_dropped(
        self, gold: Agreement, rita: User, sam: User, mona: User
    ) -> None:
        worked(rita, sam, 2, after(0)).do("cancel", after(1), rita, reason="Sent twice.")
        report = made(mona)
        assert kept(report) == (0, 0)
        assert report.count(what="recorded", is_earlier=False) == 1
        assert report.count(what="open", is_earlier=False) == 0

    def test_is_about_the_cases_of_one_customer_or_one_service_only(
        self, gold: Agreement, customer: Organisation, mail: Service, sam: User, mona: User,
        rita: User,
    ) -> None:  # fmt: skip
        other = User.objects.create_user("otto", organisation=organisation("Sky Survey"))
        solved(worked(rita, sam, 2, after(0), service=mail), 1)
        solved(worked(rita, sam, 2, after(0)), 1)
        solved(worked(other, sam, 2, after(0), service=mail), 1)
        counts = [
            made(mona, **about).count(what="recorded", is_earlier=False)
            for about in ({}, {"organisation": customer}, {"service": mail},
                          {"organisation": customer, "service": mail})
        ]  # fmt: skip
        assert counts == [3, 2, 2, 1]

    def test_opens_every_figure_to_as_many_cases_as_it_says(
        self, gold: Agreement, rita: User, sam: User, mona: User, tomas: User
    ) -> None:
        for hours in (1, 3, 5):
            solved(worked(rita, sam, 1, after(hours)), hours)
        report = made(mona)
        page = Client()
        page.force_login(tomas)
        found = page.get(f"{report.url}report/").content.decode()
        ways = {part.split('"')[0] for part in found.split(f'href="{report.url}report/cases/')[1:]}
        assert len(ways) > 10
        for way in ways:
            at = f"{report.url}report/cases/{way.replace('&amp;', '&')}"
            rows = page.get(f"{at}&format=csv").content.decode().splitlines()[1:]
            said = [bit.split("<")[0] for bit in found.split(f'{way}">')[1:]]
            cut = at.partition("?")[2]
            for one in said:
                if "%" not in one:
                    assert int(one) == len(rows), cut
            numbers = [row.split(",")[0] for row in rows]
            seen = Incident.objects.visible_to(tomas).filter(number__in=numbers)
            if "actual" not in cut and "potential" not in cut:
                assert seen.count() == len(set(numbers))


@pytest.mark.django_db
class TestAReportOfAnything:
    def test_says_what_a_second_count_says(
        self, gold: Agreement, rita: User, sam: User, mona: User, mail: Service
    ) -> None:
        """Sixty cases at random, counted once more from what was done to them."""
        chance, begin = random.Random(8), datetime(2026, 4, 27, tzinfo=UTC)
        facts = []
        within = {1: 2, 2: 8, 3: 24, 4: 48}
        for _ in range(60):
            at = begin + timedelta(minutes=chance.randrange(40 * 24 * 60))
            facts.append((at, chance.choice(list(within)), chance.choice((None, 1, 5, 20, 70))))
        for at, priority, hours in sorted(facts, key=lambda fact: fact[0]):
            case = worked(rita, sam, priority, at)
            if hours:
                solved(case, hours)
        until = datetime(2026, 7, 20, tzinfo=UTC)
        thresholds.tell_all(at=until)
        begins, ends = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
        expected: Counter[tuple[str, int]] = Counter()
        for at, priority, hours in facts:
            done = at + timedelta(hours=hours) if hours else None
            late = at + timedelta(hours=within[priority])
            is_late = done is None or done > late
            decided = late if is_late else done
            expected["recorded", priority] += begins <= at < ends
            expected["done", priority] += bool(done and begins <= done < ends)
            expected["open", priority] += at < ends and (done is None or done >= ends)
            if decided and begins <= decided < ends:
                expected["violated" if is_late else "kept", priority] += 1
        report = made(mona, until, since=MAY[0], until=MAY[1])
        for (what, priority), count in expected.items():
            cut: dict[str, Any] = {"what": what}
            if what in {"kept", "violated"}:
                cut = {"what": "resolution", "is_kept": what == "kept"}
            assert report.count(priority=priority, is_earlier=False, **cut) == count, what
            assert report.behind(priority=priority, is_earlier=False, **cut).count() == count

    def test_says_of_the_time_before_what_its_own_report_says(
        self, gold: Agreement, rita: User, sam: User, mona: User
    ) -> None:
        for day in range(3, 50, 2):
            at = datetime(2026, 4, 1, 9, tzinfo=UTC) + timedelta(days=day)
            solved(worked(rita, sam, 1, at), 1 + day % 3)
        april = made(mona, since=date(2026, 4, 1), until=date(2026, 4, 30))
        may = made(mona, since=MAY[0], until=MAY[1])

        def cells(report: ServiceReport, *, earlier: bool) -> Counter[Any]:
            return Counter({tuple(c[:-2]): c[-1] for c in report.figures if c[-2] is earlier})

        assert cells(may, earlier=True) == cells(april, earlier=False)
        assert cells(may, earlier=True)


@pytest.mark.django_db
@pytest.mark.row("IF-33")
class TestASealedReport:
    @pytest.fixture
    def sealed(self, gold: Agreement, rita: User, sam: User, mona: User) -> ServiceReport:
        solved(worked(rita, sam, 1, after(0)), 1)
        worked(rita, sam, 2, after(1))
        thresholds.tell_all(at=after(20))
        report: ServiceReport = reports.approve(
            made(mona, organisation=gold.organisation), by=mona, at=JUNE
        )
        return report

    def test_keeps_its_figures_and_its_cases_whatever_happens_to_them(
        self, sealed: ServiceReport, rita: User, sam: User, mona: User
    ) -> None:
        before, digest = sealed.figures, reports.digest(sealed)
        incident: Any
        for incident in Incident.objects.all():
            if incident.state == "resolved":
                Case.do(_again(rita, sam, incident), "reopen", JUNE, reason="It is back.")
        worked(rita, sam, 2, after(3))
        fresh = ServiceReport.objects.get(pk=sealed.pk)
        assert (fresh.figures, reports.digest(fresh)) == (before, digest)
        assert made(mona).figures != before
        with pytest.raises(Denied):
            reports.recount(fresh, by=mona, at=JUNE)

    def test_says_in_its_evidence_what_was_sealed(self, sealed: ServiceReport) -> None:
        entry = sealed.entries.get(verb="service_reports.approve")
        assert entry.given["sha256"] == reports.digest(sealed)
        assert entry.given["cases"] == sealed.cases.count()

    @pytest.mark.parametrize(
        "deed",
        [
            "UPDATE services_servicereport SET figures = '[]'",
            "UPDATE services_servicereport SET approved_at = NULL",
            "DELETE FROM services_servicereport",
            "UPDATE services_reportedcase SET is_kept = true",
            "DELETE FROM services_reportedcase",
            "INSERT INTO services_reportedcase"
            " (report_id, record_id, what, of_kind, is_earlier, at)"
            " SELECT report_id, record_id, what, of_kind, is_earlier, at"
            " FROM services_reportedcase",
        ],
    )
    def test_is_kept_by_the_database_itself(self, sealed: ServiceReport, deed: str) -> None:
        with (
            pytest.raises(DatabaseError, match="never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(deed)

    def test_is_not_sealed_before_its_period_is_over(self, mona: User) -> None:
        report = made(mona, after(0), since=date(2026, 5, 1), until=date(2026, 5, 31))
        with pytest.raises(Invalid, match="not over"):
            reports.approve(report, by=mona, at=after(1))
        with pytest.raises(Invalid, match="count it anew"):
            reports.approve(report, by=mona, at=JUNE)
        reports.recount(report, by=mona, at=JUNE)
        assert reports.approve(report, by=mona, at=JUNE).state == "sealed"

    def test_is_seen_by_the_customer_once_it_was_sent_and_by_no_other(
        self, sealed: ServiceReport, mona: User, rita: User
    ) -> None:
        other = User.objects.create_user("otto", organisation=organisation("Sky Survey"))

        def seen(user: User) -> bool:
            return bool(ServiceReport.objects.visible_to(user).filter(pk=sealed.pk).exists())

        assert not seen(rita)
        with pytest.raises(Invalid, match="does not belong"):
            reports.send(sealed, by=mona, at=JUNE, to=other)
        sent = reports.send(sealed, by=mona, at=JUNE, to=rita)
        assert (sent.state, sent.sent_to, sent.sent_at) == ("sent", rita, JUNE)
        assert (seen(rita), seen(other)) == (True, False)
        jobs.spread(entry=sent.entries.get(verb="service_reports.send").pk)
        assert Notice.objects.filter(recipient=rita, record=sent.pk).count() == 1

    def test_shows_a_customer_no_violations_and_no_title_that_is_not_theirs(
        self, sealed: ServiceReport, mona: User, customer: Organisation
    ) -> None:
        colleague = User.objects.create_user("carl", organisation=customer)
        reports.send(sealed, by=mona, at=JUNE, to=colleague)
        page = Client()
        page.force_login(colleague)
        said = page.get(f"{sealed.url}report/").content.decode()
        assert "Violations recorded" not in said
        assert page.get(f"{sealed.url}report.pdf").content.startswith(b"%PDF")
        cases = page.get(f"{sealed.url}report/cases/?what=recorded").content.decode()
        assert "INC-1" in cases
        assert "Mail is down" not in cases
        hidden = page.get(f"{sealed.url}report/cases/?what=actual,potential&format=csv")
        assert len(hidden.content.decode().splitlines()) == 1


@pytest.mark.django_db
class TestTheReportsOfAMonth:
    def test_are_made_by_themselves_once_for_all_and_for_each_customer_with_an_agreement(
        self, gold: Agreement, rita: User, sam: User, mona: User
    ) -> None:
        worked(rita, sam, 1, after(0))
        assert reports.make_monthly(JUNE) == 2
        assert reports.make_monthly(JUNE + timedelta(days=3)) == 0
        found: list[Any] = list(ServiceReport.objects.order_by("pk"))
        assert [one.organisation for one in found] == [None, gold.organisation]
        assert {(one.begins_on, one.ends_on, one.state) for one in found} == {(*MAY, "draft")}
        reports.discard(found[0], by=mona, at=JUNE, reason="Wrong.")
        assert reports.make_monthly(JUNE) == 1
        assert last_month(JUNE) == MAY

    def test_are_not_made_where_nothing_was_recorded(self, gold: Agreement) -> None:
        assert reports.make_monthly(JUNE) == 0


@pytest.mark.django_db
class TestTheAvailabilityOfAService:
    """SVC-K1: 1 − the time that it was not there ÷ its agreed hours."""

    def test_counts_what_two_outages_share_only_once(
        self, agree: Agreeing, mail: Service, rita: User, sam: User, mona: User
    ) -> None:
        agree("Mail for all", "P1: resolution 4 h", service=mail, calendar="Office hours")
        spans = (
            (datetime(2026, 5, 6, 7, tzinfo=UTC), datetime(2026, 5, 6, 10, tzinfo=UTC)),
            (datetime(2026, 5, 6, 9, tzinfo=UTC), datetime(2026, 5, 6, 11, tzinfo=UTC)),
            (datetime(2026, 5, 9, 9, tzinfo=UTC), datetime(2026, 5, 10, 9, tzinfo=UTC)),  # Saturday
        )
        for start, end in spans:
            case = worked(rita, sam, 1, start, service=mail)
            # What is declared major has a procedure; only its mark and its end matter here.
            found: Any = Incident.objects.filter(pk=case.record.pk)
            found.update(major="declared", restored_at=end)
        (row,) = made(mona, service=mail).availability
        week_days, hours = 21, 10  # of May 2026, 08:00–18:00
        assert row[:3] == [mail.pk, week_days * hours * 3600, 3 * 3600]  # 08:00–11:00

    def test_joins_spans_as_a_naive_count_of_minutes_does(self) -> None:
        chance = random.Random(5)
        for _ in range(200):
            spans = [
                (start, start + chance.randrange(1, 40))
                for start in (chance.randrange(300) for _ in range(chance.randrange(12)))
            ]
            minutes = {minute for start, end in spans for minute in range(start, end)}
            found = list(availability.joined(spans))
            assert sum(end - start for start, end in found) == len(minutes)
            assert all(one[1] < two[0] for one, two in pairwise(found))


def _again(rita: User, sam: User, incident: Incident) -> Case:
    case = Case.__new__(Case)
    case.requester, case.staff, case.record = rita, sam, incident
    return case
