"""A row and the rows above it, written by one statement that is made once.

Django makes the SQL anew each time, and asks once for every table of a record. For models whose key
the database gives and whose `save` does nothing of its own; no signals are sent.
"""

import functools
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection, models

from evenkeel.core.database import numbered

_TEXTS_AND_FLAGS = (models.CharField, models.TextField, models.BooleanField)


def insert(instance: models.Model) -> None:
    """Write a new instance, as `save(force_insert=True)` does, and give it its key."""
    made = _insertion(type(instance))
    with numbered.cursor() as cursor:
        cursor.execute(made.sql, _values(instance, made))
        (key,) = cursor.fetchone()
    for table in line(type(instance)):
        setattr(instance, table._meta.pk.attname, key)
    instance._state.adding, instance._state.db = False, connection.alias


def update(instance: models.Model, columns: Iterable[str]) -> None:
    """Write these columns (by attribute) of an instance that is there."""
    made = _change(type(instance), frozenset(columns))
    with numbered.cursor() as cursor:
        cursor.execute(made.sql, _values(instance, made))


class _Statement(NamedTuple):
    """The SQL, and what stands in its places."""

    sql: str
    places: list[Any]


@functools.cache
def _insertion(model: type[models.Model]) -> _Statement:
    parts: list[str] = []
    places: list[Any] = []
    for table in line(model):
        own, key = _own(table), _quoted(table._meta.pk.column)
        columns, marks = [_quoted(field.column) for field in own], ["%s"] * len(own)
        source = f"VALUES ({', '.join(marks)})"
        if parts:  # the key is that of the row above
            columns.insert(0, key)
            source = f"SELECT {', '.join(['id', *marks])} FROM row_{len(parts) - 1}"  # noqa: S608 (names of ours)
        into = f"{_quoted(table._meta.db_table)} ({', '.join(columns)})"
        parts.append(f"INSERT INTO {into} {source} RETURNING {key} AS id")
        places += own
    return _Statement(numbered.numbered(_together(parts)), places)


@functools.cache
def _change(model: type[models.Model], columns: frozenset[str]) -> _Statement:
    parts: list[str] = []
    places: list[Any] = []
    for table in line(model):
        own = [field for field in _own(table) if field.attname in columns]
        if own:
            name, key = _quoted(table._meta.db_table), _quoted(table._meta.pk.column)
            settings = ", ".join(f"{_quoted(field.column)} = %s" for field in own)
            parts.append(f"UPDATE {name} SET {settings} WHERE {key} = %s")  # noqa: S608 (as there)
            places += [*own, None]
    return _Statement(numbered.numbered(_together(parts)), places)


def line(model: type[models.Model]) -> list[type[models.Model]]:
    """The models whose tables hold a row of it, the oldest first."""
    return [*reversed(model._meta.all_parents), model]


def _own(table: type[models.Model]) -> list["models.Field[Any, Any]"]:
    return [field for field in table._meta.local_concrete_fields if not field.primary_key]


def _together(parts: list[str]) -> str:
    *first, last = parts
    before = ", ".join(f"row_{number} AS ({sql})" for number, sql in enumerate(first))
    return f"WITH {before} {last}" if before else last


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name)  # type: ignore[arg-type]  # a table's column has a name


def _values(instance: models.Model, made: _Statement) -> list[Any]:
    adding = instance._state.adding
    return [
        instance.pk if field is None else _value(field, field.pre_save(instance, adding))
        for field in made.places
    ]


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    """As the database takes it; what it takes as it is needs no conversion of Django's."""
    if value is None or (type(value) in {str, bool} and isinstance(field, _TEXTS_AND_FLAGS)):
        return value
    return field.get_db_prep_save(value, connection)
