"""Many rows at once into one table, by PostgreSQL's COPY: the fastest way in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from django.db import connection, models

Row = Sequence[Any]


@dataclass(frozen=True)
class Target:
    """The columns of one table, and what stands in a column of which nothing is said."""

    table: str
    places: dict[str, int]  # column -> its place in a row
    blank: list[Any]
    made: dict[int, Callable[[], Any]]  # places of what is made anew for each row
    json: frozenset[int]  # places of the columns that hold JSON

    @property
    def columns(self) -> list[str]:
        return list(self.places)

    def row(self, values: dict[str, Any]) -> list[Any]:
        """The values in the order of the columns, ready for `copy`; others are passed over."""
        row, places = self.blank.copy(), self.places
        for name, value in values.items():
            if (place := places.get(name)) is not None:
                row[place] = value
        for place, make in self.made.items():
            if self.columns[place] not in values:
                row[place] = make()
        for place in self.json:
            row[place] = as_json(row[place])
        return row


@cache
def target(model: type[models.Model]) -> Target:
    """The table of a model itself, without the tables it inherits from."""
    fields = model._meta.local_concrete_fields
    defaults = [_default(field) for field in fields]
    return Target(
        model._meta.db_table,
        {str(field.column): place for place, field in enumerate(fields)},
        [None if callable(default) else default for default in defaults],
        {place: default for place, default in enumerate(defaults) if callable(default)},
        frozenset(n for n, field in enumerate(fields) if isinstance(field, models.JSONField)),
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


def take_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that the database gives to nobody else."""
    key = model._meta.auto_field
    if key is None:
        raise TypeError(f"{model.__name__} gives its keys itself")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
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
