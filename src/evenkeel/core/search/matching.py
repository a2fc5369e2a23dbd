"""Asking the index: the newest records that match, put in order of how well they do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.search import eras

SIZE = 200  # matches that are put in order together
FEW = 2_000  # records; whoever sees no more has them all looked through
HALVED_IN = timedelta(days=180)  # a match as old as this counts half

# Ranking reads the words, so it comes after the limit. The sum keeps the planner from walking down
# the keys and testing each record, which is slow where a word is rarer than it thinks.
_MATCHES = """
SELECT found.record_id, found.id, found.recorded_at, ts_rank(ranked.words, %s::tsquery, 1)
FROM (
    SELECT indexed.record_id, indexed.id, visible.recorded_at
    FROM ({visible}) AS visible (id, of_kind, recorded_at)
    JOIN core_searchrow AS indexed ON indexed.record_id = visible.id
    WHERE indexed.words @@ %s::tsquery AND {where} AND indexed.record_id < %s
      AND (indexed.audience = 'public' OR visible.of_kind = ANY(%s))
    ORDER BY indexed.record_id + 0 DESC LIMIT %s
) AS found
JOIN core_searchrow AS ranked ON ranked.id = found.id
ORDER BY found.record_id DESC
"""

# Where no words are asked for, the newest that there are. What is unwanted is looked for in each as
# it is met, and not in the index, where nearly everything is without it.
_NEWEST = """
SELECT visible.id, public.id, visible.recorded_at, 1.0::float8
FROM ({visible}) AS visible (id, of_kind, recorded_at)
JOIN core_searchrow AS public ON public.record_id = visible.id AND public.audience = 'public'
WHERE visible.id < %s AND NOT (
    SELECT coalesce(bool_or(said.words @@ %s::tsquery), false) FROM core_searchrow AS said
    WHERE said.record_id = visible.id
      AND (said.audience = 'public' OR visible.of_kind = ANY(%s))
)
ORDER BY visible.id DESC LIMIT %s
"""

_KEYS = """
SELECT coalesce(array_agg(one.id), '{{}}') FROM (
    SELECT id FROM ({visible}) AS visible (id, of_kind, recorded_at)
    WHERE id < %s ORDER BY id DESC LIMIT %s
) AS one
"""

# In one row: thousands of keys that nobody needs would cost more than the search. Where a kind that
# is seen as a whole has given more numbers than that, nothing is counted.
_FEW = """
SELECT CASE WHEN NOT EXISTS (SELECT FROM core_counter WHERE kind = ANY(%s) AND given > %s) THEN (
    SELECT CASE WHEN count(*) <= %s THEN coalesce(array_agg(one.id), '{{}}') END
    FROM (SELECT id FROM ({visible}) AS visible (id, of_kind, recorded_at) LIMIT %s) AS one
) END
"""

# Record's key, search row's key, when the record was recorded, how well the row matches.
_Row = tuple[int, int, datetime, float]


class Match(NamedTuple):
    """A record that matches, and the search row in which it does so best."""

    score: float
    record: int
    row: int


class Block(NamedTuple):
    """The newest matches below some key, best first."""

    matches: list[Match]
    next_below: int | None  # where the following block begins; None after the last


def beyond_newest() -> int:
    """A key above those of all records in the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(record_id) FROM core_searchrow")
        [(newest,)] = cursor.fetchall()
    return int(newest or 0) + 1


@dataclass(frozen=True)
class Reader:
    """Who searches, in which kinds and under which condition; all found is what they may see.

    Without a user it is whoever works on the host itself, and so may read everything.
    """

    user: User | None
    kinds: Collection[str] = ()
    condition: Q = field(default_factory=Q)

    @cached_property
    def visible(self) -> "QuerySet[Record]":
        records = Record.objects
        visible: QuerySet[Record] = records.visible_to(self.user) if self.user else records.all()
        # The indexes begin with the kind, so a condition names each.
        sought = self.kinds or (kinds() if self.condition else ())
        return visible.filter(self.condition, of_kind__in=sought) if sought else visible

    def block(self, query: str, below: int) -> Block:
        """The newest records below a key that match the tsquery."""
        if not query or self._visible is None:
            return Block([], None)
        if self.condition:
            return self._under_condition(query, below) or self._by_eras(query, below)
        if self._few is not None:
            return Block(_in_order(self._among(self._few, query, below, FEW * 2)), None)
        return self._by_eras(query, below)

    def without_words(self, unwanted: str, below: int) -> Block:
        """The newest below a key for which the condition holds, without those that match."""
        if self._visible is None or not self.condition:
            return Block([], None)
        visible, given = self._visible
        with connection.cursor() as cursor:
            cursor.execute(
                _NEWEST.format(visible=visible), [*given, below, unwanted, self._inside, SIZE]
            )
            rows: list[_Row] = cursor.fetchall()
        return Block(_in_order(rows), rows[-1][0] if len(rows) == SIZE else None)

    def _under_condition(self, query: str, below: int) -> Block | None:
        """The block, if the newest for which the condition holds fill one, or are all there are."""
        keys = self._newest(below)
        is_all = len(keys) <= FEW
        rows = self._among(keys[:FEW], query, below, FEW * 2 if is_all else SIZE)
        if is_all:
            return Block(_in_order(rows), None)
        return Block(_in_order(rows), rows[-1][0]) if len(rows) == SIZE else None

    def _by_eras(self, query: str, below: int) -> Block:
        rows: list[_Row] = []
        widening = eras.Widening(below, SIZE)
        for era in widening:
            where, values = ("indexed.eras && %s::int[]", [era]) if era else ("true", [])
            rows = self._rows(query, below, where, values, SIZE)
            widening.found = len(rows)
            if len(rows) == SIZE:
                return Block(_in_order(rows), rows[-1][0])
        return Block(_in_order(rows), None)

    def _among(self, keys: list[int], query: str, below: int, limit: int) -> list[_Row]:
        return self._rows(query, below, "indexed.record_id = ANY(%s)", [keys], limit)

    @cached_property
    def _visible(self) -> tuple[str, tuple[Any, ...]] | None:
        """The visible records, in SQL; None where there can be none."""
        columns = self.visible.order_by().values_list("pk", "of_kind", "recorded_at")
        try:
            return columns.query.sql_with_params()
        except EmptyResultSet:
            return None

    @cached_property
    def _few(self) -> list[int] | None:
        """All visible records, where they are few."""
        if self._visible is None:
            return []
        visible, given = self._visible
        with connection.cursor() as cursor:
            cursor.execute(
                _FEW.format(visible=visible), [self._whole_kinds, FEW, FEW, *given, FEW + 1]
            )
            [(keys,)] = cursor.fetchall()
        return keys  # type: ignore[no-any-return]

    @property
    def _whole_kinds(self) -> list[str]:
        whole = visibility.whole_kinds(self.user) if self.user else list(kinds())
        return [kind for kind in whole if kind in (self.kinds or [kind])]

    @cached_property
    def _inside(self) -> list[str]:
        return visibility.inside_kinds(self.user) if self.user else list(kinds())

    def _newest(self, below: int) -> list[int]:
        """The newest keys below one, one more than are few."""
        if self._visible is None:
            return []
        visible, given = self._visible
        with connection.cursor() as cursor:
            cursor.execute(_KEYS.format(visible=visible), [*given, below, FEW + 1])
            [(keys,)] = cursor.fetchall()
        return keys  # type: ignore[no-any-return]

    def _rows(
        self, query: str, below: int, where: str, values: list[list[int]], limit: int
    ) -> list[_Row]:
        if self._visible is None:
            return []
        visible, given = self._visible
        with connection.cursor() as cursor:
            cursor.execute(
                _MATCHES.format(visible=visible, where=where),
                [query, *given, query, *values, below, self._inside, limit],
            )
            rows: list[_Row] = cursor.fetchall()
        return rows


def _in_order(rows: Iterable[_Row]) -> list[Match]:
    now = timezone.now()
    best: dict[int, Match] = {}
    for record, row, recorded_at, rank in rows:
        freshness = 1 / (1 + max(now - recorded_at, timedelta()) / HALVED_IN)
        match = Match(rank * freshness, record, row)
        best[record] = max(match, best.get(record, match))
    return sorted(best.values(), reverse=True)
