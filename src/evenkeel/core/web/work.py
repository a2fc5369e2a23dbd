"""My work: what waits for one person over all kinds, in the order in which time runs out.

Each section is one query on an index of `Record`, which reads as far as it is worth counting.
"""

import functools
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from markupsafe import Markup

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.process import ProcessConfig
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.tasks import Task
from evenkeel.core.web import navigation, tones, words
from evenkeel.core.web.columns import priority_badge, state_badge
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

SHOWN = 8  # rows of a section
COUNTED = 99  # reading further would cost more than it tells; the lists count exactly
FIELDS = ("number", "of_kind", "title", "state", "priority", "recorded_at")
_RUNS_OUT = (models.F("due_at").asc(nulls_last=True), "priority", "recorded_at")


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
    if not (user.rights.roles or user.rights.teams):
        return redirect("/portal/")
    sections = [part for part in sections_of(user) if part.rows or part.empty]
    return draw(request, "work.html", {"sections": sections})


def sections_of(user: User) -> list[Section]:
    """All sections, in the order in which they are read."""
    desk = _Desk(user)
    sections = [desk.mine(), desk.tasks()]
    if desk.managed:
        sections.append(desk.unassigned())
    if user.rights.teams:
        sections.append(desk.teams())
    sections.append(desk.waiting())
    if desk.managed:
        sections.append(desk.oldest())
    return [*sections, desk.watched()]


class _Desk:
    """What lies before one person."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.managed = managed_kinds(user)
        self.records = Record.objects.visible_to(user)
        self.open = self.records.filter(is_open=True)
        self.pressing = self.open.exclude(state__in=resting()).order_by(*_RUNS_OUT)
        # A manager owns what has no other owner; that is no case of their own yet.
        owner = Q(case_owner=None) | Q(case_owner=user)
        self.nobodys = Q(team=None, of_kind__in=self.managed) & owner

    def mine(self) -> Section:
        found = self.pressing.filter(case_owner=self.user)
        return _filled(
            Section(
                "mine",
                "Mine",
                "Due",
                "You own no case that waits for you; a case is yours when it names you its owner.",
            ),
            found.exclude(self.nobodys) if self.managed else found,
            f"is_open=yes&case_owner={self.user.username}",
        )

    def unassigned(self) -> Section:
        return _filled(
            Section("unassigned", "Not assigned", "Recorded", "Everything has a team or an owner."),
            self.open.filter(self.nobodys).order_by("recorded_at"),
            "is_open=yes&team=none&sort=recorded_at",
            "recorded_at",
        )

    def teams(self) -> Section:
        rights = self.user.rights
        return _filled(
            Section("teams", "My teams", "Due", "Your teams have nothing open that is not yours."),
            self.pressing.filter(team__in=rights.teams).exclude(case_owner=self.user),
            f"is_open=yes&team={','.join(rights.team_numbers)}",
        )

    def waiting(self) -> Section:
        mine = self.open.filter(case_owner=self.user, state__in=resting())
        return _filled(Section("waiting", "Waiting for others", "Due"), mine.order_by(*_RUNS_OUT))

    def oldest(self) -> Section:
        return _filled(
            Section("oldest", "Oldest", "Recorded"),
            self.open.filter(of_kind__in=self.managed).order_by("recorded_at"),
            "is_open=yes&sort=recorded_at",
            "recorded_at",
        )

    def watched(self) -> Section:
        return _filled(
            Section("watched", "Watched", "Last edited"),
            self.records.filter(watches__person=self.user)
            .exclude(case_owner=self.user)
            .order_by("-edited_at"),
            moment="edited_at",
        )

    def tasks(self) -> Section:
        """What others asked this person to do inside a record."""
        section = Section("tasks", "Tasks", "Due")
        tasks = Task.objects.filter(assigned_to=self.user, done_at=None, record__in=self.records)
        names = ("title", "due_at", "record__number", "record__title", "record__of_kind")
        read = list(tasks.order_by("due_at", "pk").values(*names)[: COUNTED + 1])
        section.rows = [_task_row(task) for task in read[:SHOWN]]
        section.count = len(read)
        return section


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
        for kind, lifecycle in tones.lifecycles().items()
        for state in lifecycle.states.values
        if tones.state(kind, state)[1] in {"wait", "done"}
    }
    return tuple(sorted(found))


def _code_of(model: type[Record]) -> str:
    config = apps.get_app_config(model._meta.app_label)
    return config.code if isinstance(config, ProcessConfig) else ""


def _filled(
    section: Section, found: "models.QuerySet[Record]", whole: str = "", moment: str = "due_at"
) -> Section:
    """Fill a section; `whole` are the filters that show all of it in the lists."""
    beside = "team__title" if section.name in {"unassigned", "oldest"} else "service__title"
    names = dict.fromkeys((*FIELDS, moment, beside))
    read = list(found.values(*names)[: COUNTED + 1])
    section.rows = [_row(values, beside, moment) for values in read[:SHOWN]]
    section.count = len(read)
    if whole:
        shown = dict.fromkeys(values["of_kind"] for values in read)
        section.more = [
            (navigation.plural(kinds()[kind]), f"/{kinds()[kind].collection}/?{whole}")
            for kind in shown
        ]
    return section


def _row(values: dict[str, Any], beside: str, moment: str) -> Row:
    recorded = Markup('<span class="muted">recorded {}</span>')
    if moment == "due_at":
        said = words.due(values["due_at"]) or recorded.format(words.when(values["recorded_at"]))
    else:
        said = words.when(values[moment])
    return Row(
        f"/{kinds()[values['of_kind']].collection}/{values['number']}/",
        values["number"],
        values["title"],
        state_badge(values["of_kind"], values["state"]),
        priority_badge(values["priority"]),
        values[beside] or "",
        said,
    )


def _task_row(task: dict[str, Any]) -> Row:
    return Row(
        f"/{kinds()[task['record__of_kind']].collection}/{task['record__number']}/#tasks",
        task["record__number"],
        task["title"],
        Markup(""),
        Markup(""),
        task["record__title"],
        words.due(task["due_at"]),
    )
