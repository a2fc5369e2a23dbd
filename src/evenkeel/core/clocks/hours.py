"""The open seconds of a calendar in a zone: how many lie between two moments, and where one ends.

A moment is a whole number of seconds since 1970 (UTC). It is open when the clock on the wall shows
a time within the hours of the day that it shows; so an hour that spring skips is never open, and
one that autumn repeats is open twice. What a year holds is worked out once and then looked up.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from evenkeel.core.clocks.calendar import Calendar

DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FARTHEST = 100  # years that a target may take; beyond, it is never reached


class Year(NamedTuple):
    """The open spans of a year (UTC), in order, and the open seconds before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]

    def until(self, moment: int) -> int:
        """How many open seconds of the year lie before a moment."""
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0
        return self.before[place] + min(moment, self.ends[place]) - self.starts[place]

    def after(self, seconds: int) -> int | None:
        """When so many open seconds of the year have passed, at the earliest; at least one."""
        place = bisect_right(self.before, seconds - 1) - 1
        if not self.starts or seconds > self.before[-1] + self.ends[-1] - self.starts[-1]:
            return None
        return self.starts[place] + seconds - self.before[place]


class Hours:
    """The open seconds of one calendar in one zone."""

    def __init__(self, calendar: Calendar, zone: str = "") -> None:
        self.calendar, self.zone = calendar, ZoneInfo(zone or calendar.zone)
        self._years: dict[int, Year] = {}

    def count(self, start: int, end: int) -> int:
        """How many open seconds lie between two moments; none where the end is not later."""
        if end <= start:
            return 0
        first, last = _year(start), _year(end)
        counted = self._of(last).until(end) - self._of(first).until(start)
        return counted + sum(self._of(year).until(_begin(year + 1)) for year in range(first, last))

    def reach(self, start: int, seconds: int) -> int | None:
        """When so many open seconds have passed since a moment; None where they never do."""
        if seconds <= 0:
            return start
        first = _year(start)
        wanted = seconds + self._of(first).until(start)
        for year in range(first, first + _FARTHEST):
            if (found := self._of(year).after(wanted)) is not None:
                return found
            wanted -= self._of(year).until(_begin(year + 1))
        return None

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The open spans between two moments, as long as they can be."""
        held: tuple[int, int] | None = None
        for opens, closes in self._spans(start, end):
            if held and held[1] == opens:
                held = held[0], closes
                continue
            if held:
                yield held
            held = opens, closes
        if held:
            yield held

    def _spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The same, cut at the turn of each year."""
        for year in range(_year(start), _year(end) + 1):
            found = self._of(year)
            for place in range(bisect_right(found.ends, start), len(found.starts)):
                if found.starts[place] >= end:
                    return
                yield max(found.starts[place], start), min(found.ends[place], end)

    def on_the_wall(self, moment: int) -> datetime:
        """What the clock on the wall shows then."""
        return datetime.fromtimestamp(moment, self.zone)

    def _of(self, year: int) -> Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._worked_out(year)
        return found

    def _worked_out(self, year: int) -> Year:
        spans: list[list[int]] = []
        for start, end, offset in _pieces(self.zone, _begin(year), _begin(year + 1)):
            for opens, closes in self._on_days(start + offset, end + offset):
                if spans and spans[-1][1] == opens - offset:
                    spans[-1][1] = closes - offset
                else:
                    spans.append([opens - offset, closes - offset])
        lengths = (end - start for start, end in spans)
        starts, ends = [span[0] for span in spans], [span[1] for span in spans]
        return Year(starts, ends, list(accumulate(lengths, initial=0))[:-1])

    def _on_days(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The open spans between two moments, all of them as the clock on the wall shows them."""
        for day in range(start // DAY, (end - 1) // DAY + 1):
            for opens, closes in self.calendar.on(date.fromordinal(day + _EPOCH_ORDINAL)):
                first, last = day * DAY + opens * 60, day * DAY + closes * 60
                if max(first, start) < min(last, end):
                    yield max(first, start), min(last, end)


def _pieces(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretches between two moments in which the zone keeps its distance from UTC."""
    since, offset = start, _offset(zone, start)
    for day in range(start, end, DAY):
        following = min(day + DAY, end)
        if _offset(zone, following) != offset:
            turn = _turn(zone, day, following)
            yield since, turn, offset
            since, offset = turn, _offset(zone, turn)
    if since < end:
        yield since, end, offset


def _turn(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second at which the distance is no longer that of `low`."""
    offset = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return high


def _offset(zone: ZoneInfo, moment: int) -> int:
    distance = datetime.fromtimestamp(moment, zone).utcoffset()
    return int(distance.total_seconds()) if distance else 0


def _year(moment: int) -> int:
    return datetime.fromtimestamp(moment, UTC).year


def _begin(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
