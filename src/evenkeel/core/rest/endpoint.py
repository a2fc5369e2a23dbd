"""The frame around every address of the API: method, caller, answer; a refusal is a problem."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from evenkeel.core.rest import problems
from evenkeel.core.rest.caller import identify
from evenkeel.core.rest.problems import Problem

Handler = Callable[..., HttpResponseBase]


class Endpoint:
    """What an address answers to, method by method: `Endpoint(GET=lists.show)`.

    `scope` is that of tokens which may write here and nowhere else. A handler is given the request,
    the account that calls and what the address names; where it is open, anybody may call and no
    account is given.
    """

    csrf_exempt = True  # `identify` asks for the proof where a cookie speaks

    def __init__(self, *, is_open: bool = False, scope: str = "", **handlers: Handler) -> None:
        self.is_open, self.scope, self.handlers = is_open, scope, handlers
        # The room that answers, for whoever counts the requests of each.
        self.__module__ = next(iter(handlers.values())).__module__
        reading = {"HEAD"} if "GET" in handlers else set()
        self.allowed = ", ".join(sorted({*handlers, *reading}))

    def __call__(self, request: HttpRequest, **named: Any) -> HttpResponseBase:
        try:
            handler = self._handler(request)
            caller = () if self.is_open else (identify(request, self.scope),)
            return handler(request, *caller, **named)
        except Exception as refused:
            return problems.of(refused).answer()

    def _handler(self, request: HttpRequest) -> Handler:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if handler := self.handlers.get(method):
            return handler
        said = f"This address answers to {self.allowed}."
        raise Problem(405, said, headers={"Allow": self.allowed})


def nothing_here(request: HttpRequest, **named: Any) -> HttpResponseBase:
    """The answer of every address that is none."""
    return Problem(404, "The API has no such address; /api/openapi.json lists all.").answer()


nothing_here.csrf_exempt = True  # type: ignore[attr-defined]


def answer(said: Any, *, status: int = 200, **headers: str) -> HttpResponse:
    """JSON; headers are named with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(
        msgspec.json.encode(said),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **named},
    )
