"""Values as JSON can hold them and a hash can cover them: one spelling per value."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime

_PLAIN = (str, int, bool, type(None), list, dict)
_AS_THEY_ARE = frozenset(_PLAIN)


def as_plain(value: Any) -> Any:
    """Moments in UTC, numbers with decimals as text, accounts and records by their key."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, _PLAIN):
        return getattr(value, "value", value)  # of a choice, what is stored
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, models.Model):
        return value.pk
    raise TypeError(f"{type(value).__name__} has no plain form; an entry cannot keep it")


def moment(text: str) -> datetime | None:
    """A moment with its zone, as programs write it; None for what is none, or none of our time."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    is_one = found is not None and found.tzinfo is not None and 1900 <= found.year <= 2999
    return found if is_one else None
