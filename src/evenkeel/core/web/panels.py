"""What hangs off a record, for the panels beside its timeline; each read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q
from markupsafe import Markup

from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.comments import Attachment
from evenkeel.core.records.durations import SecondsField
from evenkeel.core.records.links import INVERSE, Link, Origin, Reference
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Task, Watch
from evenkeel.core.rules import registry
from evenkeel.core.web import columns, verbs, words
from evenkeel.core.web.names import VIP, Key, Names, named
from evenkeel.core.web.phrases import Known
from evenkeel.core.web.screen import Beside, Group, Screen

NOTICES = 10  # of those who were told
HANGING = ("attachment", "task", "watch", "reference", "origin", "notice", "link")
_HANGS = """
    SELECT EXISTS (SELECT 1 FROM core_attachment WHERE record_id = %(pk)s),
           EXISTS (SELECT 1 FROM core_task WHERE record_id = %(pk)s),
           EXISTS (SELECT 1 FROM core_watch WHERE record_id = %(pk)s),
           EXISTS (SELECT 1 FROM core_reference WHERE record_id = %(pk)s),
           EXISTS (SELECT 1 FROM core_origin WHERE record_id = %(pk)s),
           EXISTS (SELECT 1 FROM core_notice WHERE record_id = %(pk)s),
           EXISTS (SELECT 1 FROM core_link WHERE source_id = %(pk)s OR target_id = %(pk)s)
"""


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
        self.names = Names(reader, ())  # of the `keys`; the page reads them with the timeline's

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
        if not (self.has("attach") and self._hangs["attachment"]):
            return []
        files = readable.attachments(self.record, self.reader)
        return list(files.select_related("content", "added_by").order_by("-added_at", "-pk"))

    @cached_property
    def tasks(self) -> list[Task]:
        """The tasks with their steps; outside the process, only one's own."""
        if not self._hangs["task"]:
            return []
        tasks = readable.tasks(self.record, self.reader).select_related("assigned_to")
        return list(tasks.order_by("done_at", "pk"))

    @cached_property
    def links(self) -> list[Linked]:
        """The linked records that this reader may see, from either side."""
        here = self.record.pk
        if not self._hangs["link"]:
            return []
        links = list(Link.objects.filter(Q(source_id=here) | Q(target_id=here)).order_by("pk"))
        ends = {link.target_id if link.source_id == here else link.source_id for link in links}
        seen = Record.objects.visible_to(self.reader).in_bulk(ends) if ends else {}
        return [found for link in links if (found := _linked(link, here, seen))]

    @cached_property
    def watchers(self) -> list[User]:
        """Who hears of it; outside the process, only oneself."""
        if not (self.has("watch") and self._hangs["watch"]):
            return []
        watches = Watch.objects.filter(record_id=self.record.pk).select_related("person")
        people = [watch.person for watch in watches]
        return people if self.inside else [p for p in people if p == self.reader]

    @cached_property
    def references(self) -> list[Reference]:
        """What it points to outside, as long as the thing itself is not here."""
        if not (self.inside and self._hangs["reference"]):
            return []
        return list(Reference.objects.filter(record_id=self.record.pk).select_related("target"))

    @cached_property
    def origins(self) -> list[Origin]:
        """The rows of other systems that it came from."""
        if not (self.inside and self._hangs["origin"]):
            return []
        return list(Origin.objects.filter(record_id=self.record.pk))

    @cached_property
    def notices(self) -> list[Notice]:
        """The last of whom was told, and what became of the mail."""
        if not (self.inside and self._hangs["notice"]):
            return []
        told = Notice.objects.filter(record_id=self.record.pk).select_related("recipient", "entry")
        return list(told.order_by("-pk")[:NOTICES])

    @cached_property
    def own(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The panels that only this kind has."""
        return self._drawn(self.screen.beside)

    @cached_property
    def head(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What nobody may overlook, below the title."""
        return self._drawn(self.screen.head)

    @cached_property
    def above(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The same, for what is too wide to hang beside."""
        return self._drawn(self.screen.above)

    @cached_property
    def below(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The same, for what comes after the long texts."""
        return self._drawn(self.screen.below)

    @cached_property
    def later(self) -> list[str]:
        """The addresses of what comes when the page is there."""
        there = (later for later in self.screen.later if later.is_there())
        wanted = [later for later in there if self.may(later.verb)]
        return [f"{self.record.url}later/{later.name}/" for later in wanted]

    def _drawn(self, panels: tuple[Beside, ...]) -> list[tuple[str, str, dict[str, Any]]]:
        return [panel for draw in panels if (panel := draw(self.record, self.reader))]

    @cached_property
    def _hangs(self) -> dict[str, bool]:
        """Of what there is anything at all: one query spares most pages six."""
        with connection.cursor() as cursor:
            cursor.execute(_HANGS, {"pk": self.record.pk})
            return dict(zip(HANGING, cursor.fetchone(), strict=True))

    @cached_property
    def known(self) -> Known:
        """What the entries may point to, by key."""
        steps = {step.pk: step.text for task in self.tasks for step in task.steps.all()}
        tasks = {task.pk: task.title for task in self.tasks}
        return Known({file.pk: file for file in self.files}, steps, tasks)

    def keys(self) -> Iterator[Key]:
        """Whose names the facts will say."""
        grouped = (name for group in self.screen.groups for name in group.fields)
        for name in {*grouped, "team", "case_owner"}:
            field = self.screen.field(name)
            model, pk = named(field.related_model), getattr(self.record, field.attname)
            if model and pk:
                yield model, pk

    def _facts(self, *, long: bool = False) -> Iterator[tuple[str, list[Fact]]]:
        for group in (one for one in self.screen.groups if self._is_drawn(one)):
            names = self.screen.shown(group.fields, self.reader)
            found = [name for name in names if columns.is_long(self.screen, name) is long]
            yield group.title, [self._fact(name) for name in found if name != "title"]

    def _is_drawn(self, group: Group) -> bool:
        return group.is_drawn and bool(getattr(self.record, group.only_with or "pk"))

    def _fact(self, name: str) -> Fact:
        field = self.screen.field(name)
        value = getattr(self.record, field.attname)
        because = getattr(self.record, self.screen.because.get(name, ""), None) or None
        title = columns.heading(type(self.record), field)
        if value and (model := named(field.related_model)):
            said = self.names.of(model, value)
            if name == "requester" and self.inside and self.names.is_vip(value):
                said = Markup("{} {}").format(said, VIP)
            return Fact(name, title, said, because)
        if value and columns.is_address(field):
            way = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(value)
            return Fact(name, title, way, because)
        return Fact(name, title, self._said(name, value), because)

    def _said(self, name: str, value: Any) -> str:
        if value in (None, "", {}, []):
            return ""
        if name == "state":
            return columns.state_badge(self.record.of_kind, value)
        if name == "priority":
            return columns.priority_badge(value)
        if name == "due_at":
            return words.due(value, is_open=self.record.is_open)
        if isinstance(self.screen.field(name), SecondsField):
            return words.lasting(value)
        chosen = getattr(self.record, f"get_{name}_display", None)
        return str(chosen()) if chosen else words.value(value)


def _linked(link: Link, here: int, seen: dict[int, Record]) -> Linked | None:
    outwards = link.source_id == here
    other = seen.get(link.target_id if outwards else link.source_id)
    if other is None:
        return None
    sense = link.get_kind_display() if outwards else INVERSE[link.kind]
    return Linked(sense, other, link.kind if outwards else "")
