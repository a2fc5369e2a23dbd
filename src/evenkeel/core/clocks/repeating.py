"""By which rule an event of an iCalendar file repeats (RFC 5545, RRULE), worked out in bounds."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import vRecur

from evenkeel.core.clocks.calendar import Unclear

_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_PICKS = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS"}
_EVERY = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
_CYCLE = 400  # years, after which dates and weekdays are the same again
_LAST = 9999  # the last year that there is, where every rule ends


def days_of(rule: vRecur, begins: date, last: date) -> list[date]:
    """The days on which it begins, up to `last`. Raises Unclear, in half a sentence.

    A rule that fits no day is searched to the end of all years; so it is worked out in the last
    of the cycles of the calendar, of which no more than a few hundred years are left.
    """
    said: Mapping[str, Any] = {key.upper(): values for key, values in rule.items()}
    _check(said)
    until = min(last, _until(said) or last)
    if begins > until:
        return []
    shift = (_LAST - last.year - 1) // _CYCLE * _CYCLE
    parts: Any = vRecur({key: said[key] for key in said if key != "UNTIL"})
    text = parts.to_ical().decode()
    try:
        found = rrulestr(text, dtstart=datetime(begins.year + shift, begins.month, begins.day))
    except ValueError as unclear:
        raise Unclear(f"its rule “{text}” cannot be understood ({unclear}).") from unclear
    ends = datetime(until.year + shift, until.month, until.day)
    days = takewhile(lambda moment: moment <= ends, found)
    return [date(moment.year - shift, moment.month, moment.day) for moment in days]


def _check(said: Mapping[str, Any]) -> None:
    if unknown := sorted(set(said) - _KNOWN - _PICKS):
        raise Unclear(f"it repeats by {unknown[0]}, which days off do not know.")
    every = [str(one).upper() for one in said.get("FREQ", [])]
    if len(every) != 1 or every[0] not in _EVERY:
        raise Unclear("it repeats neither by days, weeks, months nor years.")
    for name in ("INTERVAL", "COUNT"):
        if name in said and not all(0 < int(one) < 100_000 for one in said[name]):
            raise Unclear(f"its {name} is no number from 1 to 99,999.")


def _until(said: Mapping[str, Any]) -> date | None:
    ends = said.get("UNTIL") or [None]
    last = ends[0]
    return last.date() if isinstance(last, datetime) else last
