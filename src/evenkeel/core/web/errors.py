"""What people read when something cannot be done: what happened, what was kept, what to do.

Never a traceback; the 500 page needs neither database nor session, for these may be what broke.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from evenkeel.core.database import lacking
from evenkeel.core.database.lacking import Lack
from evenkeel.core.rules import Denied
from evenkeel.core.web.page import draw

NOTHING_CHANGED = "Nothing was changed."
DRAFT = "What you typed in a form is kept in this browser and stands in the form again."


@dataclass(frozen=True)
class Mishap:
    """One kind of answer that is no success, in words."""

    status: HTTPStatus
    title: str
    happened: str
    kept: str
    advice: str


FORGERY = Mishap(
    HTTPStatus.FORBIDDEN,
    "This form was too old, or came from elsewhere",
    "To protect you, a form is taken only from a page that this browser has just been given. "
    "Perhaps you signed in or out in another tab, or cookies are switched off.",
    f"{NOTHING_CHANGED} {DRAFT}",
    "Open the page again and send the form once more.",
)
NOT_THERE = Mishap(
    HTTPStatus.NOT_FOUND,
    "There is nothing here that you can see",
    "The address may be misspelt, or what it names is not for you to see.",
    NOTHING_CHANGED,
    "Check the number, or ask the person who sent you the link.",
)
TOO_BIG = Mishap(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "That was too much at once",
    "The text that was sent is longer than the server takes.",
    f"{NOTHING_CHANGED} {DRAFT}",
    "Shorten the text, or attach it as a file.",
)
NOT_UNDERSTOOD = Mishap(
    HTTPStatus.BAD_REQUEST,
    "The server could not make sense of this",
    "What the browser sent is incomplete or not allowed.",
    f"{NOTHING_CHANGED} {DRAFT}",
    "Go back, reload the page and try again.",
)
NOT_SO = Mishap(
    HTTPStatus.METHOD_NOT_ALLOWED,
    "This address cannot be used that way",
    "It is made for forms to be sent to, or for pages to be read from, not for both.",
    NOTHING_CHANGED,
    "Go back and use the buttons of the page.",
)
_TAKEN_BACK = (
    "What was being done was taken back as a whole: nothing is half saved. What you typed in a "
    "form is kept in this browser and stands in the form again."
)
_BROKEN = {
    None: Mishap(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The server made a mistake",
        "It is not your fault, and it was written to the server's log.",
        _TAKEN_BACK,
        "Try once more in a minute; if it stays like this, tell whoever runs this installation "
        "what you did and when.",
    ),
    Lack.DATABASE: Mishap(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database does not answer now",
        "It was stopped, or repairs itself after a fault, which takes a minute at most.",
        _TAKEN_BACK,
        "Try once more in a minute; if it stays like this, tell whoever runs this installation.",
    ),
    Lack.ROOM: Mishap(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The disk of the server is full",
        "There is no room to save this.",
        _TAKEN_BACK,
        "Tell whoever runs this installation to make room, and try once more then.",
    ),
}
TOO_OFTEN = Mishap(
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many attempts",
    "This was tried so often in a short time that it is closed for a while, to keep out those "
    "who guess.",
    NOTHING_CHANGED,
    "Wait a few minutes and try again.",
)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where there was too much of it."""
    return tell(request, TOO_BIG if isinstance(exception, RequestDataTooBig) else NOT_UNDERSTOOD)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason where there is one."""
    why = str(exception) or "Your roles do not allow it."
    return tell(
        request,
        Mishap(
            HTTPStatus.FORBIDDEN,
            "This is not yours to do",
            why,
            f"{NOTHING_CHANGED} {DRAFT}",
            "If you should be able to do it, ask the manager of the process for a role.",
        ),
    )


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return tell(request, NOT_THERE)


def too_often(request: HttpRequest) -> HttpResponse:
    """429."""
    return tell(request, TOO_OFTEN)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not carry the right token."""
    return tell(request, FORGERY)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 for what is missing: nothing is read, for anything may be what broke."""
    told = _BROKEN[lacking.of(sys.exception())]
    if is_api(request):
        return _problem(told.status, f"{told.title}.")
    page = cast(Jinja2, engines["jinja2"]).env.get_template("errors/broken.html")
    return HttpResponse(page.render(mishap=told), status=told.status)


def tell(request: HttpRequest, mishap: Mishap) -> HttpResponse:
    """The page of a mishap; programs get the same as problem+json (RFC 9457)."""
    if is_api(request):
        return _problem(mishap.status, mishap.happened)
    known = hasattr(request, "user") and request.user.is_authenticated
    template = "errors/inside.html" if known else "errors/outside.html"
    again = request.path if mishap is FORGERY else ""
    return draw(request, template, {"mishap": mishap, "again": again}, status=mishap.status)


def is_api(request: HttpRequest) -> bool:
    """Is it a program that asks?"""
    return request.path.startswith("/api/")


def _problem(status: HTTPStatus, detail: str) -> HttpResponse:
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return JsonResponse(
        body | {"detail": detail}, status=status, content_type="application/problem+json"
    )


class Refusals:
    """Gives every refused verb and every wrong method its page, wherever it was met."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not is_api(request):
            told = tell(request, NOT_SO)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A Denied that no view caught."""
        return refused(request, exception) if isinstance(exception, Denied) else None
