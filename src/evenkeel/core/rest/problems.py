"""Refusals as `application/problem+json` (RFC 9457): what, why, and which fields."""

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from evenkeel.core.database import lacking
from evenkeel.core.database.lacking import Lack
from evenkeel.core.rules import Denied, Invalid

MEDIA_TYPE = "application/problem+json"
# Each status that is ever answered, and when.
REASONS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in.",
    403: "This account may not do this, or not now.",
    404: "There is nothing here that this account may see.",
    405: "This address does not answer to this method.",
    409: "A request with the same Idempotency-Key is still being answered.",
    412: "The record was edited since it was read.",
    413: "The request is too large.",
    415: "The body is in a form that is not read here.",
    429: "More was sent than is taken within a minute; `Retry-After` says when to go on.",
    422: "Inputs were refused; `errors` names each field and the reason.",
}
# What else is raised on the way: kinds of exception, and the status that they mean.
_STATUS: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((Denied,), 403),
    ((Http404,), 404),
    ((RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), 413),
    ((MultiPartParserError, UnreadablePostError, SuspiciousOperation), 400),
)
_LACKING = {
    Lack.DATABASE: "The database does not answer now; nothing was changed.",
    Lack.ROOM: "The disk of the server is full; nothing was changed.",
}
_log = logging.getLogger(__name__)


@dataclass
class Problem(Exception):
    """A refusal with its status; the detail is a sentence that may be shown."""

    status: int
    detail: str
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self) -> HttpResponse:
        """The refusal as it is sent."""
        said = {
            "type": f"urn:evenkeel:problem:{self.status}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        answer = HttpResponse(
            msgspec.json.encode(said),
            status=self.status,
            content_type=MEDIA_TYPE,
            headers={"Cache-Control": "no-store", **self.headers},
        )
        # Django would log a warning; a refusal is none, and a fault was logged with its cause.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer


def of(refused: Exception) -> Problem:
    """The problem that an exception means; what nobody foresaw is logged and says nothing."""
    if isinstance(refused, Problem):
        return refused
    if isinstance(refused, Invalid):
        return invalid(refused.errors)
    for kinds, status in _STATUS:
        if isinstance(refused, kinds):
            return Problem(status, str(refused) if status == 403 else REASONS[status])
    _log.error("The API failed.", exc_info=refused)
    if lack := lacking.of(refused):
        return Problem(503, _LACKING[lack], headers={"Retry-After": "30"})
    return Problem(500, "This failed on our side; the server's log says why.")


def invalid(errors: dict[str, list[str]]) -> Problem:
    """Each refused field with its reason; "" is the whole."""
    found = [{"field": name, "reason": " ".join(reasons)} for name, reasons in errors.items()]
    detail = " ".join(f"{one['field']}: {one['reason']}".removeprefix(": ") for one in found)
    return Problem(422, detail, {"errors": found})
