"""Redaction: what must not be kept goes out of a history, and the chain still proves the rest.

An entry that is redacted keeps its hash, which then fits it no more. The entry of the redaction,
at the end of the same chain, says of each: the hash that it had, and the hash of what is left of
it. So what is left cannot be changed afterwards, nor can anything around it, and a checkpoint of
before still fits. What was taken out is gone; that it was, when, by whom and why, is evidence.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from django.db import connection

from evenkeel.core.records import chain, sealing
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.copying import as_json
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record

MARK = "[redacted]"
_ALLOW = "SELECT set_config('evenkeel.redacting', %s, true)"
_WRITE = "UPDATE core_entry SET difference = %s, given = %s, actor_id = %s WHERE id = %s"


class Broken(Exception):
    """The chain does not hold as it is, so nothing is taken out of it; the message says where."""


class Redactor(Protocol):
    """What has to go, asked of each text in turn."""

    def text(self, text: str) -> str:
        """What is left of a text, of whatever it is."""
        ...

    def field(self, record: Record, column: str, value: Any) -> Any:
        """What is left of the value of a column, now or in an entry of before."""
        ...

    def given(self, key: str, value: Any) -> Any:
        """What is left of what a verb was told beside the fields."""
        ...

    def comment(self, said: Comment) -> str:
        """What is left of what somebody said."""
        ...

    def drops(self, file: Attachment) -> bool:
        """Does this file go as a whole?"""
        ...

    def forgets(self, account: int | None) -> bool:
        """Does a history no longer say that this account did it?"""
        ...


class Redacted(NamedTuple):
    """An entry out of which something was taken."""

    position: int
    had: str  # its hash
    left: str  # the hash of what is left of it


def strike(record: Record, redactor: Redactor) -> list[Redacted]:
    """Redact the entries of a record that is locked; the caller writes down what is answered.

    Raises Broken where the chain does not hold: redaction would hide it.
    """
    if fault := sealing.first_fault(record):
        raise Broken(fault)
    struck = []
    for entry in Entry.objects.filter(record_id=record.pk).order_by("position"):
        if entry.verb.endswith(chain.REDACTS):
            continue
        before = (entry.difference, entry.given, entry.actor_id)
        entry.difference = {
            column: [redactor.field(record, column, value) for value in both]
            for column, both in entry.difference.items()
        }
        entry.given = {key: redactor.given(key, value) for key, value in entry.given.items()}
        entry.actor_id = None if redactor.forgets(entry.actor_id) else entry.actor_id
        if before != (entry.difference, entry.given, entry.actor_id):
            struck.append(entry)
    return [_written(record, entry) for entry in struck]


def deep(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [deep(one, change) for one in value]
    if isinstance(value, dict):
        return {key: deep(one, change) for key, one in value.items()}
    return value


def _written(record: Record, entry: Entry) -> Redacted:
    had = bytes(entry.hash)
    with connection.cursor() as cursor:
        cursor.execute(_ALLOW, ["on"])
        told = (as_json(entry.difference), as_json(entry.given))
        cursor.execute(_WRITE, [*told, entry.actor_id, entry.pk])
        cursor.execute(_ALLOW, ["off"])
    left = chain.link(had, entry.facts(record.number))
    return Redacted(entry.position, had.hex(), left.hex())
