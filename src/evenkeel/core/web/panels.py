"""What hangs off a record, for the panels beside its timeline; each read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.comments import Attachment
from evenkeel.core.records.links import INVERSE, Link, Origin, Reference
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Task, Watch
from evenkeel.core.rules import registry
from evenkeel.core.web import columns, verbs, words
from evenkeel.core.web.screen import Screen


@dataclass(frozen=True)
class Linked:
    """A record at the other end of a link."""

    sense: str
    record: Record
    kind: str  # "" where the link comes from the other side, and is removed there


@dataclass(frozen=True)
class Fact:
    """One field: its label, its value in words, and where it was computed, why."""

    name: str
    label: str
    value: str
    because: Any = None


class Panels:
    """Everything beside the timeline that this reader may see."""

    def __init__(self, screen: Screen, record: Record, reader: User, *, inside: bool) -> None:
        self.screen, self.record, self.reader, self.inside = screen, record, reader, inside

    def has(self, verb: str) -> bool:
        """Is there such a verb for this kind of record?"""
        return f"{self.record.collection}.{verb}" in registry

    def may(self, verb: str) -> bool:
        """May this reader do it now?"""
        return verbs.may(self.record, self.reader, verb)

    @cached_property
    def texts(self) -> list[Fact]:
        """The long texts, which stand above the timeline."""
        return [fact for _, facts in self._facts(long=True) for fact in facts if fact.value]

    @cached_property
    def facts(self) -> list[tuple[str, list[Fact]]]:
        """The other fields, group by group; a group without a value is left out."""
        return [(title, facts) for title, facts in self._facts() if any(f.value for f in facts)]

    @cached_property
    def files(self) -> list[Attachment]:
        """The attachments, newest first."""
        if not self.has("attach"):
            return []
        files = readable.attachments(self.record, self.reader)
        return list(files.select_related("content", "added_by").order_by("-added_at", "-pk"))

    @cached_property
    def tasks(self) -> list[Task]:
        """The tasks with their steps; outside the process, only one's own."""
        if not self.has("add_task"):
            return []
        tasks = readable.tasks(self.record, self.reader).select_related("assigned_to")
        return list(tasks.order_by("done_at", "pk"))

    @cached_property
    def links(self) -> list[Linked]:
        """The linked records that this reader may see, from either side."""
        here = self.record.pk
        links = list(Link.objects.filter(Q(source_id=here) | Q(target_id=here)).order_by("pk"))
        ends = {link.target_id if link.source_id == here else link.source_id for link in links}
        seen = Record.objects.visible_to(self.reader).in_bulk(ends) if ends else {}
        return [found for link in links if (found := _linked(link, here, seen))]

    @cached_property
    def watchers(self) -> list[User]:
        """Who hears of it; outside the process, only oneself."""
        if not self.has("watch"):
            return []
        watches = Watch.objects.filter(record_id=self.record.pk).select_related("person")
        people = [watch.person for watch in watches]
        return people if self.inside else [p for p in people if p == self.reader]

    @cached_property
    def references(self) -> list[Reference]:
        """What it points to outside, as long as the thing itself is not here."""
        if not self.inside:
            return []
        return list(Reference.objects.filter(record_id=self.record.pk).select_related("target"))

    @cached_property
    def origins(self) -> list[Origin]:
        """The rows of other systems that it came from."""
        return list(Origin.objects.filter(record_id=self.record.pk)) if self.inside else []

    @cached_property
    def own(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The panels that only this kind has."""
        drawn = (draw(self.record, self.reader) for draw in self.screen.beside)
        return [panel for panel in drawn if panel]

    def _facts(self, *, long: bool = False) -> Iterator[tuple[str, list[Fact]]]:
        for group in self.screen.groups:
            names = self.screen.shown(group.fields, self.reader)
            found = [name for name in names if columns.is_long(self.screen, name) is long]
            yield group.title, [self._fact(name) for name in found if name != "title"]

    def _fact(self, name: str) -> Fact:
        field, value = self.screen.field(name), getattr(self.record, name)
        because = getattr(self.record, self.screen.because.get(name, ""), None) or None
        return Fact(name, columns.title(field), self._said(name, value), because)

    def _said(self, name: str, value: Any) -> str:
        if value in (None, "", {}, []):
            return ""
        if name == "state":
            return columns.state_badge(self.record.of_kind, value)
        if name == "priority":
            return columns.priority_badge(value)
        if name == "due_at":
            return words.due(value, is_open=self.record.is_open)
        chosen = getattr(self.record, f"get_{name}_display", None)
        return str(chosen()) if chosen else words.value(value)


def _linked(link: Link, here: int, seen: dict[int, Record]) -> Linked | None:
    outwards = link.source_id == here
    other = seen.get(link.target_id if outwards else link.source_id)
    if other is None:
        return None
    sense = link.get_kind_display() if outwards else INVERSE[link.kind]
    return Linked(sense, other, link.kind if outwards else "")
