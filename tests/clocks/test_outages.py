"""What an incident takes from the availability of its service, from its beginning to its end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Invalid
from evenkeel.processes.services.actions import availability
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.models import Service, ServiceReport
from tests.clocks.conftest import Agreeing, Case, holder

JUNE = datetime(2026, 6, 1, 4, tzinfo=UTC)
NINE = datetime(2026, 5, 6, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(agree: Agreeing, mail: Service) -> Service:
    agree("Mail for all", "P1: resolution 4 h", service=mail, calendar="Always")
    return mail


@pytest.fixture
def hurt(agreed: Service, rita: User, sam: User) -> Case:
    """Reported at nine, begun at eight."""
    case = Case(rita, sam, at=NINE, service=agreed, started_at=NINE - HOUR).work(NINE)
    return case.prioritise(2, NINE)


def missed(mona: User, service: Service, at: datetime = JUNE) -> int:
    """Seconds of May in which the service was not there."""
    report: Any = reports.record(ServiceReport(), by=mona, at=at, service=service)
    return int(report.availability[0][2])


def solve(case: Case, at: datetime, **said: Any) -> Case:
    return case.do("resolve", at, solution="Restarted.", cause="software", **said)


class TestAnOutage:
    @pytest.mark.row("ISRM-01", "R-12")
    def test_lasts_from_its_beginning_until_the_service_was_restored(
        self, hurt: Case, agreed: Service, mona: User
    ) -> None:
        hurt.do("assess", NINE, effect="disruption")
        solve(hurt, NINE + 5 * HOUR, restored_at=NINE + 2 * HOUR)
        assert hurt.record.restored_at == NINE + 2 * HOUR
        assert hurt.record.resolved_at == NINE + 5 * HOUR
        assert missed(mona, agreed) == 3 * 3600

    @pytest.mark.row("ISRM-02")
    def test_of_a_degradation_counts_with_its_degree(
        self, hurt: Case, agreed: Service, mona: User
    ) -> None:
        hurt.do("assess", NINE, effect="degradation", degree=25)
        solve(hurt, NINE + 3 * HOUR)
        assert missed(mona, agreed) == 3600

    def test_counts_nothing_as_long_as_no_effect_on_the_service_is_said(
        self, hurt: Case, agreed: Service, mona: User
    ) -> None:
        solve(hurt, NINE + HOUR)
        assert missed(mona, agreed) == 0

    def test_of_two_at_once_counts_as_the_graver(
        self, hurt: Case, agreed: Service, mona: User, rita: User, sam: User
    ) -> None:
        hurt.do("assess", NINE, effect="degradation", degree=50)
        solve(hurt, NINE + 3 * HOUR)  # 8 to 12, half of it missing
        other = Case(rita, sam, at=NINE, service=agreed).work(NINE).prioritise(2, NINE)
        other.do("assess", NINE, effect="disruption")
        solve(other, NINE + HOUR)  # 9 to 10, all of it
        assert missed(mona, agreed) == 3600 + 3 * 1800

    def test_goes_on_where_the_solution_is_rejected(
        self, hurt: Case, agreed: Service, mona: User, rita: User
    ) -> None:
        hurt.do("assess", NINE, effect="disruption")
        solve(hurt, NINE + HOUR)
        hurt.do("reopen", NINE + 2 * HOUR, rita, reason="It never worked.")
        assert hurt.record.restored_at is None
        solve(hurt, NINE + 3 * HOUR)
        assert missed(mona, agreed) == 4 * 3600

    def test_begins_anew_where_the_disruption_is_back_after_closure(
        self, hurt: Case, agreed: Service, mona: User, rita: User
    ) -> None:
        hurt.do("assess", NINE, effect="disruption")
        solve(hurt, NINE + HOUR)  # 8 to 10
        hurt.do("close", NINE + 2 * HOUR, rita)
        hurt.do("reopen", NINE + 24 * HOUR, rita, reason="It is back.")
        solve(hurt, NINE + 27 * HOUR)
        assert hurt.record.down_again_at == NINE + 24 * HOUR
        assert missed(mona, agreed) == 5 * 3600

    def test_that_goes_on_counts_up_to_now(self, hurt: Case, agreed: Service, mona: User) -> None:
        hurt.do("assess", NINE, effect="disruption")
        assert missed(mona, agreed, JUNE) == int(
            (datetime(2026, 6, 1, tzinfo=UTC) - NINE + HOUR).total_seconds()
        )

    def test_is_weighed_as_a_naive_count_of_seconds_does(self) -> None:
        class Always:
            def count(self, start: int, end: int) -> int:
                return end - start

        out = {30: [(0, 100), (50, 130)], 60: [(90, 110)], 100: [(105, 107), (200, 210)]}
        worst = [
            max((m for m, spans in out.items() if any(a <= s < b for a, b in spans)), default=0)
            for s in range(300)
        ]
        always: Any = Always()
        assert availability.missed(out, always) == sum(worst) // 100


class TestAnIncident:
    def test_has_not_begun_later_than_now(self, rita: User, sam: User) -> None:
        with pytest.raises(Invalid, match="It has begun by now"):
            Case(rita, sam, at=NINE, started_at=NINE + HOUR)

    def test_is_not_restored_before_it_began(self, hurt: Case) -> None:
        with pytest.raises(Invalid, match="between its beginning and now"):
            solve(hurt, NINE + HOUR, restored_at=NINE - 2 * HOUR)
        solve(hurt, NINE + HOUR, restored_at=NINE - HOUR / 2)

    @pytest.mark.parametrize(
        ("said", "refused"),
        [
            ({"effect": "degradation"}, "a degree of 1 to 99 %"),
            ({"effect": "degradation", "degree": 100}, "a degree of 1 to 99 %"),
            ({"effect": "disruption", "degree": 50}, "all of the service is missing"),
            ({"effect": "disruption", "missed_level": "99.5 %"}, "Name the agreement"),
        ],
    )
    def test_has_an_effect_that_makes_sense(
        self, hurt: Case, said: dict[str, Any], refused: str
    ) -> None:
        with pytest.raises(Invalid, match=refused):
            hurt.do("assess", NINE, **said)

    def test_names_the_agreement_that_it_falls_short_of(
        self, hurt: Case, agree: Agreeing, customer: Organisation
    ) -> None:
        gold = agree("Gold", "P1: resolution 2 h", organisation=customer)
        said: dict[str, Any] = {
            "effect": "disruption",
            "falls_short_of": gold,
            "missed_level": "99.5 % a month",
        }
        hurt.do("assess", NINE, **said)
        assert hurt.fresh.falls_short_of_id == gold.pk
        assert hurt.fresh.begun("assess")["missed_level"] == "99.5 % a month"


class TestTheProcess:
    @pytest.mark.row("ISRM-01")
    def test_says_what_it_is_there_for(self, client: Any) -> None:
        client.force_login(holder("max", RoleType.PROCESS_MANAGER, "ISRM"))
        said = client.get("/processes/incidents/").content.decode()
        assert "Goal:" in said
        assert "services as agreed again" in said
