"""What an action changed, in values that JSON can hold and a hash can cover."""

from collections.abc import Mapping
from typing import Any

from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record

# Kept by the frame itself, so not news.
_SILENT = {"id", "record_ptr_id", "version", "chain_length", "chain_head", "edited_at", "of_kind"}


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


def news(record: Record, changed: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What of it an entry tells: not what was only read off the rest of the record."""
    return {column: both for column, both in changed.items() if column not in record.read_off}


def plain(inputs: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """The inputs of a verb that did not become fields of the record, as evidence."""
    columns = {field.name for field in record._meta.concrete_fields}
    return {
        name: as_plain(value)
        for name, value in inputs.items()
        if name not in columns and value not in (None, "", [])
    }
