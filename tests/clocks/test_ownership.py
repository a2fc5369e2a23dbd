"""Time by team and owner: what a clock counted in whose hands adds up to what it shows."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.clocks import ownership
from evenkeel.core.directory.actions import team as teams
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.tests.conftest import browser_of
from tests.clocks.conftest import Agreeing, Case, after

pytestmark = pytest.mark.django_db
GOLD = "P2: response 1 h, resolution 8 h"


def team(title: str) -> Team:
    made: Team = teams.record(Team(), by=User.objects.the_sms(), at=after(-9), title=title)
    return made


@pytest.fixture
def handed(agree: Agreeing, customer: Any, rita: User, sam: User) -> Case:
    """An hour with nobody, two with the desk, one while it waits, three with the storage team."""
    agree("Gold", GOLD, organisation=customer)
    case = Case(rita, sam).prioritise(2, after(0))
    case.do("classify", after(0), category="Mail")
    case.do("assign", after(1), case_owner=sam, team=team("Service desk"))
    case.do("put_on_hold", after(3), hold_reason="user").do("resume", after(4))
    case.do("assign", after(4), team=team("Storage team"))
    return case.do("resolve", after(7), solution="Restarted")


class TestTimeByTeam:
    def test_adds_up_to_what_the_clock_shows(self, handed: Case) -> None:
        clock = handed.clock()
        reading = clock.read(after(9))
        parts = ownership.of(handed.record).parts(reading, clock.hours)
        told = [(one.name, one.seconds / 3600) for one in parts["team"]]
        assert told == [("", 1), ("Service desk", 2), ("Storage team", 3)]
        assert [(one.key, one.seconds / 3600) for one in parts["owner"]] == [("", 1), ("sam", 5)]
        for of in parts.values():
            assert sum(one.seconds for one in of) == reading.elapsed == 6 * 3600

    def test_is_on_the_page_of_the_case_for_those_inside(
        self, handed: Case, sam: User, rita: User
    ) -> None:
        page = browser_of(sam).get(f"{handed.record.url}clock/resolution/").text
        rows = ("Nobody</th><td>1 h 00", "Service desk</th><td>2 h 00", "Storage team</th><td>3 h")
        assert all(row in page for row in rows)
        assert "By team" in page
        theirs = browser_of(rita).get(f"{handed.record.url}clock/resolution/").text
        assert "6 h 00" in theirs
        assert "By team" not in theirs
        assert "Storage team" not in theirs

    def test_is_read_over_rest_with_the_derivation(
        self, handed: Case, sam: User, rita: User
    ) -> None:
        address = f"/api/incidents/{handed.record.number}"
        assert Api(sam).get(address).json()["parts"]["clocks"] == f"{address}/clocks"
        found = {one["name"]: one for one in Api(sam).get(f"{address}/clocks").json()["items"]}
        clock = found["resolution"]
        assert (clock["title"], clock["target"], clock["elapsed"]) == ("Resolution", 28800, 21600)
        assert [one["seconds"] for one in clock["by_team"]] == [3600, 7200, 10800]
        assert sum(one["seconds"] for one in clock["by_owner"]) == clock["elapsed"]
        assert "paused awaiting the user, 1 h 00 not counted" in " ".join(clock["steps"])
        theirs = Api(rita).get(f"{address}/clocks").json()["items"]
        assert {"response", "resolution"} == {one["name"] for one in theirs}
        assert not any({"by_team", "by_owner"} & one.keys() for one in theirs)

    def test_costs_the_same_however_many_clocks_and_is_of_no_other_kind(
        self, handed: Case, sam: User, mona: User
    ) -> None:
        api = Api(sam)
        with CaptureQueriesContext(connection) as made:
            api.get(f"/api/incidents/{handed.record.number}/clocks")
        assert len(made) == 6  # who asks, the case, its clocks, its course, teams, people
        assert Api(mona).get("/api/agreements/AGR-1/clocks").status_code == 404
