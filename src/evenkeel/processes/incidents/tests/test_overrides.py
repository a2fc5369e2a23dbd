"""Whoever sets the priority by hand says why, and stands in the report of overrides (R-06)."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.cli import main
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/overrides"


def overridden(by: User, title: str = "The slides", *, days_ago: int = 0) -> Incident:
    """A case that somebody made P1 though the matrix says P4."""
    at = timezone.now() - timedelta(days=days_ago)
    case = incidents.record(Incident(), by=by, at=at, title=title)
    how: dict[str, Any] = {"priority": 1, "reason": "The board meets at noon"}
    made: Incident = incidents.prioritise(case, by=by, at=at, impact=4, urgency=4, **how)
    return made


@pytest.mark.row("R-06")
class TestAnOverride:
    def test_needs_a_reason_and_shows_in_the_report(self, mona: User, sam: User) -> None:
        case = incidents.record(Incident(), by=sam, title="The slides")
        with pytest.raises(Invalid, match="needs a reason"):
            incidents.prioritise(case, by=sam, impact=4, urgency=4, priority=1)
        assert Api(mona).get(ADDRESS).json()["items"] == []
        how: dict[str, Any] = {"priority": 1, "reason": "The board meets at noon"}
        done = incidents.prioritise(case, by=sam, impact=4, urgency=4, **how)
        [row] = Api(mona).get(ADDRESS).json()["items"]
        assert row.pop("at") == done.entries.latest("position").at.isoformat()
        assert row == {
            "number": done.number,
            "title": "The slides",
            "by": "sam",
            "field": "priority",
            "from": 4,
            "to": 1,
            "reason": "The board meets at noon",
        }
        page = browser_of(mona).get("/overrides/").content.decode()
        assert done.number in page
        assert "The board meets at noon" in page

    def test_is_counted_each_time_and_what_the_matrix_gave_is_not(
        self, mona: User, sam: User
    ) -> None:
        case = overridden(sam)
        incidents.prioritise(case, by=sam, impact=4, urgency=4)
        assert Api(mona).get(ADDRESS).json()["count"] == 1
        again: dict[str, Any] = {"priority": 2, "reason": "Still pressing"}
        incidents.prioritise(case, by=sam, impact=4, urgency=4, **again)
        said = Api(mona).get(ADDRESS).json()
        assert [(one["from"], one["to"]) for one in said["items"]] == [(4, 2), (4, 1)]
        assert said["count"] == 2


class TestTheReport:
    def test_is_of_a_period_and_its_count_is_that_of_its_list(self, mona: User) -> None:
        for days_ago in (0, 5, 40):
            overridden(mona, f"{days_ago} days ago", days_ago=days_ago)
        today = timezone.localdate()
        asked = {
            "": 2,  # thirty days
            f"since={today - timedelta(days=40)}": 3,
            f"until={today - timedelta(days=1)}": 1,
            f"since={today - timedelta(days=5)}&until={today - timedelta(days=5)}": 1,
        }
        for query, expected in asked.items():
            said = Api(mona).get(f"{ADDRESS}?{query}").json()
            assert (len(said["items"]), said["count"]) == (expected, expected), query

    def test_is_read_page_by_page(self, mona: User) -> None:
        for number in range(5):
            overridden(mona, f"Case {number}", days_ago=number)
        api, address, seen = Api(mona), f"{ADDRESS}?limit=2", []
        while address:
            said = api.get(address).json()
            seen += [one["title"] for one in said["items"]]
            address = said["next"]
        assert seen == [f"Case {number}" for number in range(5)]

    def test_is_of_one_person(self, mona: User, sam: User) -> None:
        overridden(sam)
        overridden(mona, "Hers")
        found = Api(mona).get(f"{ADDRESS}?by=mona").json()["items"]
        assert [one["title"] for one in found] == ["Hers"]

    def test_refuses_a_day_that_is_none_and_somebody_unknown(
        self, mona: User, desk: Client
    ) -> None:
        for wrong in ("since=yesterday", "until=2026-02-31", "by=nobody", "after=x", "of=x"):
            assert Api(mona).get(f"{ADDRESS}?{wrong}").status_code == 422, wrong
        page = desk.get("/overrides/?since=2026-05-02&until=2026-05-01")
        assert page.status_code == 400
        assert "begins after it ends" in page.content.decode()

    def test_is_for_those_inside(self, mona: User, rita: User) -> None:
        assert Api(rita).get(ADDRESS).status_code == 404
        assert browser_of(rita).get("/overrides/").status_code == 403

    def test_leaves_out_what_is_restricted(self, mona: User, sam: User) -> None:
        hers = overridden(sam)  # mona owns it, for she manages the process
        Incident.objects.filter(pk=hers.pk).update(is_restricted=True)
        assert Api(sam).get(ADDRESS).json()["count"] == 0
        assert Api(mona).get(ADDRESS).json()["count"] == 1

    def test_is_taken_along_as_a_file_and_by_a_command(
        self, mona: User, sam: User, desk: Client, capsys: pytest.CaptureFixture[str]
    ) -> None:
        case = overridden(sam, "=1+1")
        file = desk.get("/overrides/?format=csv").content.decode()
        heading, row = csv.reader(io.StringIO(file))
        assert heading[:2] == ["at", "number"]
        assert row[1:] == [
            *(case.number, "'=1+1", "sam", "priority", "4", "1"),
            "The board meets at noon",
        ]
        assert main(["overrides", "--by", "sam"]) == 0
        assert "P4 → P1\tThe board meets at noon" in capsys.readouterr().out
        assert main(["overrides", "--since", "2026-13-01"]) == 1

    def test_costs_the_same_however_many_there_are(self, mona: User, desk: Client) -> None:
        counted = []
        for _ in range(2):
            overridden(mona)
            with CaptureQueriesContext(connection) as made:
                assert desk.get("/overrides/").status_code == 200
            counted.append(len(made))
        assert counted[0] == counted[1]
