"""My work: what waits for one person over all kinds, in the order in which time runs out.

All sections are one question (`Digest`), compiled once for as long as a person's rights last.
"""

import functools
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from markupsafe import Markup

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.directory import duty
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.process import ProcessConfig
from evenkeel.core.records import visibility
from evenkeel.core.records.digest import Digest, First, Found, Part
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import lifecycles
from evenkeel.core.web import navigation, tones, words
from evenkeel.core.web.columns import priority_badge, state_badge
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

SHOWN = 8  # rows of a section
COUNTED = 99  # reading further would cost more than it tells; the lists count exactly
_DESKS = 128  # people whose questions are kept ready
_RUNS_OUT = (models.F("due_at").asc(nulls_last=True), "priority", "recorded_at")


class _Said(NamedTuple):
    """The words of a section, and the filters that show all of it in the lists."""

    title: str
    heading: str  # of the column of moments
    empty: str = ""  # what is said where there are none
    whole: str = ""


_SAID = {
    "mine": _Said(
        "Mine",
        "Due",
        "You own no case that waits for you; a case is yours when it names you its owner.",
        "is_open=yes&case_owner={login}",
    ),
    "unassigned": _Said(
        "Not assigned",
        "Recorded",
        "Everything has a team or an owner.",
        "is_open=yes&team=none&sort=recorded_at",
    ),
    "teams": _Said(
        "My teams",
        "Due",
        "Your teams have nothing open that is not yours.",
        "is_open=yes&team={teams}",
    ),
    "waiting": _Said("Waiting for others", "Due"),
    "oldest": _Said("Oldest", "Recorded", whole="is_open=yes&sort=recorded_at"),
    "watched": _Said("Watched", "Last edited"),
}


@dataclass(frozen=True)
class Row:
    """One thing to do, or to look at."""

    url: str
    number: str
    title: str
    state: Markup
    priority: Markup
    beside: str  # the service, team or record that it belongs to
    moment: Markup


@dataclass
class Section:
    """Things of one sort; `empty` is what is said where there are none."""

    name: str
    title: str
    heading: str  # of the column of moments
    empty: str = ""
    whole: str = ""  # the filters that show all of it in the lists
    rows: list[Row] = field(default_factory=list)
    count: int = 0
    more: list[tuple[str, str]] = field(default_factory=list)  # words and address of whole lists

    @property
    def said_count(self) -> str:
        """99+ where nobody counted on."""
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)


@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """My work for people who hold a role or belong to a team; the portal for all others."""
    if not user.rights.is_staff:
        return redirect("/portal/")
    sections = [part for part in sections_of(user) if part.rows or part.empty]
    held = duty.held_by(user, timezone.now())
    return draw(request, "work.html", {"sections": sections, "on_duty": held})


def sections_of(user: User) -> list[Section]:
    """All sections, in the order in which they are read."""
    desk = _Desk.of(user)
    digest = _digest(desk)
    found = digest.read()
    work = [_filled(section, found[section.name]) for section in _sections(user, digest.names)]
    return [work[0], _tasks(desk), *work[1:]]


@dataclass(frozen=True)
class _Desk:
    """What decides which records lie before a person: whoever has the same asks the same."""

    person: int
    reach: visibility.Reach
    managed: tuple[str, ...]
    teams: frozenset[int]

    @classmethod
    def of(cls, user: User) -> "_Desk":
        reach = visibility.reach(user)
        return cls(user.pk, reach, tuple(managed_kinds(user)), user.rights.teams)

    @property
    def records(self) -> "models.QuerySet[Record]":
        everything: models.QuerySet[Record] = Record.objects.all()
        if self.reach is False:
            return everything.filter(of_kind="")  # of which there is none
        return everything if self.reach is True else everything.filter(self.reach)

    @property
    def nobodys(self) -> Q:
        """A manager owns what has no other owner; that is no case of their own yet."""
        owner = Q(case_owner=None) | Q(case_owner=self.person)
        return Q(team=None, of_kind__in=self.managed) & owner


def _sections(user: User, names: list[str]) -> list[Section]:
    told = {"login": user.username, "teams": ",".join(user.rights.team_numbers)}
    return [
        Section(name, said.title, said.heading, said.empty, said.whole.format(**told))
        for name, said in ((name, _SAID[name]) for name in names)
    ]


@functools.lru_cache(_DESKS)
def _digest(desk: _Desk) -> Digest:
    """The question that fills all sections of records."""
    mine = Q(case_owner=desk.person)
    is_open = desk.records.filter(is_open=True)
    pressing = is_open.exclude(state__in=resting()).order_by(*_RUNS_OUT)
    owned = pressing.filter(mine)
    waiting = is_open.filter(mine, state__in=resting()).order_by(*_RUNS_OUT)
    watched = desk.records.filter(watches__person=desk.person).exclude(mine)
    parts = [
        Part("mine", owned.exclude(desk.nobodys) if desk.managed else owned, "due_at", "service")
    ]
    if desk.managed:
        by_age = is_open.order_by("recorded_at")
        parts.append(Part("unassigned", by_age.filter(desk.nobodys), "recorded_at", "team"))
    if desk.teams:
        found = pressing.filter(team__in=desk.teams).exclude(mine)
        parts.append(Part("teams", found, "due_at", "service"))
    parts.append(Part("waiting", waiting, "due_at", "service"))
    if desk.managed:
        everybodys = by_age.filter(of_kind__in=desk.managed)
        parts.append(Part("oldest", everybodys, "recorded_at", "team"))
    parts.append(Part("watched", watched.order_by("-edited_at"), "edited_at", "service"))
    return Digest(parts, shown=SHOWN, counted=COUNTED + 1)


def _tasks(desk: _Desk) -> Section:
    """What others asked this person to do inside a record."""
    read = _tasks_before(desk).rows()
    rows = [_task_row(*task) for task in read[:SHOWN]]
    return Section("tasks", "Tasks", "Due", rows=rows, count=len(read))


@functools.lru_cache(_DESKS)
def _tasks_before(desk: _Desk) -> Compiled:
    found = Task.objects.filter(assigned_to=desk.person, done_at=None, record__in=desk.records)
    names = ("title", "due_at", "record__number", "record__title", "record__of_kind")
    ordered = found.order_by("due_at", "pk").values_list(*names)[: COUNTED + 1]
    return Compiled(lambda: ordered)


def managed_kinds(user: User) -> list[str]:
    """The kinds of work whose process this person manages."""
    return [
        kind
        for kind, model in kinds().items()
        if navigation.is_work(kind) and user.rights.hold(RoleType.PROCESS_MANAGER, _code_of(model))
    ]


@functools.cache
def resting() -> tuple[str, ...]:
    """The states in which a case waits for somebody else, or is done but for a confirmation."""
    found = {
        state
        for kind, lifecycle in lifecycles().items()
        for state in lifecycle.states.values
        if tones.state(kind, state)[1] in {"wait", "done"}
    }
    return tuple(sorted(found))


def _code_of(model: type[Record]) -> str:
    config = apps.get_app_config(model._meta.app_label)
    return config.code if isinstance(config, ProcessConfig) else ""


def _filled(section: Section, found: Found) -> Section:
    section.count = found.count
    section.rows = [_row(row, section.heading) for row in found.rows]
    if section.whole:
        shown = [kinds()[kind] for kind in found.kinds]
        section.more = [
            (navigation.plural(model), f"/{model.collection}/?{section.whole}") for model in shown
        ]
    return section


def _row(row: First, heading: str) -> Row:
    said = words.due(row.moment) if heading == "Due" else words.when(row.moment)
    recorded = Markup('<span class="muted">recorded {}</span>')
    return Row(
        f"/{kinds()[row.of_kind].collection}/{row.number}/",
        row.number,
        row.title,
        state_badge(row.of_kind, row.state),
        priority_badge(row.priority),
        row.beside or "",
        said or recorded.format(words.when(row.recorded_at)),
    )


def _task_row(title: str, due_at: Any, number: str, record: str, kind: str) -> Row:
    return Row(
        f"/{kinds()[kind].collection}/{number}/#tasks",
        number,
        title,
        Markup(""),
        Markup(""),
        record,
        words.due(due_at),
    )
