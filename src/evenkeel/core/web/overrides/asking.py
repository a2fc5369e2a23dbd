"""Which overrides are asked for, read from an address, a call or a command; and their rows."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.rules import Invalid
from evenkeel.core.rules.inputs import reference
from evenkeel.core.schemes.overrides import Override, Overrides, Place

PARAMETERS = ("since", "until", "by")  # days, both of them counted; the login of who decided
USUAL = 30  # days up to today
COLUMNS = ("at", "number", "title", "by", "field", "from", "to", "reason")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Asked:
    """The report as it was asked for. Raises Invalid for a day or an account that there is not."""

    def __init__(self, reader: User | None, params: Mapping[str, str]) -> None:
        today = timezone.localdate()
        self.until = _day(params, "until") or today
        self.since = _day(params, "since") or self.until - timedelta(days=USUAL - 1)
        if self.since > self.until:
            raise Invalid({"since": ["It begins after it ends."]})
        self.by = params.get("by", "")
        ends = self.until + timedelta(days=1)
        self.found = Overrides(reader, _begin(self.since), _begin(ends), _account(self.by))

    def address(self, **more: str) -> str:
        """What of an address asks for the same."""
        asked = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return urlencode(asked | ({"by": self.by} if self.by else {}) | more)


def plain(row: Override) -> dict[str, Any]:
    """A row in plain values: moments in UTC, accounts by their login, records by their number."""
    entry = row.entry
    return {
        "at": as_plain(entry.at),
        "number": entry.record.number,
        "title": entry.record.title,
        "by": reference(entry.actor) if entry.actor else None,
        "field": row.field,
        "from": row.computed,
        "to": row.chosen,
        "reason": row.reason,
    }


def table(asked: Asked) -> Iterator[list[Any]]:
    """All rows as a table with a heading."""
    yield list(COLUMNS)
    for row in asked.found.rows():
        yield list(plain(row).values())


def name(row: Override) -> str:
    """The place after a row, as an address names it."""
    return f"{(row.entry.at - _EPOCH) // _MICROSECOND}.{row.entry.pk}"


def place(text: str) -> Place | None:
    """The place that an address names. Raises Invalid for one that is none."""
    if not text:
        return None
    moment, _, key = text.partition(".")
    try:
        if not (moment.isascii() and key.isascii() and len(key) < 19):
            raise ValueError
        return Place(_EPOCH + int(moment) * _MICROSECOND, int(key))
    except (ValueError, OverflowError):
        raise Invalid({"after": ["Take it from the page before."]}) from None


def _day(params: Mapping[str, str], name: str) -> date | None:
    text = params.get(name, "")
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: ["Write a day as 2026-01-31."]}) from None
    if not 1900 <= found.year <= 2999:
        raise Invalid({name: ["Give a year from 1900 to 2999."]})
    return found


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _account(login: str) -> User | None:
    if not login:
        return None
    found = None if "\x00" in login else User.objects.filter(username__iexact=login).first()
    if found is None:
        raise Invalid({"by": ["There is no such account."]})
    return found
