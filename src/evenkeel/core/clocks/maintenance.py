"""Agreed maintenance: when a service may be away, so that no clock counts it as a fault (R-09).

It is written as hours are: "Sun 02:00-06:00", a line for each weekday or range of them, and
"2026-12-24 20:00-24:00" for a day of its own, whose hours hold instead of those of its weekday.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from evenkeel.core.clocks.agreeing import Terms
from evenkeel.core.clocks.calendar import Calendar, Unclear
from evenkeel.core.clocks.calendars import version_at
from evenkeel.core.clocks.hours import DAY, Hours
from evenkeel.core.clocks.models import moment_of, seconds_of
from evenkeel.core.schemes.models import SchemeVersion

_AROUND = 14 * DAY  # on either side; what is agreed for longer is cut there
Window = tuple[datetime, datetime]


def read(text: str) -> str:
    """The same, a line each and none empty. Raises Unclear, saying what would be understood."""
    lines = [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]
    calendar = _calendar("\n".join(lines))
    unclear = [str(day) for day, (hours, _) in calendar.differing.items() if not hours]
    if unclear:
        raise Unclear(f"{unclear[0]} names no hours; a line is “2026-12-24 20:00-24:00”.")
    calendar.week  # noqa: B018  (reading it is the test)
    return "\n".join(lines)


def hours_of(terms: Terms, version: SchemeVersion) -> Hours | None:
    """The maintenance that is agreed, as open hours in the zone of a version of its calendar."""
    if not terms.maintenance:
        return None
    return _hours(terms.maintenance, terms.zone or version.read.named(terms.calendar).zone)


@dataclass(frozen=True)
class Attended:
    """The agreed hours without the maintenance that is agreed: what is counted of a service."""

    hours: Hours
    maintained: Hours | None = None

    def count(self, start: int, end: int) -> int:
        """How many of its seconds lie between two moments."""
        left_out = self.maintained.spans(start, end) if self.maintained else ()
        return self.hours.count(start, end) - sum(self.hours.count(*span) for span in left_out)


def window_at(terms: Terms, at: datetime) -> Window | None:
    """From when and until when maintenance is agreed that goes on at a moment; None: none does."""
    version = version_at(terms.calendar, at) if terms.maintenance else None
    moment, hours = seconds_of(at), hours_of(terms, version) if version else None
    if hours is None:
        return None
    for begins, ends in hours.spans(moment - _AROUND, moment + _AROUND):
        if begins <= moment < ends:
            return _moment(begins), _moment(ends)
    return None


@lru_cache(maxsize=256)
def _hours(text: str, zone: str) -> Hours:
    return Hours(_calendar(text, zone))


def _calendar(text: str, zone: str = "UTC") -> Calendar:
    lines = text.splitlines()
    days = [line for line in lines if line[:1].isdecimal()]
    week = [line for line in lines if not line[:1].isdecimal()]
    return Calendar("Maintenance", "; ".join(week), zone, days=days)


def _moment(seconds: int) -> datetime:
    found = moment_of(seconds)
    assert found is not None  # noqa: S101  (there is a moment for every number)
    return found
