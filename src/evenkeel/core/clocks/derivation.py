"""How a clock came to what it shows, step by step; what the steps count is what it shows."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from evenkeel.core.clocks.calendar import next_day
from evenkeel.core.clocks.engine import Phase, Reading, Stretch
from evenkeel.core.clocks.hours import Hours


class Step(NamedTuple):
    """One line of a derivation: when, what, and how many seconds of it count."""

    start: int
    end: int
    what: str  # "counted", "paused", "closed", "stopped", "cancelled"
    words: str
    counted: int


def steps(reading: Reading, hours: Hours) -> Iterator[Step]:
    """Every step since the clock started or began anew, oldest first."""
    for stretch in reading.stretches:
        if stretch.phase == Phase.RUNNING:
            yield from _running(stretch, hours)
        elif stretch.phase == Phase.PAUSED:
            yield _paused(stretch, hours)
        else:
            yield Step(stretch.start, stretch.end, str(stretch.phase), _ended(stretch, hours), 0)


def _running(stretch: Stretch, hours: Hours) -> Iterator[Step]:
    spans = list(hours.spans(stretch.start, stretch.end))
    edges = [(stretch.start, stretch.start), *spans, (stretch.end, stretch.end)]
    for (_, closed), (opens, closes) in pairwise(edges):
        yield from _off(closed, opens, hours)
        if opens < closes:
            counted = closes - opens
            words = f"{_span(opens, closes, hours)} counted, {duration(counted)}"
            yield Step(opens, closes, "counted", words + _shift(opens, closes, hours), counted)


def _off(start: int, end: int, hours: Hours) -> Iterator[Step]:
    """The days between two spans on which it would be open, were it not for something."""
    if start >= end:
        return
    day, last = hours.on_the_wall(start).date(), hours.on_the_wall(end - 1).date()
    while day <= last:
        why = hours.calendar.why_other(day)
        if why and not hours.calendar.on(day) and hours.calendar.week[day.weekday()]:
            yield Step(start, end, "closed", f"{_day(day)} closed, {why}", 0)
        day = next_day(day)


def _paused(stretch: Stretch, hours: Hours) -> Step:
    missed = hours.count(stretch.start, stretch.end)
    why = f" {stretch.why}" if stretch.why else ""
    words = (
        f"{_span(stretch.start, stretch.end, hours)} paused{why}, {duration(missed)} not counted"
    )
    return Step(stretch.start, stretch.end, "paused", words, 0)


def _ended(stretch: Stretch, hours: Hours) -> str:
    if stretch.phase == Phase.CANCELLED:
        return f"{_moment(hours.on_the_wall(stretch.start))} cancelled"
    why = f": {stretch.why}" if stretch.why else ""
    if stretch.end > stretch.start:
        return f"{_span(stretch.start, stretch.end, hours)} stopped{why}, nothing counted"
    return f"{_moment(hours.on_the_wall(stretch.start))} stopped{why}"


def _span(start: int, end: int, hours: Hours) -> str:
    """ "Mon 3 Nov 2025 09:00–12:10"; the second day only where it is another."""
    first, last = hours.on_the_wall(start), hours.on_the_wall(end)
    if last.date() == next_day(first.date()) and (last.hour, last.minute, last.second) == (0, 0, 0):
        return f"{_moment(first)}–24:00"
    if first.date() == last.date():
        return f"{_moment(first)}–{_time(last)}"
    return f"{_moment(first)} – {_moment(last)}"


def _shift(start: int, end: int, hours: Hours) -> str:
    """What a change of the clocks adds to a span or takes from it."""
    first, last = hours.on_the_wall(start).utcoffset(), hours.on_the_wall(end).utcoffset()
    if first is None or last is None or first == last:
        return ""
    moved = int((last - first).total_seconds())
    forward = f"the clocks go forward by {duration(moved)}"
    return f" ({forward if moved > 0 else f'the clocks go back by {duration(-moved)}'})"


def _moment(wall: datetime) -> str:
    return f"{_day(wall.date())} {_time(wall)}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _time(wall: datetime) -> str:
    return f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"


def duration(seconds: int) -> str:
    """ "3 h 05", "12 min", "1 h 00 min 20 s": exact, so that sums can be checked by eye."""
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    if second:
        return f"{hours} h {minutes:02} min {second:02} s" if hours else f"{minutes} min {second} s"
    return f"{hours} h {minutes:02}" if hours else f"{minutes} min"
