"""Several short lists in one question: the first rows of each, and how many it holds.

Each list is read on its index, as far as it is worth counting and no further; what belongs to a
row is looked up for the few that are shown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet

from evenkeel.core.records.record import Record

_COLUMNS = ("number", "of_kind", "title", "state", "priority", "recorded_at")

_PART = (
    """{name} AS MATERIALIZED (SELECT row_number() OVER () AS place, found.* FROM ({sql}) found)"""
)
_FIRST = """\
SELECT {at}, (SELECT count(*) FROM {name}), (SELECT string_agg(DISTINCT of_kind, ' ') FROM {name}),
  first.place, first.number, first.of_kind, first.title, first.state, first.priority,
  first.recorded_at, first.moment, beside.title
FROM {name} first LEFT JOIN core_record beside ON beside.id = first.beside_id
WHERE first.place <= {shown}"""


@dataclass(frozen=True)
class Part:
    """A list in its order; `moment` and `beside` are the columns that its rows show."""

    name: str
    found: "QuerySet[Record]"
    moment: str
    beside: str  # a relation to another record, whose title is shown


class First(NamedTuple):
    """One of the first rows of a list."""

    number: str
    of_kind: str
    title: str
    state: str
    priority: int | None
    recorded_at: datetime
    moment: datetime | None
    beside: str | None


@dataclass
class Found:
    """What a list holds; `count` stops at the most that was to be counted."""

    count: int = 0
    kinds: list[str] = field(default_factory=list)
    rows: list[First] = field(default_factory=list)


class Digest:
    """`Digest(parts, shown=8, counted=100)`: compiled once, to be read as often as one likes."""

    def __init__(self, parts: list[Part], *, shown: int, counted: int) -> None:
        self.names = [part.name for part in parts]
        tables, firsts = [], []
        self.values: list[Any] = []
        for at, part in enumerate(parts):
            sql, values = _columns_of(part)[:counted].query.sql_with_params()
            tables.append(_PART.format(name=f"part_{at}", sql=sql))
            firsts.append(_FIRST.format(at=at, name=f"part_{at}", shown=int(shown)))
            self.values += values
        self.sql = f"WITH {', '.join(tables)} {' UNION ALL '.join(firsts)} ORDER BY 1, 4"

    def read(self) -> dict[str, Found]:
        """The lists by their names."""
        lists = {name: Found() for name in self.names}
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            for at, count, kinds, _place, *row in cursor.fetchall():
                found = lists[self.names[at]]
                found.count, found.kinds = count, kinds.split(" ")
                found.rows.append(First(*row))
        return lists


def _columns_of(part: Part) -> Any:
    return part.found.values(*_COLUMNS, moment=F(part.moment), beside_id=F(f"{part.beside}_id"))
