"""A FitSM process as a Django app: installing the app is registering the process."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module, util
from typing import TYPE_CHECKING

from django.apps import AppConfig, apps

if TYPE_CHECKING:
    from evenkeel.core.people.models import User

# What each process adds to the demonstration, given its people by login and the present moment.
demonstrations: list["Callable[[dict[str, User], datetime], None]"] = []
endings: list["Callable[[dict[str, User], datetime], None]"] = []  # when all have added it
DAYS = 92  # how far back the demonstration begins

# The rooms that only declare things, so that opening them is registering what they declare.
DECLARING_ROOMS = ("actions", "schemes", "screens", "portal", "notices", "kpis", "jobs", "demo")


def open_rooms(package: str) -> None:
    """Import the declaring rooms of a package, as far as it has them."""
    for room in DECLARING_ROOMS:
        if util.find_spec(f"{package}.{room}"):
            import_module(f"{package}.{room}")


class ProcessConfig(AppConfig):
    """One FitSM process. In `apps.py`: `class IncidentsConfig(process.ProcessConfig)`."""

    code: str  # the abbreviation in FitSM-1, e.g. "ISRM"
    title: str = ""  # its heading in the navigation; the name of the process where it has none
    goal: str = ""  # what it is there for, in a sentence or two
    place: int = 50  # how far down its heading stands
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        open_rooms(self.name)


def codes() -> list[str]:
    """The FitSM codes of the processes that are installed."""
    return [app.code for app in apps.get_app_configs() if isinstance(app, ProcessConfig)]


def addresses() -> list[str]:
    """The rooms in which processes declare the addresses of pages of their own."""
    return _rooms("urls")


def programs() -> list[str]:
    """The rooms in which processes declare addresses of the API of their own, and describe them."""
    return _rooms("api")


def _rooms(name: str) -> list[str]:
    processes = (app for app in apps.get_app_configs() if isinstance(app, ProcessConfig))
    return [room for app in processes if util.find_spec(room := f"{app.name}.{name}")]
