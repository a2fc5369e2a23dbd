"""Verifying the chain of entries: which entry is the first that does not fit."""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction

from evenkeel.core.records import chain
from evenkeel.core.records.record import Record

_AT_A_TIME = 2_000  # rows fetched at once


class _Line(NamedTuple):
    """An entry beside the record it is of; all about the entry is None where there is none."""

    number: str
    chain_length: int
    chain_head: bytes
    position: int | None
    verb: str
    actor: int | None
    at: datetime
    written_at: datetime
    via: str
    audience: str
    difference: str
    given: str
    hash: bytes


# One statement, so that what is written meanwhile does not look like a fault.
_ENTRIES = (
    "SELECT record.number, record.chain_length, record.chain_head, position, verb, actor_id, at,"
    " written_at, via, audience, difference::text, given::text, hash"
    " FROM core_record AS record LEFT JOIN core_entry AS entry ON entry.record_id = record.id"
)
_IN_ORDER = " ORDER BY record.id, position"


def broken() -> Iterator[str]:
    """One sentence for each record whose chain does not hold, naming its first broken entry."""
    for _, lines in groupby(_lines(_ENTRIES + _IN_ORDER, []), lambda line: line.number):
        if fault := _first_fault(lines):
            yield fault


def every_line() -> Iterator[tuple[Any, ...]]:
    """Every entry beside the record it is of, chain by chain, oldest first."""
    yield from _lines(_ENTRIES + _IN_ORDER, [])


def sample(count: int) -> tuple[int, list[str]]:
    """How many records, taken at random, were looked at (at most `count`), and their faults."""
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    faults = _faults(random.sample(range(1, newest + 1), min(count, newest)))
    return len(faults), [fault for fault in faults if fault]


def first_fault(record: Record) -> str | None:
    """Why the chain of this record does not hold, or None if it does."""
    (fault,) = _faults([record.pk])
    return fault


def _faults(keys: Sequence[int]) -> list[str | None]:
    """Of each of these records that is there: why its chain does not hold, or None."""
    found = _lines(f"{_ENTRIES} WHERE record.id = ANY(%s){_IN_ORDER}", [list(keys)])
    return [_first_fault(lines) for _, lines in groupby(found, lambda line: line.number)]


def _lines(query: str, given: list[Any]) -> Iterator[_Line]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query, given)
        while rows := cursor.fetchmany(_AT_A_TIME):
            yield from map(_Line._make, rows)


def _first_fault(lines: Iterable[_Line]) -> str | None:
    """Of the entries of one record, oldest first."""
    chained: chain.Following | None = None
    last: _Line | None = None
    for line in lines:
        chained, last = chained or chain.Following(line.number), line
        if line.position is not None:
            chained.add(_facts(line), bytes(line.hash))
    if chained is None or last is None:
        return None
    return chained.fault(last.chain_length, bytes(last.chain_head))


def _facts(line: _Line) -> chain.Facts:
    decoded = {
        "difference": msgspec.json.decode(line.difference),
        "given": msgspec.json.decode(line.given),
    }
    told = {name: getattr(line, name) for name in chain.Facts._fields if name not in decoded}
    return chain.Facts(**told, **decoded)
