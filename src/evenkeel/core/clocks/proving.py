"""Proving the engine: random worlds and histories, each held against the naive simulator.

A world is a calendar in a zone at a time of year that has something awkward in it: a change of the
clocks, the turn of the year, holidays. Moments are whole minutes there, so that both can agree.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

from evenkeel.core.clocks import derivation, simulator
from evenkeel.core.clocks.calendar import DAYS, Calendar
from evenkeel.core.clocks.engine import Act, Reading, Turn, read
from evenkeel.core.clocks.hours import Hours

# Zones with a change of the clocks at night, at midnight, by half an hour, to the west and the east
# of the date line; and some that never change.
ZONES = (
    *("UTC", "Europe/Amsterdam", "Europe/London", "America/New_York", "America/St_Johns"),
    *("America/Santiago", "America/Havana", "Asia/Beirut", "Asia/Kathmandu", "Africa/Cairo"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati"),
)
# Days before the clocks change somewhere, or the year.
BEGINNINGS = tuple(
    date.fromisoformat(day)
    for day in (
        *("2026-03-05", "2026-03-20", "2026-03-31", "2026-04-15", "2026-08-28", "2026-09-28"),
        *("2026-10-15", "2026-10-28", "2026-12-20", "2024-02-20", "2013-10-18"),
    )
)
_ACTS = (Act.PAUSE, Act.RESUME, Act.PAUSE, Act.RESUME, Act.STOP, Act.RESTART, Act.CANCEL, Act.START)
_LATEST = 14 * 24 * 60  # minutes of the window in which things happen


class World(NamedTuple):
    """A calendar in a zone from a moment on, as the engine and as the simulator see it."""

    hours: Hours
    start: int
    opened: bytearray


class History(NamedTuple):
    """Turns, target and the present, in minutes of the world."""

    turns: list[Turn]
    target: int
    now: int


def world(chance: Random) -> World:
    """A calendar with some intervals a day, days that differ, in some zone and time of year."""
    begins, zone = chance.choice(BEGINNINGS), chance.choice(ZONES)
    days = [f"{begins + timedelta(days=chance.randrange(28))} Feast" for _ in range(3)]
    days += [f"{begins + timedelta(days=chance.randrange(28))} {_day(chance)}" for _ in range(2)]
    week = "; ".join(f"{day} {_day(chance)}" for day in DAYS if chance.random() < 0.8)
    hours = "24x7" if chance.random() < 0.1 or not week else week
    calendar = Calendar("Random", hours, zone, days=days if chance.random() < 0.7 else [])
    start = int(datetime(begins.year, begins.month, begins.day, tzinfo=UTC).timestamp())
    return World(Hours(calendar), start, simulator.open_minutes(calendar, zone, start))


def _day(chance: Random) -> str:
    """One to three intervals; often they begin or end at an hour in which clocks change."""
    pool = (0, 60, 90, 120, 150, 180, 480, 720, 780, 1080, 1380, 1440, chance.randrange(1441))
    marks = sorted(chance.sample(sorted(set(pool)), 2 * chance.randint(1, 3)))
    pairs = zip(marks[::2], marks[1::2], strict=True)
    return " ".join(f"{_time(start)}-{_time(end)}" for start, end in pairs)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def history(chance: Random) -> History:
    """A start, turns in order, some at the same minute, and a present after some of them."""
    moments = sorted(chance.randrange(_LATEST) for _ in range(chance.randrange(9)))
    start = chance.randrange(moments[0] + 1) if moments else 0
    turns = [Turn(start, Act.START), *(Turn(at, chance.choice(_ACTS)) for at in moments)]
    now = chance.randrange(start, _LATEST)
    return History(turns, chance.choice((4, 16, 60, 240, 480, 1440, 5760)), now)


def read_in(place: World, told: History, now: int | None = None) -> Reading:
    """What the engine says about a history of this world."""
    turns = [Turn(place.start + 60 * at, act) for at, act, _ in told.turns]
    moment = place.start + 60 * (told.now if now is None else now)
    return read(turns, 60 * told.target, place.hours, moment)


def differences(place: World, told: History) -> Iterator[str]:
    """Where the engine, its derivation and the simulator disagree, in words."""
    reading = read_in(place, told)
    naive = simulator.simulate(told.turns, told.target, place.opened, told.now)
    pairs: dict[str, tuple[object, object]] = {
        "phase": (str(reading.phase), naive.phase),
        "elapsed": (reading.elapsed, 60 * naive.elapsed),
        "warned": (reading.warned, _moment(place, naive.warned)),
        "breached": (reading.breached, _moment(place, naive.breached)),
        "the sum of the derivation": (
            sum(step.counted for step in derivation.steps(reading, place.hours)),
            reading.elapsed,
        ),
    }
    end = place.start + 60 * simulator.WINDOW
    if naive.due is not None or (reading.due or 0) <= end:  # what lies beyond is not simulated
        pairs["due"] = (reading.due, _moment(place, naive.due))
    pairs |= _laws(place, told, reading)
    for name, (found, expected) in pairs.items():
        if found != expected:
            yield f"{name}: {found} instead of {expected} for {told} in {place.hours.calendar}"


def _laws(place: World, told: History, reading: Reading) -> dict[str, tuple[object, object]]:
    """What holds of every clock: asked again it says the same, it never goes back, nor below 0."""
    half = told.now // 2
    before = read_in(place, told, half)
    anew = any(turn.act == Act.RESTART and half < turn.at <= told.now for turn in told.turns)
    counted = [step.counted for step in derivation.steps(reading, place.hours)]
    return {
        "asked again": (read_in(place, told), reading),
        "less than before": (not anew and before.elapsed > reading.elapsed, False),
        "below nothing": (min([reading.elapsed, before.elapsed, *counted]) < 0, False),
    }


def _moment(place: World, minute: int | None) -> int | None:
    return None if minute is None else place.start + 60 * minute


def prove(count: int, seed: int, each: int = 500) -> Iterator[tuple[int, list[str]]]:
    """Compare so many histories; after each world, how many are done and what disagreed in it."""
    chance, done = Random(seed), 0  # noqa: S311  (to be repeated, not to be secret)
    while done < count:
        place = world(chance)
        faults: list[str] = []
        for _ in range(min(each, count - done)):
            faults += differences(place, history(chance))
            done += 1
        yield done, faults
