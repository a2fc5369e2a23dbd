"""The course of a clock: what counted, what was paused, and what will count by a later moment.

Arithmetic without tables. What lies ahead is counted by the hours of the clock itself, as if it ran
on.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from evenkeel.core.clocks.calendar import next_day
from evenkeel.core.clocks.engine import Phase, Reading
from evenkeel.core.clocks.hours import Hours

_FARTHEST = 400  # days without service hours that are passed over


class Sort(StrEnum):
    """What a part of a course is."""

    COUNTED = "counted"
    OVER = "over"  # counted, beyond the target
    PAUSED = "paused"
    AHEAD = "ahead"  # will have counted
    LATE = "late"  # will have counted, beyond the target


class Part(NamedTuple):
    """So many open seconds of one sort."""

    sort: Sort
    seconds: int


class Course(NamedTuple):
    """How a clock came to where it is, and where it will stand at a moment if it runs on."""

    target: int
    parts: tuple[Part, ...]  # in their order; neighbours differ
    counted: int
    expected: int  # counted at that moment; what does not run stands still

    @property
    def paused(self) -> int:
        """The open seconds that were not counted."""
        return sum(part.seconds for part in self.parts if part.sort == Sort.PAUSED)

    @property
    def share(self) -> int:
        """Per cent of the target that are used; 100 only where all of it is."""
        return 100 * self.counted // self.target

    @property
    def expected_share(self) -> int:
        """The same at that moment."""
        return 100 * self.expected // self.target

    @property
    def whole(self) -> int:
        """All of it, with what will be left of the target."""
        return sum(part.seconds for part in self.parts) + max(0, self.target - self.expected)

    @property
    def line(self) -> int:
        """After how many seconds of the whole the target is used up."""
        beyond = (Sort.OVER, Sort.LATE)
        passed = 0
        for part in self.parts:
            if part.sort in beyond:
                return passed
            passed += part.seconds
        return self.whole


def course(reading: Reading, target: int, hours: Hours, until: int) -> Course:
    """The course of a clock up to where it was read, and on to a later moment."""
    found: list[Part] = []
    counted = 0
    for stretch in reading.stretches:
        if stretch.phase == Phase.PAUSED:
            found.append(Part(Sort.PAUSED, hours.count(stretch.start, stretch.end)))
        else:
            found += _split(counted, stretch.counted, target, Sort.COUNTED, Sort.OVER)
            counted += stretch.counted
    more = 0
    if reading.phase == Phase.RUNNING:
        more = hours.count(reading.stretches[-1].end, until)
        found += _split(counted, more, target, Sort.AHEAD, Sort.LATE)
    return Course(target, tuple(_joined(found)), counted, counted + more)


def _split(before: int, seconds: int, target: int, within: Sort, beyond: Sort) -> Iterator[Part]:
    """What of it lies within the target, and what beyond it."""
    left = min(seconds, max(0, target - before))
    yield Part(within, left)
    yield Part(beyond, seconds - left)


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Neighbours of one sort as one; nothing is left out."""
    held: Part | None = None
    for part in (part for part in parts if part.seconds):
        if held and held.sort == part.sort:
            held = Part(held.sort, held.seconds + part.seconds)
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def closing(hours: Hours, after: int, days: int = 0) -> int:
    """When the service hours of a day end: of this one or the next that has any, or of a later one.

    Where there are none for a year, it is the moment itself.
    """
    return next(islice(_closings(hours, after), days, None), after)


def _closings(hours: Hours, after: int) -> Iterator[int]:
    day = hours.on_the_wall(after).date()
    for _ in range(_FARTHEST):
        begins = max(after, _midnight(day, hours))
        day = next_day(day)
        for _, closes in list(hours.spans(begins, _midnight(day, hours)))[-1:]:
            yield closes


def _midnight(day: date, hours: Hours) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=hours.zone).timestamp())
