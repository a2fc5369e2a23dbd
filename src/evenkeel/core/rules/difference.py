"""What an action changed, in values that JSON can hold and a hash can cover."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from evenkeel.core.records.record import Record

# Kept by the frame itself, so not news.
_SILENT = {"id", "record_ptr_id", "version", "chain_length", "chain_head", "edited_at", "of_kind"}
_PLAIN = (str, int, bool, type(None), list, dict)


def values(record: Record) -> dict[str, Any]:
    """Column -> plain value, for every column that can be news."""
    return {
        field.attname: as_plain(getattr(record, field.attname))
        for field in record._meta.concrete_fields
        if field.attname not in _SILENT
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Column -> [before, after] where they differ; for a new record, where there is a value."""
    if not before:
        return {k: [None, v] for k, v in after.items() if v not in (None, "", {}, [])}
    return {k: [before.get(k), v] for k, v in after.items() if before.get(k) != v}


def plain(inputs: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """The inputs of a verb that did not become fields of the record, as evidence."""
    columns = {field.name for field in record._meta.concrete_fields}
    return {
        name: as_plain(value)
        for name, value in inputs.items()
        if name not in columns and value not in (None, "", [])
    }


def as_plain(value: Any) -> Any:
    """One spelling per value: moments in UTC, accounts and records by their key."""
    if isinstance(value, models.TextChoices):
        return str(value.value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no plain form; an entry cannot keep it")
