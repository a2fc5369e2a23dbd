"""Days off out of an iCalendar file (RFC 5545): those that its whole-day events name.

Files come from anywhere, so everything about them is bounded: bytes, events, days, how long an
event is, and how long its repetitions take to be worked out.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any, NamedTuple

from icalendar import Calendar as File
from icalendar import Component

from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.clocks.repeating import days_of

MOST_BYTES = 1_000_000
MOST_EVENTS = 2_000
MOST_DAYS = 2_000
LONGEST = 366  # days of an event
LONGEST_NAME = 80
EARLIEST = 1900
SLOWEST = 10.0  # seconds for all repetitions of a file
_TELLING = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_DAY = timedelta(days=1)


class Found(NamedTuple):
    """What a file says: the days it names, in their order; and which events it tells in vain."""

    days: dict[str, str]  # "2026-12-24" -> "Christmas closure"
    refused: list[str]  # sentences


def read(data: bytes, first: date, last: date) -> Found:
    """The days off from `first` to `last`. Raises Unclear where the file as a whole is of no use.

    An event that cannot be understood is refused by its name with a reason; the others stand.
    """
    events = _events(data)
    replaced = {_key(event) for event in events if "RECURRENCE-ID" in event}
    days: dict[str, str] = {}
    refused: list[str] = []
    until = time.monotonic() + SLOWEST
    for place, event in enumerate(events, 1):
        name = _name(event) or f"event {place}"
        if time.monotonic() > until:
            raise Unclear("It takes too long to work out how its events repeat.")
        try:
            named = {day.isoformat() for day in _off(event, replaced, first, last)}
            if len(named | days.keys()) > MOST_DAYS:
                raise Unclear(f"with it there would be more than {MOST_DAYS:,} days off.")
            days = dict.fromkeys(sorted(named), name) | days
        except ValueError as unclear:
            refused.append(f"“{name}” is not read: {unclear}")
    return Found(dict(sorted(days.items())), refused)


def _events(data: bytes) -> list[Component]:
    if len(data) > MOST_BYTES:
        raise Unclear(f"It has more than {MOST_BYTES:,} bytes; a calendar of days off has fewer.")
    try:
        files = File.from_ical(data, multiple=True)
    except (ValueError, KeyError, IndexError, RecursionError):
        files = []
    found = [one for file in files if file.name == "VCALENDAR" for one in file.subcomponents]
    if not any(file.name == "VCALENDAR" for file in files):
        raise Unclear("It is no whole iCalendar file: it has no BEGIN and END of a VCALENDAR.")
    events = [one for one in found if one.name == "VEVENT"]
    if len(events) > MOST_EVENTS:
        raise Unclear(f"It has more than {MOST_EVENTS:,} events.")
    return events


def _off(
    event: Component, replaced: set[tuple[str, date | None]], first: date, last: date
) -> Iterator[date]:
    """The days from first to last that the event takes. Raises ValueError, saying why none."""
    for field, why in event.errors:
        if field in _TELLING:
            raise Unclear(f"its {field} cannot be understood ({why}).")
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    begins = _whole(event, "DTSTART")
    if begins is None:
        raise Unclear("it does not say on which day it begins.")
    if begins.year < EARLIEST:
        raise Unclear(f"it begins before {EARLIEST}.")
    length = _length(event, begins)
    for day in _beginnings(event, begins, replaced, last):
        if day + length * _DAY > first:
            yield from _between(day, length, first, last)


def _between(day: date, length: int, first: date, last: date) -> Iterator[date]:
    for step in range(length):
        if first <= (one := day + step * _DAY) <= last:
            yield one


def _beginnings(
    event: Component, begins: date, replaced: set[tuple[str, date | None]], last: date
) -> Iterable[date]:
    """On which days it begins: once, or again and again, without those that are taken out."""
    rule = event.get("RRULE")
    if isinstance(rule, list):
        raise Unclear("it has more than one rule by which it repeats.")
    if "RECURRENCE-ID" in event or rule is None:
        found = [begins] if begins <= last else []
    else:
        found = days_of(rule, begins, last)
    more = [day for day in _listed(event, "RDATE") if day <= last]
    out = set(_listed(event, "EXDATE"))
    if "RECURRENCE-ID" not in event:
        out |= {day for uid, day in replaced if day and uid == str(event.get("UID", ""))}
    return sorted({*found, *more} - out)


def _listed(event: Component, field: str) -> Iterator[date]:
    said: Any = event.get(field)
    for part in said if isinstance(said, list) else [said] if said is not None else []:
        for one in part.dts:
            value = one.dt
            value = value[0] if isinstance(value, tuple) else value  # of a period its beginning
            yield value.date() if isinstance(value, datetime) else value


def _length(event: Component, begins: date) -> int:
    """In days; without an end, or with one on the same day, as some write it, one."""
    ends, lasts = _whole(event, "DTEND"), event.get("DURATION")
    if isinstance(lasts, list):
        raise Unclear("it has more than one DURATION.")
    if ends is None and lasts is not None:
        if lasts.dt % _DAY:
            raise Unclear("it does not last whole days; only whole days are days off.")
        ends = begins + lasts.dt
    length = (ends - begins).days if ends else 1
    if length < 0:
        raise Unclear("it ends before it begins.")
    if length > LONGEST:
        raise Unclear(f"it lasts more than {LONGEST} days.")
    return max(1, length)


def _whole(event: Component, field: str) -> date | None:
    """The day of a field; from midnight to midnight is a whole day, too."""
    said: Any = event.get(field)
    if said is None:
        return None
    if isinstance(said, list):
        raise Unclear(f"it has more than one {field}.")
    value = said.dt
    if isinstance(value, datetime):
        if value.time() != clock():
            raise Unclear("it has hours; only whole days are days off.")
        value = value.date()
    if not isinstance(value, date):
        raise Unclear(f"its {field} is no day.")
    return value


def _key(event: Component) -> tuple[str, date | None]:
    """Which repetition of which event it stands for; a day that is unclear stands for none."""
    try:
        return str(event.get("UID", "")), _whole_or_hours(event.get("RECURRENCE-ID"))
    except (ValueError, AttributeError):
        return str(event.get("UID", "")), None


def _whole_or_hours(said: Any) -> date:
    value: Any = said.dt
    return value.date() if isinstance(value, datetime) else value


def _name(event: Component) -> str:
    said: Any = event.get("SUMMARY")
    text = str(said[0] if isinstance(said, list) and said else said or "")
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())[:LONGEST_NAME].strip()
