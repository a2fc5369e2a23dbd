"""The rail: what is registered, and nothing that does not exist."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps

from evenkeel.core.people.models import User
from evenkeel.core.process import ProcessConfig
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, registry
from evenkeel.core.web.screen import Screen, screens

DRAWN = frozenset(
    {
        *("incident", "service_request", "contact", "service", "service_component"),
        *("announcement", "major_incident_review", "incident_model", "request_model"),
        *("organisation", "team", "role", "person", "scheme", "import"),
    }
)
KERNEL = "Management system"  # where the kernel's own kinds stand


@dataclass(frozen=True)
class Line:
    """One line of the rail."""

    title: str
    url: str
    icon: str
    open_only: bool = False
    is_list: bool = False

    @property
    def address(self) -> str:
        """Where the line leads: to the view with which one begins the list.

        Who chose none begins a list of work with what is still open.
        """
        if not self.is_list:
            return self.url
        return f"{self.url}?is_open=yes&first=yes" if self.open_only else f"{self.url}?first=yes"


# Pages beside the lists: (heading of the rail, place, who is shown it).
extra: list[tuple[str, Line, Callable[[User], bool]]] = []


def offer(heading: str, place: Line, to: Callable[[User], bool] = lambda user: True) -> None:
    """Add a page to the rail, under a heading."""
    extra.append((heading, place, to))


def rail(user: User) -> list[tuple[str, list[Line]]]:
    """Headings with their places, for this user."""
    groups: dict[str, list[Line]] = {"": [Line("My work", "/", "work")]}
    for screen in sorted(screens.values(), key=_place):
        if visibility.reach(user, screen.model.kind()) is False:
            continue  # a list that is empty for good
        groups.setdefault(heading(screen.model), []).append(place(screen.model))
    for config in apps.get_app_configs():
        if isinstance(config, ProcessConfig) and _is_inside(config, user):
            line = Line("The process", f"/processes/{config.label}/", "process")
            groups.setdefault(config.title or str(config.verbose_name), []).append(line)
    for title, offered, to in extra:
        if to(user):
            groups.setdefault(title, []).append(offered)
    return list(groups.items())


def _is_inside(config: ProcessConfig, user: User) -> bool:
    """Is this person inside of something that a process keeps?"""
    models = (screen.model for screen in screens.values())
    return any(
        model._meta.app_label == config.label and visibility.is_inside(user, model.kind())
        for model in models
    )


@functools.cache
def _place(screen: Screen) -> int:
    """The processes in their order, the kernel's own kinds last."""
    return getattr(apps.get_app_config(screen.model._meta.app_label), "place", 100)


@functools.cache
def heading(model: type[Record]) -> str:
    """Under which heading a kind stands: that of its process."""
    config = apps.get_app_config(model._meta.app_label)
    title = getattr(config, "title", "")
    return title or (KERNEL if config.label == "core" else str(config.verbose_name))


@functools.cache
def place(model: type[Record]) -> Line:
    """The list of a kind."""
    kind = model.kind()
    return Line(plural(model), f"/{model.collection}/", icon_of(kind), is_work(kind), is_list=True)


def icon_of(kind: str) -> str:
    """The icon of a kind; a plain sheet where none was drawn for it."""
    return kind if kind in DRAWN else "record"


@functools.cache
def is_work(kind: str) -> bool:
    """Is it something that people work on until it is closed? Then its list shows who owns it."""
    return any(
        screen.model.kind() == kind and "case_owner" in screen.columns
        for screen in screens.values()
    )


def plural(model: type[Record]) -> str:
    """Service requests."""
    return str(model._meta.verbose_name_plural).capitalize()


def one(model: type[Record]) -> str:
    """Service request, as it stands in a sentence: "service request"."""
    return str(model._meta.verbose_name)


def recordable(user: User) -> list[tuple[str, str, str]]:
    """What this user may record: title, address, icon."""
    found = []
    for screen in screens.values():
        action = registry.get(f"{screen.model.collection}.record")
        if action and _may_record(action, screen, user):
            name = str(screen.model._meta.verbose_name).capitalize()
            url = f"/{screen.model.collection}/record/"
            found.append((name, url, icon_of(screen.model.kind())))
    return found


def _may_record(action: Action, screen: Screen, user: User) -> bool:
    """Most are told by what the user holds; a record is made up only for who depends on one."""
    reach = action.who.reach(user)
    if isinstance(reach, bool):
        return reach and user.is_active
    return bool(action.may(user, screen.model(requester=user)))
