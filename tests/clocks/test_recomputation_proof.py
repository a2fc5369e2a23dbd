"""Recomputation on random histories: what the naive simulator says by the other calendar, once."""

from random import Random
from typing import Any

import pytest

from evenkeel.core.clocks import calendars, proving, recomputing, simulator
from evenkeel.core.clocks.models import Clock, moment_of
from evenkeel.core.people.models import User
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme, in_force

pytestmark = pytest.mark.django_db
WORLDS, EACH = 12, 90  # 1,080 histories, each by two calendars


def version_of(worlds: list[proving.World]) -> int:
    """A version of the calendars that has those of these worlds."""
    sms = User.objects.the_sms()
    scheme = Scheme.objects.get(scheme_kind=calendars.NAME, context=calendars.CONTEXT)
    content: dict[str, Any] = {
        "calendars": [
            {"name": f"World {place}", "hours": one.hours.calendar.hours,
             "zone": one.hours.calendar.zone, "days": one.hours.calendar.days}
            for place, one in enumerate(worlds)
        ]
    }  # fmt: skip
    schemes.draft(scheme, by=sms, content=content, because="A proof.")
    approved: Any = schemes.approve(scheme, by=sms)
    held = in_force(calendars.NAME, calendars.CONTEXT, approved.edited_at)
    assert held is not None
    return held.pk


def worlds_of(chance: Random) -> tuple[list[proving.World], list[proving.World]]:
    """Worlds, and others in the same zone and time of year with other hours and holidays."""
    before = [proving.world(chance) for _ in range(WORLDS)]
    after = []
    for one in before:
        other = proving.world(chance).hours.calendar
        made = type(other)(other.name, other.hours, one.hours.calendar.zone, days=other.days)
        opened = simulator.open_minutes(made, made.zone, one.start)
        after.append(proving.World(type(one.hours)(made), one.start, opened))
    return before, after


def clock_of(place: int, world: proving.World, told: proving.History, version: int) -> Clock:
    """As it stands in the present of a history."""
    turns: list[Any] = [
        [world.start + 60 * at, act, ""] for at, act, _ in told.turns if at <= told.now
    ]
    made = Clock(kind="resolution", target=60 * told.target, turns=turns, calendar_id=version)
    made.calendar_name = f"World {place}"
    made.set_by(made.read(present(world, told)))
    return made


def present(world: proving.World, told: proving.History) -> Any:
    return moment_of(world.start + 60 * told.now)


def shown(clock: Clock) -> tuple[Any, ...]:
    names = ("phase", "elapsed", "due_at", "warned_at", "breached_at", "next_at", "told")
    return tuple(getattr(clock, name) for name in names)


def test_a_recomputation_says_what_a_clock_on_every_minute_does_and_the_second_moves_nothing() -> (
    None
):
    chance = Random(20_261_127)
    before, after = worlds_of(chance)
    old, new = version_of(before), version_of(after)
    moved = 0
    for place, (was, becomes) in enumerate(zip(before, after, strict=True)):
        for _ in range(EACH):
            told = proving.history(chance)
            now = present(was, told)
            clock = clock_of(place, was, told, old)
            first = shown(clock)
            moved += not recomputing.shift(clock, new, now).is_none
            naive = simulator.simulate(told.turns, told.target, becomes.opened, told.now)
            assert (clock.phase, clock.elapsed) == (naive.phase, 60 * naive.elapsed)
            expected = None if naive.breached is None else was.start + 60 * naive.breached
            assert clock.breached_at == moment_of(expected)
            once = shown(clock)
            assert recomputing.shift(clock, new, now).is_none
            assert shown(clock) == once
            recomputing.shift(clock, old, now)
            assert shown(clock) == first
    assert moved > WORLDS * EACH / 4  # the calendars do differ
