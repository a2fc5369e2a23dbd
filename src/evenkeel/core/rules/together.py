"""A verb on many records at once: the same frame as for one, in few statements.

Permission, state, body, validation, entry and chain are those of the action itself; only what is
written is gathered. The caller holds the transaction, and the locks on records that are there.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models, transaction

from evenkeel.core.database.writing import line
from evenkeel.core.people.models import User
from evenkeel.core.records import copying, numbering
from evenkeel.core.records.copying import as_json, take_keys
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import action as frame
from evenkeel.core.rules.action import Action, Doing
from evenkeel.core.rules.difference import values

Pair = tuple[Record, Entry]
# What hears each action in its transaction -> the same for many at once; others hear one by one.
instead: dict[Callable[[Record, Entry], None], Callable[[Sequence[Pair]], None]] = {}
_ENTRY = (
    *("id", "record_id", "position", "verb", "actor_id", "at", "written_at", "via", "audience"),
    *("difference", "given", "hash"),
)


class Deed(NamedTuple):
    """A verb, on which record, and what it is told."""

    action: Action
    record: Record
    inputs: Mapping[str, Any]


def do(deeds: Sequence[Deed], *, by: User, at: datetime, via: str) -> None:
    """Do these, all of which make records of one kind or all of which go on with such.

    Raises Denied or Invalid as the verbs do; the caller then lets go of the whole transaction.
    """
    if not deeds:
        return
    action = deeds[0].action
    first = numbering.take(action.model.kind(), len(deeds)) if action.creates else 0
    pairs: list[Pair] = []
    moved: dict[int, set[str]] = {}
    with frame.going_by(via):
        for place, deed in enumerate(deeds):
            changed, entry = _one(deed, Doing(deed.action.verb, by, at), via, first + place)
            pairs.append((deed.record, entry))
            moved.setdefault(id(deed.record), set()).update(changed)
        if action.creates:
            _insert(action.model, [deed.record for deed in deeds])
        else:
            _update(action.model, [deed.record for deed in deeds], moved)
        _put_down(pairs)
        for hear in frame.within:
            _let_hear(hear, pairs)
    for _, entry in pairs:
        transaction.on_commit(functools.partial(frame.publish, entry))


def _one(deed: Deed, doing: Doing, via: str, number: int) -> tuple[dict[str, list[Any]], Entry]:
    record, action = deed.record, deed.action
    before = {} if action.creates else values(record)
    given = action.perform(record, by=doing.by, at=doing.at, inputs=deed.inputs)
    for turn in frame.turning:
        turn(record, before, doing)
    return action.enter(record, before, doing, via, given, number)


def _insert(model: type[Record], records: Sequence[Record]) -> None:
    for record, key in zip(records, take_keys(Record, len(records)), strict=True):
        for table in line(model):
            setattr(record, str(table._meta.pk.attname), key)
        record._state.adding = False
    for table in line(model):
        aim, names = copying.target(table), _columns(table)
        rows = [
            aim.row({column: getattr(record, name) for name, column in names.items()})
            for record in records
        ]
        copying.copy(table, aim.columns, rows)


def _update(model: type[Record], records: Sequence[Record], moved: Mapping[int, set[str]]) -> None:
    found = {record.pk: record for record in records}
    for table in line(model):
        names = _columns(table)
        values_of = {
            key: {
                names[name]: getattr(record, name)
                for name in (*moved[id(record)], *frame.KEPT)
                if name in names
            }
            for key, record in found.items()
        }
        copying.update(table, values_of)


@functools.cache
def _columns(table: type[models.Model]) -> dict[str, str]:
    """Attribute -> column, of the table of a model itself."""
    return {field.attname: str(field.column) for field in table._meta.local_concrete_fields}


def _put_down(pairs: Sequence[Pair]) -> None:
    """Write the entries, each with the key that a job may name."""
    for (record, entry), key in zip(pairs, take_keys(Entry, len(pairs)), strict=True):
        entry.pk, entry.record, entry._state.adding = key, record, False
    copying.copy(Entry, _ENTRY, [_row(entry) for _, entry in pairs])


def _row(entry: Entry) -> list[Any]:
    found = [getattr(entry, name) for name in _ENTRY]
    found[7:11] = [
        str(entry.via),
        str(entry.audience),
        as_json(entry.difference),
        as_json(entry.given),
    ]
    return found


def _let_hear(hear: Callable[[Record, Entry], None], pairs: Sequence[Pair]) -> None:
    if many := instead.get(hear):
        many(pairs)
        return
    for pair in pairs:
        hear(*pair)
