"""The status page: which disruptions those who use services are told about, and what was said.

A process declares in its room `portal.py` where they are read; it shows public things only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

SHOWN_FOR = timedelta(days=7)  # after it is over


@dataclass(frozen=True)
class Word:
    """What was said, and when."""

    text: str
    at: datetime


@dataclass(frozen=True)
class Disruption:
    """One disruption as users are told of it."""

    title: str
    hurt: list[str]  # services
    since: datetime
    next_at: datetime | None = None  # when the next word is promised
    over_at: datetime | None = None
    words: list[Word] = field(default_factory=list)  # newest first


@dataclass(frozen=True)
class Source:
    """Where disruptions are read: those that go on, and those since a moment with all words."""

    collection: str  # whose notices lead users to the status page
    current: Callable[[User], list[Disruption]]
    since: Callable[[User, datetime], list[Disruption]]


sources: dict[str, Source] = {}


def declare(source: Source) -> None:
    """Let the disruptions of a process stand on the status page."""
    sources[source.collection] = source


def current(user: User) -> Iterator[Disruption]:
    """What goes on now, for the start of the portal."""
    for source in sources.values():
        yield from source.current(user)


@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """What does not work now, and what was disrupted in the last days."""
    start = timezone.now() - SHOWN_FOR
    found = [one for source in sources.values() for one in source.since(user, start)]
    context = {
        "current": [one for one in found if one.over_at is None],
        "over": [one for one in found if one.over_at is not None],
        "days": SHOWN_FOR.days,
    }
    return draw(request, "portal/status.html", context)
