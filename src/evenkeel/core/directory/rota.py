"""Who of a team is on duty at a moment: a pure reading of its rota (PR9.3, ISRM-08).

A rota has layers in the order in which they are called. The people of a layer take turns of whole
days; a turn is handed over when the clock on the wall of the layer's zone shows the time. A time
that autumn repeats is meant the first time, one that spring skips as much later as the clock is put
forward (as RFC 5545 has it), so that each turn has exactly one beginning.
"""

import itertools
import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

DAY = 24 * 60  # minutes
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
HOURS_ARE = "Write them as “Mon-Fri 17:00-08:00, Sat-Sun 00:00-24:00”."


class Window(NamedTuple):
    """Hours on some days of the week, in minutes; over midnight, `closes` is beyond the day."""

    days: frozenset[int]  # 0 is Monday
    opens: int
    closes: int


class Layer(msgspec.Struct, forbid_unknown_fields=True):
    """People who take turns; accounts by key."""

    people: list[int]
    begins: date  # of the first turn
    at: int  # minutes after midnight at which a turn is handed over
    days: int  # of a turn
    zone: str
    hours: str = ""  # always


class StandIn(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody else from a moment to another: a swap, a holiday."""

    key: int
    layer: int  # 1 is called first
    person: int
    starts: datetime
    ends: datetime
    reason: str
    instead_of: int | None = None  # only while it is their turn; None: whoever's it is


class Rota(msgspec.Struct, forbid_unknown_fields=True):
    """The layers in order of call; of several stand-ins for a moment the last one counts."""

    layers: list[Layer] = []
    stand_ins: list[StandIn] = []


class Duty(NamedTuple):
    """Who is on duty in a layer; nobody outside its hours, or where whoever is named has left."""

    layer: int
    person: int | None
    turn_of: int | None = None  # whose turn it is by the layer
    missing: int | None = None  # whoever is named and has left: a gap

    @property
    def is_gap(self) -> bool:
        """Should somebody be on duty who is not there any more?"""
        return self.missing is not None


class Span(NamedTuple):
    """The same duty from a moment to another."""

    starts: datetime
    ends: datetime
    duty: Duty


def read(kept: object) -> Rota:
    """A rota as a team keeps it."""
    return msgspec.convert(kept or {}, Rota)


def windows(hours: str) -> list[Window]:
    """The hours in which a layer is on duty; none is always. Raises ValueError with the reason."""
    return [_window(part) for part in hours.lower().split(",") if part.strip()]


def _window(text: str) -> Window:
    found = _HOURS.fullmatch(" ".join(text.split()))
    if not found or not {found[1], found[2] or found[1]} <= set(DAYS):
        raise ValueError(HOURS_ARE)
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    opens, closes = (int(found[i]) * 60 + int(found[i + 1]) for i in (3, 5))
    if opens >= DAY or closes > DAY or int(found[4]) > 59 or int(found[6]) > 59:
        raise ValueError("A time is 00:00 to 24:00.")
    days = frozenset((first + i) % 7 for i in range((last - first) % 7 + 1))
    return Window(days, opens, closes if closes > opens else closes + DAY)


def moment(day: date, minutes: int, zone: str) -> datetime:
    """When the clock on the wall shows so many minutes after the midnight of a day."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def on_duty(rota: Rota, at: datetime, left: Collection[int] = ()) -> list[Duty]:
    """Who is on duty at a moment, layer by layer; `left` are accounts that are there no more."""
    return [_duty(rota, number, at, left) for number in range(1, len(rota.layers) + 1)]


def _duty(rota: Rota, number: int, at: datetime, left: Collection[int]) -> Duty:
    layer = rota.layers[number - 1]
    turn = _turn(layer, at)
    if turn < 0 or not _is_open(layer, at):
        return Duty(number, None)
    own = named = layer.people[turn % len(layer.people)]
    for one in rota.stand_ins:
        for_own = one.instead_of is None or one.instead_of == own
        if one.layer == number and one.starts <= at < one.ends and for_own:
            named = one.person
    return Duty(number, None, own, named) if named in left else Duty(number, named, own)


def _turn(layer: Layer, at: datetime) -> int:
    """The how many-th turn it is, from 0 on; below 0 before the first."""
    today = at.astimezone(ZoneInfo(layer.zone)).date()
    turn = (today - layer.begins).days // layer.days
    return turn if _hand_over(layer, turn) <= at else turn - 1


def _hand_over(layer: Layer, turn: int) -> datetime:
    return moment(layer.begins + timedelta(days=turn * layer.days), layer.at, layer.zone)


def _is_open(layer: Layer, at: datetime) -> bool:
    today = at.astimezone(ZoneInfo(layer.zone)).date()
    open_now = (
        moment(day, one.opens, layer.zone) <= at < moment(day, one.closes, layer.zone)
        for one in windows(layer.hours)
        for day in (today - timedelta(days=1), today)
        if day.weekday() in one.days
    )
    return not layer.hours or any(open_now)


def spans(
    rota: Rota, number: int, start: datetime, end: datetime, left: Collection[int] = ()
) -> Iterator[Span]:
    """The duties of a layer between two moments, each as long as it can be."""
    edges = sorted({start, end, *(e for e in _edges(rota, number, start, end) if start < e < end)})
    held: Span | None = None
    for opens, closes in itertools.pairwise(edges):
        duty = _duty(rota, number, opens, left)
        if held and held.duty == duty:
            held = held._replace(ends=closes)
            continue
        if held:
            yield held
        held = Span(opens, closes, duty)
    if held:
        yield held


def _edges(rota: Rota, number: int, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment at which the duty of a layer may change."""
    layer = rota.layers[number - 1]
    for turn in range(max(_turn(layer, start), 0), _turn(layer, end) + 1):
        yield _hand_over(layer, turn)
    for one in rota.stand_ins:
        if one.layer == number:
            yield from (one.starts, one.ends)
    parts = windows(layer.hours)
    for ahead in range(-2, (end - start).days + 3):
        day = start.date() + timedelta(days=ahead)
        for part in parts:
            if day.weekday() in part.days:
                yield moment(day, part.opens, layer.zone)
                yield moment(day, part.closes, layer.zone)
