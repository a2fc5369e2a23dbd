"""What commands say: why not, and a record as its fields in plain values, or as JSON."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rules.inputs import reference

_KEPT_BY_THE_FRAME = frozenset({"id", "record_ptr", "chain_head", "chain_length"})


class Refused(Exception):
    """The command was not done; the message says why."""


def known(model: type[Record], reader: User | None) -> Iterator["models.Field[Any, Any]"]:
    """The fields of a kind that this account may see; without one, all of them."""
    inside = reader is None or visibility.is_inside(reader, model.kind())
    hidden = _KEPT_BY_THE_FRAME if inside else _KEPT_BY_THE_FRAME | model.inside_fields
    return (field for field in model._meta.concrete_fields if field.name not in hidden)


def as_dict(record: Record, reader: User | None) -> dict[str, Any]:
    """Those fields by name; accounts by their login, records by their number."""
    shown = {}
    for field in known(type(record), reader):
        value = getattr(record, field.name)
        shown[field.name] = reference(value) if isinstance(value, models.Model) else as_plain(value)
    return shown


def as_json(value: Any) -> str:
    """JSON on several lines."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
