"""Many rows at once into one table: new ones by PostgreSQL's COPY, the fastest way in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from django.db import connection, models

Row = Sequence[Any]


@dataclass(frozen=True)
class Target:
    """The columns of one table, and what stands in a column of which nothing is said."""

    table: str
    key: str
    columns: tuple[str, ...]
    types: Mapping[str, str]  # column -> its type in PostgreSQL, without a length
    blank: Mapping[str, Any]
    made: Mapping[str, Callable[[], Any]]  # what is made anew for each row
    json: tuple[str, ...]  # the columns that hold JSON
    pick: Callable[[Mapping[str, Any]], Row]

    def row(self, values: Mapping[str, Any]) -> Row:
        """The values in the order of the columns, ready for `copy`; others are passed over."""
        whole = {**self.blank, **values}
        for name, make in self.made.items():
            if name not in values:
                whole[name] = make()
        for name in self.json:
            whole[name] = as_json(whole[name])
        return self.pick(whole)


@cache
def target(model: type[models.Model]) -> Target:
    """The table of a model itself, without the tables it inherits from."""
    fields = {str(field.column): field for field in model._meta.local_concrete_fields}
    defaults = {name: _default(field) for name, field in fields.items()}
    types = {name: str(field.db_type(connection)) for name, field in fields.items()}
    return Target(
        table=model._meta.db_table,
        key=str(model._meta.pk.column),
        columns=tuple(fields),
        # A value that is cast to a type with a length would be cut in silence.
        types={name: kind.split("(")[0] for name, kind in types.items()},
        blank={name: None if callable(one) else one for name, one in defaults.items()},
        made={name: one for name, one in defaults.items() if callable(one)},
        json=tuple(name for name, one in fields.items() if isinstance(one, models.JSONField)),
        pick=itemgetter(*fields),
    )


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows; JSON must be text already. Constraints and triggers hold as for any row."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    statement = f"COPY {table} ({names}) FROM STDIN"
    with (
        connection.wrap_database_errors,  # COPY goes past Django, which would do it
        connection.cursor() as cursor,
        cursor.copy(statement) as into,
    ):
        for row in rows:
            into.write_row(row)


def update(model: type[models.Model], values: Mapping[int, Mapping[str, Any]]) -> None:
    """Set columns of rows, by key; what is no column of this table is passed over."""
    aim = target(model)
    alike: dict[tuple[str, ...], dict[int, Mapping[str, Any]]] = {}
    for key, row in values.items():
        if columns := tuple(name for name in aim.columns if name in row):
            alike.setdefault(columns, {})[key] = row
    for columns, rows in alike.items():
        _update(aim, columns, rows)


def _update(aim: Target, columns: Sequence[str], rows: Mapping[int, Mapping[str, Any]]) -> None:
    quote = connection.ops.quote_name
    set_ = ", ".join(f"{quote(name)} = new.{quote(name)}" for name in columns)
    arrays = ", ".join(f"%s::{aim.types[name]}[]" for name in (aim.key, *columns))
    names = ", ".join(map(quote, (aim.key, *columns)))
    given = [
        [as_json(row[name]) if name in aim.json else row[name] for row in rows.values()]
        for name in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(aim.table)} AS it SET {set_} FROM unnest({arrays})"  # noqa: S608 (ours)
            f" AS new ({names}) WHERE it.{quote(aim.key)} = new.{quote(aim.key)}",
            [list(rows), *given],
        )


def take_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that the database gives to nobody else."""
    key = model._meta.auto_field
    if key is None:
        raise TypeError(f"{model.__name__} gives its keys itself")
    with connection.cursor() as cursor:
        cursor.execute(
            # In a query of its own, so that the sequence is looked up once and not for each key.
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass))"
            " FROM generate_series(1, %s)",
            [connection.ops.quote_name(model._meta.db_table), key.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def as_json(value: Any) -> str | None:
    """The text that a JSON column takes."""
    return None if value is None else msgspec.json.encode(value).decode()


def _default(field: "models.Field[Any, Any]") -> Any:
    if not field.has_default():
        return field.get_default()  # None, or "" for text that may not be null
    if callable(field.default):
        return field.get_default
    default = field.get_default()
    return str(default.value) if isinstance(default, models.TextChoices) else default
