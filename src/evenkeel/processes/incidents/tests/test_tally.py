"""The tally of days: any page of a whole list is found near its place."""

import random
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.people.models import User
from evenkeel.core.records import tally
from evenkeel.core.records.record import Record
from evenkeel.core.records.tally import DayTally
from evenkeel.core.web import listing
from evenkeel.core.web.screen import screens
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def recorded(by: User, count: int) -> None:
    """Incidents of some days, several of them of the same moment."""
    chance = random.Random(count)
    for number in range(count):
        at = BEGIN + timedelta(days=chance.choice((0, 1, 4)), hours=chance.randint(0, 23))
        incidents.record(Incident(), by=by, at=at, title=f"Trouble {number}")


def counted() -> dict[tuple[str, str], int]:
    """The same by counting."""
    rows = Record.objects.values_list("of_kind", "recorded_at")
    days: dict[tuple[str, str], int] = {}
    for kind, at in rows:
        day = (kind, at.astimezone(UTC).date().isoformat())
        days[day] = days.get(day, 0) + 1
    return days


def tallied() -> dict[tuple[str, str], int]:
    rows = DayTally.objects.exclude(records=0).values_list("kind", "day", "records")
    return {(kind, day.isoformat()): records for kind, day, records in rows}


class TestTheTally:
    def test_says_what_a_count_says_whatever_is_written(self, sam: User) -> None:
        recorded(sam, 12)
        assert tallied() == counted()
        Incident.objects.filter(title="Trouble 3").update(recorded_at=BEGIN - timedelta(days=9))
        Incident.objects.filter(title="Trouble 4").update(title="Not moved")
        assert tallied() == counted()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_record SET of_kind = 'other' WHERE title = 'Trouble 5'")
        assert tallied() == counted()

    def test_of_a_day_ends_at_midnight(self, sam: User) -> None:
        for microseconds in (-1, 0):
            at = BEGIN + timedelta(microseconds=microseconds)
            incidents.record(Incident(), by=sam, at=at, title="At midnight")
        first = tally.stretch("incident", 0, newest_first=True)
        assert first == tally.Stretch(BEGIN, BEGIN + timedelta(days=1), 0, 1)
        assert tally.stretch("incident", 2, newest_first=True) is None

    @pytest.mark.parametrize("sort", ["-recorded_at", "recorded_at"])
    def test_finds_every_page_where_skipping_rows_finds_it(
        self, sam: User, sort: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listing, "SIZE", 4)
        recorded(sam, 30)
        sign = sort.removesuffix("recorded_at")
        in_order = list(Incident.objects.order_by(sort, f"{sign}pk").values_list("number"))
        for page in range(1, ceil(30 / 4) + 1):
            found = listing.Listing(screens["incidents"], sam, {"page": str(page), "sort": sort})
            found.read()
            assert [(row[3],) for row in found.rows] == in_order[(page - 1) * 4 : page * 4]

    def test_answers_no_other_list(self, sam: User) -> None:
        recorded(sam, 3)
        for params in ({"state": "new"}, {"sort": "priority"}):
            found = listing.Listing(screens["incidents"], sam, {"page": "2", **params})
            with CaptureQueriesContext(connection) as made:
                found.read()
            assert not [query for query in made if "core_daytally" in query["sql"]]
