"""Who sees few records has them all looked through; where few end, and what is read of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry
from evenkeel.core.search import find
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


def recorded(by: User, count: int) -> None:
    for place in range(count):
        registry["incidents.record"](Incident(), by=by, title=f"Printer {place} is dark")


class TestFewRecords:
    @pytest.mark.parametrize(("beyond", "by_key"), [(-1, False), (0, True), (1, True)])
    def test_are_looked_through_by_key_as_long_as_they_are_few(
        self, rita: User, beyond: int, by_key: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recorded(rita, 3)
        seen = Record.objects.visible_to(rita).count()
        monkeypatch.setattr("evenkeel.core.search.matching.FEW", seen + beyond)
        with CaptureQueriesContext(connection) as made:
            found = find(rita, "printer")
        assert {hit.record.number for hit in found.hits} == {"INC-1", "INC-2", "INC-3"}
        asked = [query["sql"] for query in made if "ts_rank" in query["sql"]]
        assert all(("indexed.record_id = ANY" in sql) is by_key for sql in asked)
        assert asked

    def test_may_be_none_of_a_kind(self, rita: User, omar: User) -> None:
        recorded(rita, 1)
        assert not Incident.objects.visible_to(omar).exists()
        with CaptureQueriesContext(connection) as made:
            assert find(omar, "printer", kinds=["incident"]).hits == []
        asked = [query["sql"] for query in made if "ts_rank" in query["sql"]]
        assert all("indexed.record_id = ANY" in sql for sql in asked)
        assert asked


class TestAHit:
    def test_knows_what_is_shown_and_reads_the_rest_when_asked(self, rita: User) -> None:
        recorded(rita, 1)
        [hit] = find(rita, "printer").hits
        whole = Record.objects.get(of_kind=Incident.kind())
        with CaptureQueriesContext(connection) as made:
            shown = (hit.record.number, hit.record.title, hit.record.state, hit.record.recorded_at)
        assert not list(made)
        assert shown == (whole.number, whole.title, whole.state, whole.recorded_at)
        assert hit.record == whole
        assert hit.record.requester_id == rita.pk
