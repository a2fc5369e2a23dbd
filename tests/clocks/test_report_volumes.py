"""Service reports count what was asked, and of that what was dropped; they add up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.models import ServiceRequest
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.models import Service, ServiceReport
from tests.clocks.conftest import Agreeing, Case, after, holder, organisation

JUNE = datetime(2026, 6, 1, 4, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 4, tzinfo=UTC)
MAY = datetime(2026, 5, 31, 20, tzinfo=UTC)
NINE = datetime(2026, 5, 6, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
VOLUMES = ("recorded", "done", "dropped", "open")
pytestmark = pytest.mark.django_db


def volumes(by: User, at: datetime = JUNE, **cut: Any) -> dict[str, int]:
    """What the report of the month before says of cases, and that each figure opens to them."""
    report: ServiceReport = reports.record(ServiceReport(), by=by, at=at)
    found = {}
    for what in VOLUMES:
        found[what] = report.count(what=what, is_earlier=False, **cut)
        assert report.behind(what=what, is_earlier=False, **cut).count() == found[what]
    return found


def of(recorded: int = 0, done: int = 0, dropped: int = 0, still: int = 0) -> dict[str, int]:
    return dict(zip(VOLUMES, (recorded, done, dropped, still), strict=True))


def worked(rita: User, sam: User, at: datetime) -> Case:
    return Case(rita, sam, at=at).work(at)


def solve(case: Case, at: datetime) -> None:
    case.do("resolve", at, solution="Restarted.", resolution="permanent", cause="software")


class TestWhatWasAsked:
    def test_was_solved_or_dropped_or_is_open(self, rita: User, sam: User, mona: User) -> None:
        solve(worked(rita, sam, after(0)), after(1))
        worked(rita, sam, after(1)).do("cancel", after(2), rita, reason="Sent twice.")
        worked(rita, sam, after(2))
        assert volumes(mona) == of(recorded=3, done=1, dropped=1, still=1)

    def test_is_dropped_in_the_month_in_which_it_was(
        self, rita: User, sam: User, mona: User
    ) -> None:
        worked(rita, sam, MAY).do("cancel", JUNE, rita, reason="Never mind.")
        assert volumes(mona, JULY) == of(dropped=1)
        assert volumes(mona, JUNE) == of(recorded=1, still=1)

    def test_adds_up_from_month_to_month(self, rita: User, sam: User, mona: User) -> None:
        """What was open and what came is what was solved, what was dropped and what is open."""
        for number in range(24):
            case = worked(rita, sam, after(days=2 * number))
            at = after(days=2 * number + 5 * (number % 4))
            if number % 3 == 0:
                solve(case, at)
            elif number % 3 == 1:
                case.do("cancel", at, rita, reason="Never mind.")
        may, june = volumes(mona, JUNE), volumes(mona, JULY)
        came, went = may["open"] + june["recorded"], june["done"] + june["dropped"]
        assert came - went == june["open"]
        assert min(june.values()) > 0

    def test_was_a_service_request_where_it_turned_out_to_be_one(
        self, rita: User, sam: User, mona: User
    ) -> None:
        case = worked(rita, sam, after(0))
        case.do("convert", after(1), wish="information", reason="It is a question.")
        assert ServiceRequest.objects.count() == 1
        assert volumes(mona) == of(recorded=1, still=1)
        assert volumes(mona, of_kind="incident") == of()

    def test_was_nothing_where_the_import_that_brought_it_was_undone(
        self, rita: User, sam: User, mona: User
    ) -> None:
        case, other = (worked(rita, sam, after(0)) for _ in range(2))
        other.do("cancel", after(1), rita, reason="Sent twice.")
        withdraw = registry["incidents.withdraw_import"]
        sms = User.objects.the_sms()
        withdraw(case.record, by=sms, at=after(1), run="IMP-1", reason="Of another year.")
        assert volumes(mona) == of(recorded=1, dropped=1)

    def test_stands_beside_the_time_before_on_the_page(
        self, rita: User, sam: User, client: Any
    ) -> None:
        worked(rita, sam, after(1)).do("cancel", after(2), rita, reason="Sent twice.")
        tomas = holder("tomas", RoleType.SMS_MANAGER, "SMS")
        report = reports.record(
            ServiceReport(), by=tomas, at=JUNE, since=date(2026, 5, 1), until=date(2026, 5, 31)
        )
        client.force_login(tomas)
        said = client.get(f"{report.url}report/").content.decode()
        assert "Cases dropped" in said
        assert "dropped (cancelled or refused)" in said
        rows = client.get(f"{report.url}report/cases/?what=dropped&format=csv").content.decode()
        assert len(rows.splitlines()) == 2


class TestAReportToACustomer:
    def test_names_who_sends_it_and_what_was_agreed_in_its_period(
        self, agree: Agreeing, rita: User, mona: User, mail: Service, client: Any
    ) -> None:
        organisation("AURELIA Hub", "federator")
        gold = agree("Gold", "P1: resolution 2 h", organisation=rita.organisation)
        agree.again(gold, "P1: resolution 1 h", after(0))
        agree.again(gold, "P1: resolution 3 h", JULY)
        agree("Of mail", "P1: resolution 2 h", organisation=rita.organisation, service=mail)
        client.force_login(mona)
        said = {}
        abouts: tuple[dict[str, Any], ...] = ({"organisation": rita.organisation}, {})
        for about in abouts:
            report = reports.record(ServiceReport(), by=mona, at=JUNE, **about)
            said[bool(about)] = client.get(f"{report.url}report/").content.decode()
        assert f"{gold.number} Gold (versions 1, 2); " in said[True]
        assert "Of mail (version 1)" in said[True]
        assert all("AURELIA Hub" in page for page in said.values())
        assert "Gold (version" not in said[False]

    def test_names_what_is_promised_to_everybody_where_nothing_else_is_agreed(
        self, rita: User, mona: User, client: Any
    ) -> None:
        client.force_login(mona)
        report = reports.record(ServiceReport(), by=mona, at=JUNE, organisation=rita.organisation)
        page = client.get(f"{report.url}report/").content.decode()
        assert "What we promise everybody (version 1)" in page


class TestATargetOfADroppedCase:
    @pytest.mark.parametrize(("hours", "violated"), [(1, 0), (3, 1)])
    def test_counts_only_if_it_was_violated_before(
        self, hours: int, violated: int, agree: Agreeing, rita: User, sam: User, mona: User
    ) -> None:
        """Else whoever is late would cancel."""
        agree("Gold", "P1: resolution 2 h", organisation=rita.organisation)
        case = worked(rita, sam, after(0)).prioritise(1, after(0))
        thresholds.tell_all(at=after(hours))
        case.do("cancel", after(hours), rita, reason="Never mind.")
        report: ServiceReport = reports.record(ServiceReport(), by=mona, at=JUNE)
        counted = [
            report.count(what="resolution", is_earlier=False, is_kept=one) for one in (True, False)
        ]
        assert counted == [0, violated]


class TestAnOutage:
    @pytest.fixture
    def hurt(self, agree: Agreeing, mail: Service, rita: User, sam: User) -> Case:
        """Said to be a disruption since eight."""
        agree("Mail for all", "P1: resolution 4 h", service=mail, calendar="Always")
        case = Case(rita, sam, at=NINE, service=mail, started_at=NINE - HOUR).work(NINE)
        return case.do("assess", NINE, effect="disruption")

    def missed(self, mona: User, service: Service) -> int:
        report: Any = reports.record(ServiceReport(), by=mona, at=JUNE, service=service)
        return int(report.availability[0][2])

    def test_was_none_where_the_incident_was_cancelled(
        self, hurt: Case, mail: Service, mona: User, rita: User
    ) -> None:
        hurt.do("cancel", NINE + HOUR, rita, reason="The check was broken, not the service.")
        assert self.missed(mona, mail) == 0

    def test_that_had_ended_before_stays_where_what_came_after_is_dropped(
        self, hurt: Case, mail: Service, mona: User, rita: User
    ) -> None:
        solve(hurt, NINE + HOUR)  # 8 to 10
        hurt.do("close", NINE + 2 * HOUR, rita)
        hurt.do("reopen", NINE + 24 * HOUR, rita, reason="It is back.")
        hurt.do("cancel", NINE + 25 * HOUR, rita, reason="It was my cable.")
        assert self.missed(mona, mail) == 2 * 3600
