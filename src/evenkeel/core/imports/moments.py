"""Moments as other systems write them, in their own local time, read into UTC.

Local time has two faults: when summer time ends an hour comes twice, when it begins an hour is
left out. The profile says what is meant; nothing is guessed in silence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_PARTS = {
    "year": r"(?P<year>\d{4})",
    "month": r"(?P<month>\d{1,2})",
    "day": r"(?P<day>\d{1,2})",
    "hour": r"(?P<hour>\d{1,2})",
    "minute": r"(?P<minute>\d{2})",
    "second": r"(?P<second>\d{2})",
}


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

    def in_utc(self, local: datetime) -> datetime:
        """The moment of a local time."""
        if self.zone is UTC:
            return local.replace(tzinfo=UTC)
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

    def read(text: str) -> datetime:
        found = match(text.strip())
        if not found:
            raise Unreadable(f"is not a moment; expected {shape}")
        try:
            local = datetime(**{n: int(found[n]) for n in names})  # type: ignore[arg-type]
        except ValueError as error:
            raise Unreadable(f"is not in the calendar: {error}") from error
        return clock.in_utc(local)

    return read


def _pattern(shape: str) -> tuple[list[str], str]:
    names: list[str] = []
    pieces = []
    for piece in re.split(r"([a-z]+)", shape):
        if piece in names:
            raise ValueError(f'"{piece}" stands twice in "{shape}"')
        if piece in _PARTS:
            names.append(piece)
            pieces.append(_PARTS[piece])
        elif piece.isalpha() and len(piece) > 1:
            raise ValueError(f'"{piece}" is none of {", ".join(_PARTS)}')
        else:
            pieces.append(re.escape(piece))
    if missing := [part for part in ("year", "month", "day") if part not in names]:
        raise ValueError(f'"{shape}" does not say where the {missing[0]} stands')
    return names, "".join(pieces)


def _name(zone: tzinfo) -> str:
    return zone.key if isinstance(zone, ZoneInfo) else str(zone)
