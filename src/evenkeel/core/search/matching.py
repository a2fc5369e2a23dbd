"""Asking the index: the newest records that match, put in order of how well they do."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record
from evenkeel.core.search import eras
from evenkeel.core.search.models import SearchRow

SIZE = 200  # matches that are put in order together
HALVED_IN = timedelta(days=180)  # a match as old as this counts half
_BY_LENGTH = 1  # a word counts for less in a long text

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
    newest = SearchRow.objects.order_by("-record_id").values_list("record_id", flat=True).first()
    return (newest or 0) + 1


def block(user: User, kinds: Collection[str], query: str, *, below: int, at: datetime) -> Block:
    """The newest records below a key that match the tsquery and that this user may see."""
    if not query:
        return Block([], None)
    asked = SearchQuery(query, config="evenkeel", search_type="raw")
    rank = SearchRank(F("search_rows__words"), asked, normalization=_BY_LENGTH)
    visible: QuerySet[Record] = Record.objects.visible_to(user)
    of_kinds = visible.filter(of_kind__in=kinds) if kinds else visible
    readable = Q(search_rows__audience=Audience.PUBLIC) | Q(
        of_kind__in=visibility.inside_kinds(user)
    )
    rows: list[_Row] = []
    for era in eras.widening(below):
        matching = of_kinds.filter(readable & era, search_rows__words=asked, pk__lt=below)
        columns = matching.values_list("pk", "search_rows__pk", "recorded_at", rank)
        rows = list(columns.order_by("-pk")[:SIZE])
        if len(rows) == SIZE:
            return Block(_in_order(rows, at), rows[-1][0])
    return Block(_in_order(rows, at), None)


def _in_order(rows: Iterable[_Row], at: datetime) -> list[Match]:
    best: dict[int, Match] = {}
    for record, row, recorded_at, rank in rows:
        freshness = 1 / (1 + max(at - recorded_at, timedelta()) / HALVED_IN)
        match = Match(rank * freshness, record, row)
        best[record] = max(match, best.get(record, match))
    return sorted(best.values(), reverse=True)
