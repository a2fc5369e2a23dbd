"""Thresholds that pass at once are told at once, and leave all that one by one would leave."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Invalid, action
from evenkeel.core.search.models import SearchRow
from evenkeel.processes.services.models import Agreement, Violation
from tests.clocks.conftest import Agreeing, Case, after, verbs

LATE = after(8) + timedelta(seconds=1)


@pytest.fixture
def gold(agree: Agreeing, customer: Any) -> Agreement:
    text = "Your {number} should be solved by {due}."
    return agree("Gold", "P2: resolution 8 h", organisation=customer, customer_text=text)


def running(rita: User, sam: User, count: int) -> list[Case]:
    """Cases that are nearly late, and of whom everybody has heard who is to hear before."""
    made = [Case(rita, sam).work(after(0.1)).prioritise(2, after(0.1)) for _ in range(count)]
    thresholds.tell_all(at=after(8))
    return made


@pytest.mark.django_db
class TestThresholdsAtOnce:
    @pytest.mark.row("R-15", "ISRM-51")
    def test_leave_what_one_by_one_would(
        self, gold: Agreement, rita: User, sam: User, mona: User
    ) -> None:
        cases = running(rita, sam, 3)
        assert thresholds.tell_all(at=LATE) == 3
        for case in cases:
            fresh = case.fresh
            assert verbs(fresh)[-1] == "breach"
            assert fresh.is_breached
            assert (fresh.edited_at, first_fault(fresh)) == (LATE, None)
            violation = Violation.objects.get(about=fresh.pk, level="actual")
            assert violation.number.startswith("VIO-")
            assert violation.agreement == gold
            assert (
                violation.text == f"Your {fresh.number} should be solved by 4 May 2026, 17:00 UTC."
            )
            assert first_fault(violation) is None
            entry = violation.entries.get()
            assert (entry.verb, str(entry.actor), entry.via) == (
                "violations.record",
                "Evenkeel",
                "job",
            )
            assert SearchRow.objects.filter(record=violation.pk).exists()
        numbers = Violation.objects.order_by("pk").values_list("number", flat=True)
        assert [int(one.partition("-")[2]) for one in numbers] == list(range(1, len(numbers) + 1))
        assert thresholds.tell_all(at=LATE) == 0

    def test_ask_the_database_as_often_for_many_as_for_two(
        self, gold: Agreement, rita: User, sam: User
    ) -> None:
        counts = []
        for several in (2, 6):
            running(rita, sam, several)
            with CaptureQueriesContext(connection) as asked:
                assert thresholds.tell_all(at=LATE) == several
            counts.append(len(asked))
            # Whoever works on a case neither waits for all the others nor holds them up.
            assert any("FOR UPDATE SKIP LOCKED" in one["sql"] for one in asked)
        assert counts[0] == counts[1]

    def test_are_told_one_by_one_where_one_is_refused(
        self, gold: Agreement, rita: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad, *good = running(rita, sam, 3)

        def refuse(record: Record, entry: Entry) -> None:
            if record.pk == bad.record.pk:
                raise Invalid({"": ["Not this one."]})

        monkeypatch.setattr(action, "within", [*action.within, refuse])
        assert thresholds.tell_all(at=LATE) == 2
        assert [one.fresh.is_breached for one in (bad, *good)] == [False, True, True]
        assert Violation.objects.filter(level="actual").count() == 2
