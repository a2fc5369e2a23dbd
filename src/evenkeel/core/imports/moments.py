"""Moments as other systems write them, in their own local time, read into UTC.

Local time has two faults: when summer time ends an hour comes twice, when it begins an hour is
left out. The profile says what is meant; nothing is guessed in silence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from operator import itemgetter
from zoneinfo import ZoneInfo

_PARTS = {
    "year": r"(?P<year>\d{4})",
    "month": r"(?P<month>\d{1,2})",
    "day": r"(?P<day>\d{1,2})",
    "hour": r"(?P<hour>\d{1,2})",
    "minute": r"(?P<minute>\d{2})",
    "second": r"(?P<second>\d{2})",
}
# Other ways of writing a part: "15/Jan/24 3:04 PM" is day/monthname/shortyear hour:minute half.
_WRITTEN = {
    "monthname": ("month", r"(?P<month>[A-Za-z]{3})"),
    "shortyear": ("year", r"(?P<year>\d{2})"),
    "half": ("half", r"(?P<half>[AaPp][Mm])"),
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class Unreadable(ValueError):
    """The cell does not say what its column should; the message says why."""


@dataclass(frozen=True)
class LocalTime:
    """The zone of a system's clock, and what its two faults mean.

    twice: "first", "second" or "refuse"; skipped: "later" (as if the clock had not been moved on)
    or "refuse".
    """

    zone: tzinfo = UTC
    twice: str = "first"
    skipped: str = "refuse"
    offsets: dict[date, timedelta] = field(default_factory=dict)  # of days without a fault

    def in_utc(self, local: datetime) -> datetime:
        """The moment of a local time."""
        day = local.date()
        offset = self.offsets.get(day)
        if offset is None:
            if not self._is_even(day):
                return self._in_utc(local)
            offset = local.replace(tzinfo=self.zone).utcoffset() or timedelta()
            self.offsets[day] = offset
        return (local - offset).replace(tzinfo=UTC)

    def _is_even(self, day: date) -> bool:
        """Is the clock left alone on this day and the days beside it?"""
        noon = datetime(day.year, day.month, day.day, 12)
        around = (noon - timedelta(days=1), noon, noon + timedelta(days=1))
        return len({one.replace(tzinfo=self.zone).utcoffset() for one in around}) == 1

    def _in_utc(self, local: datetime) -> datetime:
        first, second = (local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        before, after = (local.utcoffset() or timedelta() for local in (first, second))
        if before == after:
            return first.astimezone(UTC)
        if before > after:
            return self._twice(first, second)
        if self.skipped == "refuse":
            raise Unreadable(f"never was in {_name(self.zone)}: the clock went on by an hour then")
        return first.astimezone(UTC)

    def _twice(self, first: datetime, second: datetime) -> datetime:
        if self.twice == "refuse":
            raise Unreadable(f"came twice in {_name(self.zone)}: the clock went back by an hour")
        return (first if self.twice == "first" else second).astimezone(UTC)


def moment_reader(shape: str, clock: LocalTime) -> Callable[[str], datetime]:
    """A reader for moments written like `shape`, e.g. "day/month/year hour:minute:second".

    Leading zeros of day, month and hour may be left out. Raises ValueError for a wrong shape.
    """
    names, pattern = _pattern(shape)
    match = re.compile(pattern, re.ASCII).fullmatch
    pick = itemgetter(*(part for part in _PARTS if part in names))
    is_plain = not any(word in shape for word in _WRITTEN)

    def read(text: str) -> datetime:
        found = match(text.strip())
        if not found:
            raise Unreadable(f"is not a moment; expected {shape}")
        try:
            year, month, day, *rest = map(int, pick(found if is_plain else _plainly(found)))
            return clock.in_utc(datetime(year, month, day, *rest))  # type: ignore[arg-type]
        except Unreadable:
            raise
        except (ValueError, OverflowError) as error:
            raise Unreadable(f"is not in the calendar: {error}") from error

    return read


def _pattern(shape: str) -> tuple[list[str], str]:
    names: list[str] = []
    pieces = []
    for piece in re.split(r"([a-z]+)", shape):
        if piece in _PARTS or piece in _WRITTEN:
            part, written = _WRITTEN.get(piece) or (piece, _PARTS[piece])
            if part in names:
                raise ValueError(f'"{part}" stands twice in "{shape}"')
            names.append(part)
            pieces.append(written)
        elif piece.isalpha() and len(piece) > 1:
            raise ValueError(f'"{piece}" is none of {", ".join([*_PARTS, *_WRITTEN])}')
        else:
            pieces.append(re.escape(piece))
    _check_parts(shape, names)
    return names, "".join(pieces)


def _check_parts(shape: str, names: list[str]) -> None:
    known = [part for part in _PARTS if part in names]
    if len(known) < 3 or known != list(_PARTS)[: len(known)]:
        missing = next(part for part in _PARTS if part not in names)
        raise ValueError(f'"{shape}" does not say where the {missing} stands')
    if "half" in names and "hour" not in names:
        raise ValueError(f'"{shape}" says which half of the day, and not which hour')


def _plainly(found: re.Match[str]) -> dict[str, str]:
    """The parts as numbers of a day of 24 hours; raises Unreadable for what is none."""
    parts = found.groupdict()
    if parts["month"].isalpha():
        name = parts["month"].lower()
        if name not in _MONTHS:
            raise Unreadable(f"names no month; expected one of {', '.join(_MONTHS)}")
        parts["month"] = str(_MONTHS.index(name) + 1)
    if len(parts["year"]) == 2:
        parts["year"] = f"20{parts['year']}"
    if half := parts.pop("half", None):
        hour = int(parts["hour"])
        if not 1 <= hour <= 12:
            raise Unreadable("has an hour that is not of a clock of 12 hours")
        parts["hour"] = str(hour % 12 + 12 * (half.lower() == "pm"))
    return parts


def _name(zone: tzinfo) -> str:
    return zone.key if isinstance(zone, ZoneInfo) else str(zone)
