"""Many records at once, with their entries: what import, demo and benchmark write through.

The same facts as an action leaves: numbers from the counter, a chain of entries for each record,
comments, and whatever `written` adds (the search index). The caller has checked who may do it and
that the values are sound, and holds the transaction; nothing is published to subscribers.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from evenkeel.core.records import chain, numbering
from evenkeel.core.records.comments import Comment
from evenkeel.core.records.copying import as_json, copy, take_keys, target, update
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record

# Called in the same transaction with the kind and the keys of records whose words are new.
written: list[Callable[[type[Record], Sequence[int]], None]] = []
# The same for records that were there and got other values.
edited: list[Callable[[type[Record], Sequence[int]], None]] = []

# Kept by the frame itself, so not news; as in the frame around actions.
_SILENT = frozenset({"id", "record_ptr_id", "number", "version", "edited_at", "of_kind"})
_CHAIN = frozenset({"chain_length", "chain_head"})


@dataclass(slots=True)
class NewComment:
    """Something said; it hangs on the entry that says so."""

    text: str
    audience: str = Audience.PUBLIC.value


@dataclass(slots=True)
class NewEntry:
    """Something done. `difference` None, on a record's first entry, means: all its values."""

    verb: str
    at: datetime
    actor: int | None = None  # the account's key
    difference: dict[str, Any] | None = None
    given: dict[str, Any] = field(default_factory=dict)
    audience: str = Audience.INTERNAL.value
    comment: NewComment | None = None


@dataclass(slots=True)
class NewRecord:
    """A record to be: values by column (`requester_id`), and what was done to it, oldest first."""

    values: dict[str, Any]
    entries: list[NewEntry]
    pk: int = 0  # given when it is written
    number: str = ""


@dataclass(slots=True)
class Addition:
    """More that was done to a record that is there, and what it set."""

    entries: list[NewEntry]
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def has_words(self) -> bool:
        return bool(self.values) or any(entry.comment for entry in self.entries)


def write(model: type[Record], records: Sequence[NewRecord], *, via: str = Via.IMPORT) -> None:
    """Write new records of one kind and give each its key and number."""
    if not records:
        return
    now = timezone.now()
    keys = take_keys(Record, len(records))
    first = numbering.take(model.kind(), len(records))
    whole, own = target(Record), target(model)
    pen = _Pen(via, now)
    parents, children = [], []
    for place, (record, key) in enumerate(zip(records, keys, strict=True)):
        record.pk, record.number = key, f"{model.prefix}-{first + place}"
        values = record.values
        values |= {"id": key, "record_ptr_id": key, "number": record.number}
        values["of_kind"] = model.kind()
        values.setdefault("recorded_at", record.entries[0].at)
        values.setdefault("edited_at", max(entry.at for entry in record.entries))
        head = _Head(key, record.number)
        pen.entries(head, record.entries, values)
        values |= {"chain_length": head.length, "chain_head": head.hash}
        values.setdefault("version", 1 + _edits(record.entries[1:]))
        parents.append(whole.row(values))
        children.append(own.row(values))
    copy(Record, whole.columns, parents)
    copy(model, own.columns, children)
    pen.put_down()
    for hear in written:
        hear(model, keys)


def append(
    model: type[Record],
    additions: Mapping[int, Addition],
    *,
    via: str = Via.IMPORT,
    beside: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Continue the chains of records that are there, by key; sets their values, too.

    `beside` sets columns of the records themselves that hold no words, the same of each, in the
    statement that moves the heads. The rows stay locked until the transaction ends.
    """
    if not additions:
        return
    pen = _Pen(via, timezone.now())
    heads = [_Head(*row) for row in _locked(additions)]
    for head in heads:
        pen.entries(head, additions[head.key].entries, {})
    pen.put_down()
    _move_heads(heads, additions, beside or {})
    changed = {key: addition.values for key, addition in additions.items() if addition.values}
    update(Record, changed)
    update(model, changed)
    for hear in edited if changed else ():
        hear(model, list(changed))
    if worded := [key for key, addition in additions.items() if addition.has_words]:
        for hear in written:
            hear(model, worded)


@dataclass(slots=True)
class _Head:
    """Where the chain of a record stands."""

    key: int
    number: str
    length: int = 0
    hash: bytes = b""


class _Pen:
    """Collects the rows of entries and comments, and writes them at the end."""

    def __init__(self, via: str, now: datetime) -> None:
        self.via, self.now = str(via), now
        self.lines: list[tuple[Any, ...]] = []
        self.comments: list[tuple[Any, ...]] = []
        self.comment_keys: list[int] = []

    def entries(self, head: _Head, entries: Iterable[NewEntry], values: dict[str, Any]) -> None:
        for entry in entries:
            if entry.difference is None:
                entry.difference = _all_of(values) if head.length == 0 else {}
            if entry.comment:
                self._comment(head, entry, entry.comment)
            self._entry(head, entry, entry.difference)

    def _entry(self, head: _Head, entry: NewEntry, difference: dict[str, Any]) -> None:
        position = head.length + 1
        rest = (entry.verb, entry.actor, entry.at, self.now, self.via, str(entry.audience))
        facts = chain.Facts(head.number, position, *rest, difference, entry.given)
        head.hash, head.length = chain.link(bytes(head.hash), facts), position
        given = as_json(entry.given)
        self.lines.append((head.key, position, *rest, as_json(difference), given, head.hash))

    def _comment(self, head: _Head, entry: NewEntry, comment: NewComment) -> None:
        if not self.comment_keys:
            self.comment_keys = take_keys(Comment, 500)
        key = self.comment_keys.pop()
        digest = hashlib.sha256(comment.text.encode()).hexdigest()
        entry.given |= {"comment": key, "sha256": digest}
        entry.audience = comment.audience
        self.comments.append(
            (key, head.key, str(comment.audience), comment.text, entry.actor, entry.at)
        )

    def put_down(self) -> None:
        """Write what was collected."""
        columns = "record_id position verb actor_id at written_at via audience"
        copy(Entry, [*columns.split(), "difference", "given", "hash"], self.lines)
        if self.comments:
            columns = "id record_id audience text said_by_id said_at"
            copy(Comment, columns.split(), self.comments)


def _all_of(values: dict[str, Any]) -> dict[str, Any]:
    """What a new record begins with, as the difference of its first entry."""
    return {
        column: [None, as_plain(value)]
        for column, value in values.items()
        if value not in (None, "", {}, []) and column not in _SILENT | _CHAIN
    }


def _edits(entries: Iterable[NewEntry]) -> int:
    return sum(bool((entry.difference or {}).keys() - Record.worked_out) for entry in entries)


def _locked(keys: Iterable[int]) -> list[tuple[int, str, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, chain_length, chain_head FROM core_record"
            " WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(keys)],
        )
        rows: list[tuple[int, str, int, bytes]] = cursor.fetchall()
    return rows


def _move_heads(
    heads: list[_Head],
    additions: Mapping[int, Addition],
    beside: Mapping[int, Mapping[str, Any]],
) -> None:
    edits = [_edits(additions[head.key].entries) for head in heads]
    latest = [max(entry.at for entry in additions[head.key].entries) for head in heads]
    more = tuple(next(iter(beside.values()), {}))
    types = target(Record).types
    set_ = "".join(f", {name} = new.{name}" for name in more)
    arrays = "".join(f", %s::{types[name]}[]" for name in more)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_record AS record SET chain_length = new.length, chain_head = new.hash,"  # noqa: S608 (ours)
            " version = version + new.edits, edited_at = greatest(edited_at, new.latest)"
            f"{set_} FROM unnest(%s::bigint[], %s::int[], %s::bytea[], %s::int[],"
            f" %s::timestamptz[]{arrays}) AS new"
            f" ({', '.join(('id', 'length', 'hash', 'edits', 'latest', *more))})"
            " WHERE record.id = new.id",
            [
                [head.key for head in heads],
                [head.length for head in heads],
                [head.hash for head in heads],
                edits,
                latest,
                *([beside[head.key][name] for head in heads] for name in more),
            ],
        )
