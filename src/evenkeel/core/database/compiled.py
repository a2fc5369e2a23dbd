"""A query that every request asks, compiled to SQL once.

Django compiles a query anew each time it is asked, which for a record and its relations takes
twenty times as long as asking it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from evenkeel.core.database import numbered


@dataclass(frozen=True)
class _Made:
    """The SQL, what stands in its places (a value, or the position of an argument), converters."""

    sql: str
    places: list[tuple[int | None, Any]]
    compiler: Any
    converters: dict[int, Any]


class Compiled:
    """`Compiled(lambda number: Incident.objects.filter(number=number).values_list("pk"), "X-1")`.

    The examples stand for the arguments while the query is compiled; they differ from each other
    and from every other value in the query. Arguments are given as the database takes them.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], *examples: Any) -> None:
        self.build, self.examples = build, examples

    def rows(self, *arguments: Any) -> list[Any]:
        """The rows for these arguments."""
        made = self._made
        values = [value if at is None else arguments[at] for at, value in made.places]
        with numbered.cursor() as cursor:
            cursor.execute(made.sql, values)
            rows: list[Any] = cursor.fetchall()
        if not made.converters:
            return rows
        return [tuple(row) for row in made.compiler.apply_converters(rows, made.converters)]

    def records(self, *arguments: Any) -> list[Any]:
        """The rows as records of the query's model; the query must ask for all of its fields."""
        model = self._made.compiler.query.model
        names = [field.attname for field in model._meta.concrete_fields]
        return [model.from_db(connection.alias, names, row) for row in self.rows(*arguments)]

    @cached_property
    def _made(self) -> _Made:
        compiler = self.build(*self.examples).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        places = [self._place(getattr(value, "obj", value)) for value in values]
        if missing := set(range(len(self.examples))) - {at for at, _ in places}:
            raise TypeError(f"These arguments are not in the query: {sorted(missing)}.")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Made(numbered.numbered(sql), places, compiler, converters)

    def _place(self, value: Any) -> tuple[int | None, Any]:
        """The argument whose example this is; else the value stays as it is."""
        for at, example in enumerate(self.examples):
            # Django wraps whole numbers in types of psycopg's; a truth value is none of them.
            alike = isinstance(value, type(example)) and not isinstance(value, bool)
            if alike and value == example:
                return at, None
        return None, value
