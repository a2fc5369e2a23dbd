"""Keys of accounts and records as names: two queries, however many there are.

A record that the reader may not see stays unnamed, as it does on the page.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record


def by_key(
    model: type[Record], rows: Iterable[Mapping[str, Any]], reader: User
) -> list[dict[str, Any]]:
    """The rows (column -> value, or a list of values) with logins and numbers in place of keys."""
    rows = list(rows)
    targets = _targets(model)
    wanted: dict[type[models.Model], set[int]] = {User: set(), Record: set()}
    for row in rows:
        for column in targets.keys() & row.keys():
            wanted[targets[column]] |= {key for key in _each(row[column]) if isinstance(key, int)}
    names = {target: _names(target, keys, reader) for target, keys in wanted.items()}
    return [
        {
            column: _named(value, names[targets[column]]) if column in targets else value
            for column, value in row.items()
        }
        for row in rows
    ]


def _targets(model: type[Record]) -> dict[str, type[models.Model]]:
    """Column -> User or Record, for the columns that hold a key of one."""
    return {
        field.attname: User if field.related_model is User else Record
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and not field.primary_key
    }


def _names(target: type[models.Model], keys: set[int], reader: User) -> dict[int, str]:
    if not keys:
        return {}
    if target is User:
        return dict(User.objects.filter(pk__in=keys).values_list("pk", "username"))
    seen = Record.objects.visible_to(reader).filter(pk__in=keys)
    return dict.fromkeys(keys, "another record") | dict(seen.values_list("pk", "number"))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(value: Any, names: Mapping[int, str]) -> Any:
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    return names.get(value, value)
