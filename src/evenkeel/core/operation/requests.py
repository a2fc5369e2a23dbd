"""What frames each request: a name by which its lines in the log are found, a count and a time."""

import functools
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver

from evenkeel.core.operation.counters import ROOMS, Counted, Counters

HEADER = "X-Request-ID"
OTHERS = ("static", "elsewhere")  # assets; addresses that lead nowhere
current: ContextVar[str] = ContextVar("request", default="")
counters: Counters | None = None
_NAME = re.compile(r"[A-Za-z0-9-]{8,64}")
_log = logging.getLogger("evenkeel.requests")


class Requests:
    """The outermost of the middleware: what it measures is all that the server does."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        global counters  # noqa: PLW0603  (before the processes are forked, and once)
        self.answer = answer
        counters = counters or Counters()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = _name(request.headers.get(HEADER, ""))
        current.set(name)  # until the next one: Django logs refusals when we are done
        began = time.perf_counter()
        response = self.answer(request)
        _note(request, response.status_code, time.perf_counter() - began)
        response.headers[HEADER] = name
        return response


@functools.cache
def rooms() -> dict[str, int]:
    """Every room that answers requests, by its place in what is counted."""
    found = sorted({_room(view) for view in _views(get_resolver().url_patterns)})
    return {name: place for place, name in enumerate([*OTHERS, *found][:ROOMS])}


def counted() -> Iterator[tuple[str, Counted]]:
    """What was counted of each room that was asked for anything."""
    if counters is not None:
        for name, place in rooms().items():
            if (of_room := counters.of(place)).total:
                yield name, of_room


def _note(request: HttpRequest, status: int, took: float) -> None:
    match = request.resolver_match
    if match is None:
        room, route = OTHERS[request.path.startswith("/static/") is False], ""
    else:
        room, route = _room(match.func), match.route
    if counters is not None:
        counters.count(rooms().get(room, 1), status, took)
    if _log.isEnabledFor(logging.INFO):
        facts = {"method": request.method, "route": route, "room": room, "status": status}
        _log.info("Answered.", extra={"facts": {**facts, "seconds": round(took, 4)}})


def _name(said: str) -> str:
    """What a proxy calls the request, where that is a name; else one of our own."""
    return said if _NAME.fullmatch(said) else secrets.token_hex(8)


def _room(view: Any) -> str:
    """evenkeel.core.web.lists -> "web.lists"."""
    module = str(getattr(view, "__module__", ""))
    name = module.removeprefix("evenkeel.core.").removeprefix("evenkeel.processes.")
    return name if name != module else module.partition(".")[0]


def _views(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern.callback
