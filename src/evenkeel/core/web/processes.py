"""The page of a process: what it keeps, who answers for it, and how each kind goes its way.

All of it is read from the running definitions, so that it cannot say anything else than they do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.directory.models import Role
from evenkeel.core.figures import declaring
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.process import ProcessConfig
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Lifecycle, lifecycles, registry
from evenkeel.core.rules.explaining import explained
from evenkeel.core.schemes.scope import CARRIED
from evenkeel.core.web import navigation, questions, words
from evenkeel.core.web.diagram import NOTHING, Diagram, lines_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.screen import screens
from evenkeel.core.web.visitor import signed_in

ROLES = (RoleType.PROCESS_OWNER, RoleType.PROCESS_MANAGER, RoleType.PROCESS_STAFF)


@dataclass(frozen=True)
class Way:
    """One way from a state to another: by which verb, and who may go it."""

    start: str
    verb: str
    end: str
    who: str
    help: str


@require_safe
@signed_in
def show(request: HttpRequest, user: User, process: str) -> HttpResponseBase:
    """What a process is for, what it keeps and produces, and who answers for it."""
    about = questions.abouts.get(process)
    config = process_of(process, user, is_open=_answers(process, user))
    kept = [_kept(model) for model in kinds_of(config, user)]
    context = {
        "process": config,
        "title": _title(config),
        "about": about,
        "produced": list(questions.produced(about, user)) if about else [],
        "kept": kept,
        "roles": _roles(config, user),
        "has_figures": bool(kept) and any(declaring.of(config.label)),
        "carried": carried_by(config),
    }
    return draw(request, "process.html", context)


@require_safe
@signed_in
def states(request: HttpRequest, user: User, process: str, collection: str) -> HttpResponseBase:
    """The states of a kind and the verbs between them: as a picture and as a table."""
    config = process_of(process, user)
    model = next((m for m in kinds_of(config, user) if m.collection == collection), None)
    if model is None:
        raise Http404(f"{process} keeps no {collection}.")
    lifecycle = lifecycles()[model.kind()]
    context = {
        "process": config,
        "title": f"The way of {_a(navigation.one(model))}",
        "one": navigation.one(model),
        "diagram": Diagram(model.kind(), lifecycle),
        "ways": list(_ways(model, lifecycle)),
        "stays": list(_stays(lifecycle)),
        "list": navigation.place(model),
    }
    return draw(request, "states.html", context)


def may_open(config: ProcessConfig, user: User) -> bool:
    """Is the page of this process for this person?"""
    return bool(kinds_of(config, user)) or _answers(config.label, user)


def carried_by(config: ProcessConfig) -> list[tuple[str, bool]]:
    """The FitSM codes of which a package carries something, and whether only the light part."""
    found = [(code, one.light) for code, one in CARRIED.items() if one.process == config.label]
    return found or [(config.code, False)]


def _answers(process: str, user: User) -> bool:
    about = questions.abouts.get(process)
    return bool(about and about.read_by(user))


def process_of(name: str, user: User, *, is_open: bool = False) -> ProcessConfig:
    """The process of that name, for whoever is inside of something that it keeps; 404 otherwise."""
    config = apps.app_configs.get(name)
    if not isinstance(config, ProcessConfig) or not (is_open or kinds_of(config, user)):
        raise Http404(f"There is no process {name}, or it is not yours to see.")
    return config


def kinds_of(config: ProcessConfig, user: User) -> list[type[Record]]:
    """The kinds that a process keeps, as far as this person is inside."""
    return [
        screen.model
        for screen in screens.values()
        if screen.model._meta.app_label == config.label
        and visibility.is_inside(user, screen.model.kind())
    ]


def _title(config: ProcessConfig) -> str:
    return navigation.heading(next(m for m in _all_kinds(config)))


def _all_kinds(config: ProcessConfig) -> Iterator[type[Record]]:
    return (s.model for s in screens.values() if s.model._meta.app_label == config.label)


def _kept(model: type[Record]) -> dict[str, Any]:
    place = navigation.place(model)
    return {
        "title": place.title,
        "address": place.address,
        "icon": place.icon,
        "says": explained(model).splitlines()[0],
        "states": f"/processes/{model._meta.app_label}/{model.collection}/",
    }


def _roles(config: ProcessConfig, user: User) -> list[Role]:
    """The roles of the process with those who hold them now, who is in charge first."""
    held = RoleAssignment.objects.in_force(timezone.now()).select_related("person", "deputy")
    seen: Any = Role.objects.visible_to(user)
    holders = Prefetch("assignments", held.order_by("starts_at"), to_attr="holders")
    found = seen.filter(context=config.code).prefetch_related(holders)
    return sorted(found, key=lambda role: _rank(role.role_type))


def _rank(role_type: str) -> int:
    return ROLES.index(RoleType(role_type)) if role_type in ROLES else len(ROLES)


def _ways(model: type[Record], lifecycle: Lifecycle) -> Iterator[Way]:
    """Every way that the picture shows, in the order of the states that it leaves."""
    found = [
        _way(model, lifecycle, start, verb, line.end)
        for line in lines_of(lifecycle)
        for verb in line.verbs
        for start in line.starts
    ]
    order = ["", *(lifecycle.label(state) for state in lifecycle.states.values)]
    yield from sorted(found, key=lambda way: order.index(way.start))


def _way(model: type[Record], lifecycle: Lifecycle, start: str, verb: str, end: str) -> Way:
    action = registry[f"{model.collection}.{verb}"]
    begins = "" if start == NOTHING else lifecycle.label(start)
    return Way(begins, words.label(verb), lifecycle.label(end), action.who.label, action.help)


def _stays(lifecycle: Lifecycle) -> Iterator[tuple[str, str]]:
    """What can be done in each state without leaving it."""
    for state in lifecycle.states.values:
        verbs = [m.verb for m in lifecycle.moves if state in m.start and m.end in (None, state)]
        said = ", ".join(words.label(verb).lower() for verb in dict.fromkeys(verbs))
        yield lifecycle.label(state), said[:1].upper() + said[1:]


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
