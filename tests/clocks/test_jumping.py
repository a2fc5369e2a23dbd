"""The clock of the machine jumps back or ahead: work goes on, and the evidence stays sound."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.clocks.models import Clock
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.sealing import first_fault
from tests.clocks.conftest import Agreeing, Case, after

pytestmark = pytest.mark.django_db
GOLD = "P2: response 1 h, resolution 8 h, update 4 h"


@pytest.fixture(autouse=True)
def gold(agree: Agreeing, customer: Any) -> Any:
    return agree("Gold", GOLD, organisation=customer)


def sound(case: Case) -> None:
    """Every chain holds and has no gap, and no clock has counted below nothing."""
    assert first_fault(case.record) is None
    for clock in Clock.objects.filter(record=case.record.pk):
        assert clock.elapsed >= 0, clock
    positions = Entry.objects.filter(record=case.record.pk).order_by("pk")
    numbers = list(positions.values_list("position", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


class TestAClockThatJumps:
    @pytest.mark.parametrize(
        "moments",
        [
            (after(3), after(2), after(1.5), after(1), after(0.5)),  # back, again and again
            (after(1), after(days=30), after(1.5), after(2), after(2.5)),  # far ahead, and back
            (after(-5), after(-4), after(1), after(-3), after(2)),  # before it was recorded
        ],
    )
    def test_keeps_nobody_from_their_work(
        self, case: Case, sam: User, rita: User, moments: tuple[datetime, ...]
    ) -> None:
        first, second, third, fourth, fifth = moments
        case.work(first).prioritise(2, first).say(second)
        case.do("put_on_hold", second, hold_reason="supplier").do("resume", third)
        case.do("resolve", fourth, solution="Restarted")
        assert case.fresh.state == "resolved"
        sound(case)
        case.do("close", fifth, by=rita)
        assert case.fresh.state == "closed"
        sound(case)

    def test_leaves_pages_that_can_be_read(self, case: Case, sam: User) -> None:
        case.work(after(3)).prioritise(2, after(2)).say(after(1))
        browser = Client()
        browser.force_login(sam)
        for address in (
            case.record.url,
            f"{case.record.url}clock/resolution/",
            "/incidents/",
            "/incidents/?as=board&sort=due_at",
            "/board/",
            "/",
        ):
            assert browser.get(address).status_code == 200, address
