"""The timeline of a record: its entries as sentences, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.forms import ChoiceField, DateField, DateTimeField
from markupsafe import Markup

from evenkeel.core.people.models import User
from evenkeel.core.records import mentions, readable
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.durations import SecondsField
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry
from evenkeel.core.rules.inputs import ReferenceField
from evenkeel.core.web import columns, mentioning, phrases, words
from evenkeel.core.web.names import Key, Names, named

# On a page, or as a part of another verb, needs no word.
WAYS = {
    Via.REST: "through the API",
    Via.COMMAND: "on the command line",
    Via.JOB: "by a job",
    Via.IMPORT: "by an import",
    Via.DEMO: "in the demonstration",
}
SIZE = 25
# What the frame keeps, or another line of the same entry says better.
SILENT = frozenset(
    {"is_open", "number", "recorded_at", "closed_at", "requester_id", "edition", "uses", "used_at"}
)
# Their phrase says it all; what ended with figures has them in a panel.
QUIET = frozenset({"comment", "note", "attach", "watch", "unwatch", "finish"})
Said = str | Markup


@dataclass(frozen=True)
class Line:
    """One thing that was done, as a page tells it."""

    entry: Entry
    who: str
    phrase: Said
    icon: str
    inside: bool
    via: str
    text: Sequence[mentioning.Piece] = ()
    files: list[Attachment] = field(default_factory=list)
    remarks: list[tuple[str, Said]] = field(default_factory=list)
    edits: list[tuple[str, Said, Said]] = field(default_factory=list)
    row: Mapping[str, Any] | None = None  # as the other system had it


class Timeline:
    """A page of it. `files` are the attachments, `steps` the task steps that the reader may see."""

    def __init__(
        self, record: Record, reader: User, *, inside: bool, before: int | None = None
    ) -> None:
        self.record, self.reader, self.inside = record, reader, inside
        found = readable.newest_entries(record, reader, before=before, most=SIZE + 1)
        self.entries = found[:SIZE]
        self.older = found[SIZE - 1].position if len(found) > SIZE else None

    def lines(self, names: Names, known: phrases.Known) -> Iterator[Line]:
        """The lines of this page, newest first; `names` know the `keys`."""
        self.names, files = names, list(known.files.values())
        comments = self._comments()
        for entry in self.entries:
            added = known.files.get(entry.given.get("attachment", 0))
            if added and added.comment_id:
                continue  # it stands under what was said with it
            said = comments.get(entry.given.get("comment", 0))
            yield Line(
                entry,
                names.account(entry.actor_id) or "Someone",
                phrases.phrase(entry, known),
                phrases.icon(entry),
                self.inside and entry.audience == Audience.INTERNAL,
                WAYS.get(Via(entry.via), ""),
                self._text(entry, said.text) if said else (),
                [f for f in reversed(files) if said and f.comment_id == said.pk],
                list(self._remarks(entry)),
                list(self._edits(entry)),
                entry.given.get("row") if self.inside else None,
            )

    def _text(self, entry: Entry, text: str) -> list[mentioning.Piece]:
        found = mentions.of(entry)
        return mentioning.pieces(text, found, self.names.accounts, self._urls if found else {})

    @cached_property
    def _urls(self) -> dict[int, str]:
        people = (one.person for entry in self.entries for one in mentions.of(entry))
        return mentioning.urls(self.reader, people)

    def _comments(self) -> dict[int, Comment]:
        wanted = [
            e.given["comment"] for e in self.entries if "sha256" in e.given and "comment" in e.given
        ]
        if not wanted:
            return {}
        comments = readable.comments(self.record, self.reader).filter(pk__in=wanted)
        return {comment.pk: comment for comment in comments}

    def _columns(self, entry: Entry) -> Iterator[tuple["models.Field[Any, Any]", Any, Any]]:
        """The fields that an entry changed and that this reader may see, with both values."""
        if phrases.verb(entry) == "record":
            return
        known = {f.attname: f for f in self.record._meta.concrete_fields}
        for column, (before, after) in entry.difference.items():
            found = known.get(column)
            if found is None or column in SILENT or isinstance(found, models.JSONField):
                continue
            if self.inside or found.name not in self.record.inside_fields:
                yield found, before, after

    def keys(self) -> Iterator[Key]:
        """Whose names the lines will say."""
        for entry in self.entries:
            if entry.actor_id:
                yield User, entry.actor_id
            yield from ((User, one.person) for one in mentions.of(entry))
            for column, *values in self._columns(entry):
                if model := named(column.related_model):
                    yield from ((model, pk) for pk in values if pk is not None)
            for _, asked, value in self._inputs(entry):
                model = named(asked.model) if isinstance(asked, ReferenceField) else None
                if model and isinstance(value, int):
                    yield model, value

    def _edits(self, entry: Entry) -> Iterator[tuple[str, Said, Said]]:
        for column, before, after in self._columns(entry):
            name = columns.heading(type(self.record), column)
            yield name, self._said(column, before), self._said(column, after)

    def _said(self, column: "models.Field[Any, Any]", value: Any) -> Said:
        if value in (None, ""):
            return ""
        if model := named(column.related_model):
            return self.names.of(model, value)
        if column.name == "state":
            return columns.state_badge(self.record.of_kind, value)
        if isinstance(column, models.DateTimeField):
            return words.exact(column.to_python(value))
        if isinstance(column, SecondsField):
            return words.lasting(value)
        return _plain(column, value)

    def _inputs(self, entry: Entry) -> Iterator[tuple[str, Any, Any]]:
        """What the verb was told beside the fields of the record: label, form field, value."""
        action = registry.get(entry.verb)
        if action is None:
            rest = {k: v for k, v in entry.given.items() if k not in ("row", "source")}
            yield from ((words.label(k), None, v) for k, v in rest.items() if v not in (None, ""))
        elif action.verb not in QUIET | set(phrases.PHRASES):
            hidden = frozenset() if self.inside else action.inside_inputs
            for name, asked in action.form_class.base_fields.items():
                value = None if name in hidden else entry.given.get(name)
                if value not in (None, "") and not isinstance(value, dict | list):
                    yield str(asked.label or words.label(name)), asked, value

    def _remarks(self, entry: Entry) -> Iterator[tuple[str, Said]]:
        yield from entry.given.get("also", {}).items()  # what else came of it, in words
        for label, asked, value in self._inputs(entry):
            if isinstance(asked, ReferenceField) and isinstance(value, int):
                model = named(asked.model)
                yield label, self.names.of(model, value) if model else str(value)
            elif isinstance(asked, ChoiceField):
                said = dict(asked.choices)  # type: ignore[arg-type]  # pairs, when not grouped
                yield label, str(said.get(value, value))
            elif isinstance(asked, DateTimeField) and (moment := asked.to_python(value)):
                yield label, words.exact(moment)
            elif isinstance(asked, DateField) and (day := asked.to_python(value)):
                yield label, words.day(day)
            else:
                yield label, words.value(value)


def _plain(column: "models.Field[Any, Any]", value: Any) -> Said:
    if column.name == "priority":
        return f"P{value}"
    if columns.is_day(column):
        return words.day(column.to_python(value))
    return str(dict(column.flatchoices).get(value, value)) if column.choices else words.value(value)
