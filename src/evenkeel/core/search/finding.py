"""Finding records by what is written in them; nothing is found that the user may not read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.search import asking, matching, nearness, operators
from evenkeel.core.search.headlines import Marker, Pieces
from evenkeel.core.search.matching import Match, Reader

_READ = 20_000  # characters of a record that are looked through for its headline
_DEEP = 300_000  # where the words stand further down, as in an attached file
_FIELDS = ("number", "of_kind", "title", "state", "is_open", "priority", "recorded_at", "edited_at")
_HITS = f"""
SELECT found.id, left(found.text, %s), record.id, {", ".join(f"record.{name}" for name in _FIELDS)}
FROM core_searchrow AS found JOIN core_record AS record ON record.id = found.record_id
WHERE found.id = ANY(%s)
"""  # noqa: S608 (ours)


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    record: Record  # what all kinds have: number, title, state, priority, url
    title: Pieces
    headline: Pieces  # the part of its text where the words stand; may be empty
    is_near: bool = False  # found by words that are only like those asked for


@dataclass(frozen=True)
class Found:
    """A page of what was found."""

    hits: list[Hit]
    after: str | None = None  # to be given back for the next page; None on the last

    @property
    def more(self) -> bool:
        return self.after is not None


def find(
    user: User | None,
    text: str,
    *,
    kinds: Collection[str] = (),
    limit: int = 20,
    after: str | None = None,
) -> Found:
    """The records in which all of the text stands: a number first, then the best and newest.

    Where these do not fill the first page, records with similar words follow. Raises Invalid for
    an operator that there is not, or a value that it cannot have.
    """
    question = asking.read(text)
    reader = Reader(user, kinds, operators.condition(user, question.operators))
    below, skip = _place(after)
    if question.query:
        block = reader.block(question.query, below)
    else:
        block = reader.without_words(question.unwanted, below)
    named = _named(reader, question.number)
    known = {record.pk for record in named}
    matches = [match for match in block.matches if match.record not in known]
    hits = [] if after else [Hit(record, [(record.title, False)], []) for record in named]
    page = matches[skip : skip + limit - len(hits)]
    hits += _hits(page, Marker(question.lexemes))
    if (skip := skip + len(page)) < len(matches):
        return Found(hits, f"{below}.{skip}")
    if block.next_below:
        return Found(hits, f"{block.next_below}.0")
    if not after and len(hits) < limit:
        known |= {match.record for match in page}
        hits += _near(reader, question, below, known, limit - len(hits))
    return Found(hits)


def _named(reader: Reader, number: str) -> list[Record]:
    return list(reader.visible.filter(number=number).only(*_FIELDS)) if number else []


def _near(
    reader: Reader, question: asking.Question, below: int, known: Collection[int], limit: int
) -> list[Hit]:
    """What is found by words like those asked for, besides what is known already."""
    near = nearness.widened(question)
    if near is None:
        return []
    matches = reader.block(near.query, below).matches
    page = [match for match in matches if match.record not in known][:limit]
    return _hits(page, Marker(near.lexemes), is_near=True)


_TEXTS = "SELECT id, left(text, %s) FROM core_searchrow WHERE id = ANY(%s)"


def _hits(matches: Sequence[Match], marker: Marker, *, is_near: bool = False) -> list[Hit]:
    if not matches:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HITS, [_READ, [match.row for match in matches]])
        read = {row: (text, _record(values)) for row, text, *values in cursor.fetchall()}
    hits = {
        row: Hit(record, marker.whole(record.title), marker.part(text), is_near)
        for row, (text, record) in read.items()
    }
    unmarked = [row for row, hit in hits.items() if len(read[row][0]) == _READ and _is_bare(hit)]
    for row, text in _texts(unmarked):
        hits[row] = replace(hits[row], headline=marker.part(text))
    return [hits[match.row] for match in matches if match.row in hits]


def _is_bare(hit: Hit) -> bool:
    return not any(is_marked for _, is_marked in hit.headline)


def _texts(rows: list[int]) -> list[tuple[int, str]]:
    """More of the texts of these rows."""
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS, [_DEEP, rows])
        found: list[tuple[int, str]] = cursor.fetchall()
    return found


def _record(values: Sequence[Any]) -> Record:
    """What is shown of a record; the rest is read when somebody asks for it."""
    return Record.from_db(connection.alias, ("id", *_FIELDS), values)


def _place(after: str | None) -> tuple[int, int]:
    """Below which key the block lies, and how many of it were shown; the start for no place."""
    below, _, skip = (after or "").partition(".")
    if below.isdecimal() and skip.isdecimal():
        return int(below), int(skip)
    return matching.beyond_newest(), 0
