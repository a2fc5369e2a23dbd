"""All that is held on somebody, found by every key that leads to their account.

What they asked for is told as the portal shows it to them; what they wrote, in full; of what they
did and answer for, which record it was, for the rest of it is about others.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models

from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import User
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record, kinds

# What lets somebody in, or stands for what is told beside it.
_SECRET = frozenset(
    {
        *("password", "digest", "session_key", "session_data", "hash", "data", "fingerprint"),
        *(
            "chain_head",
            "chain_length",
            "record_ptr",
            "token",
            "key",
            "body",
            "user",
            "unseen_notices",
        ),
    }
)
_IN_FULL = frozenset({Comment, Attachment})  # what they wrote


class Section(NamedTuple):
    """One file of what is held: its name, and its lines."""

    name: str
    lines: Iterator[dict[str, Any]]


def sections(person: Person) -> Iterator[Section]:
    """What is held, a section for each table that leads to the account."""
    account = person.user
    yield Section("account", iter([_row(account)]))
    yield Section("person", iter([_row(person)]))
    yield Section("person-history", _history(person))
    yield Section("asked-for", _asked_for(account))
    for relation in relations():
        lines = _lines(relation, account)
        yield Section(f"{relation.related_model._meta.model_name}-{relation.field.name}", lines)


def relations() -> Iterator["models.ManyToOneRel"]:
    """Every key that points to an account, but for what has a section of its own."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model is not Person:
            yield relation


def files(person: Person) -> Iterator[Attachment]:
    """The files that they added, and those on what they asked for that they may see."""
    theirs = models.Q(added_by=person.user)
    shown = models.Q(record__requester=person.user, audience=Audience.PUBLIC)
    found = Attachment.objects.filter(theirs | shown).select_related("record").order_by("pk")
    yield from found.iterator(chunk_size=500)


def _history(person: Person) -> Iterator[dict[str, Any]]:
    for entry in Entry.objects.filter(record_id=person.pk).order_by("position"):
        yield {**_deed(entry), "difference": entry.difference, "given": entry.given}


def _deed(entry: Entry) -> dict[str, Any]:
    return {"verb": entry.verb, "at": as_plain(entry.at), "via": str(entry.via)}


def _asked_for(account: User) -> Iterator[dict[str, Any]]:
    """Each in full, with what was said to them."""
    asked = Record.objects.filter(requester=account).exclude(of_kind=Person.kind())
    for bare in asked.order_by("pk").iterator(chunk_size=200):
        if bare.of_kind not in kinds():
            continue
        record = bare.in_full()
        said = Comment.objects.filter(record=bare, audience=Audience.PUBLIC).order_by("pk")
        yield {
            **_row(record, but=record.inside_fields),
            "comments": [_said(one, account) for one in said],
        }


def _said(one: Comment, account: User) -> dict[str, Any]:
    by_you = one.said_by_id == account.pk
    return {"text": one.text, "said_at": as_plain(one.said_at), "by_you": by_you}


def _lines(relation: "models.ManyToOneRel", account: User) -> Iterator[dict[str, Any]]:
    model: Any = relation.related_model
    held = model._base_manager.filter(**{relation.field.name: account}).order_by("pk")
    names = {field.name for field in model._meta.concrete_fields}
    if "record" in names:
        held = held.select_related("record")
    for row in held.iterator(chunk_size=500):
        if isinstance(row, Record):
            yield {"number": row.number, "as": relation.field.name}
        elif isinstance(row, Entry):
            yield {"number": row.record.number, **_deed(row)}
        else:
            of = {"number": row.record.number} if "record" in names and row.record else {}
            yield of | _row(row)


def _row(row: models.Model, *, but: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The columns in plain values; another account, or a record, by its key."""
    return {
        field.name: as_plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in _SECRET | but
    }
