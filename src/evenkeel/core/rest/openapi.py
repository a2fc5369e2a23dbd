"""`/api/openapi.json`: the API described by the same registry and screens that answer it."""

import functools
from importlib import import_module
from importlib.metadata import version
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from evenkeel.core import process
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rest import (
    answers,
    board,
    figure_operations,
    mail,
    on_duty,
    operations,
    overrides,
    personal,
    processes,
    together,
    view_operations,
)
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.records import verbs_of
from evenkeel.core.rest.schema import Schema, creating
from evenkeel.core.web.screen import screens

_ABOUT = """\
Every list, record and verb of the service management system. What a verb takes, refuses and
leaves behind is the same here as on its page.

Send a token (`Authorization: Bearer …`), or call from a page where you are signed in.
`If-Match` with the ETag of what was read keeps you from overwriting somebody else's work;
`Idempotency-Key` lets you send a request again without doing it twice, for 24 hours.
"""


def index(request: HttpRequest) -> HttpResponse:
    """What there is, and where it is described."""
    return answer(
        {
            "title": "Evenkeel",
            "version": version("evenkeel"),
            "openapi": "/api/openapi.json",
            "collections": {name: f"/api/{name}" for name in sorted(screens)},
        }
    )


def document(request: HttpRequest) -> HttpResponse:
    """The description, made once."""
    return HttpResponse(_bytes(), content_type="application/json")


@functools.cache
def _bytes() -> bytes:
    return msgspec.json.encode(described())


def described() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    paths: Schema = {"/api/": {"get": operations.index()}}
    for name, model in sorted(collections().items()):
        paths |= _paths(name, model)
    paths["/api/search"] = {"get": operations.search()}
    paths["/api/attachments/{key}"] = {"get": operations.file()}
    paths |= figure_operations.paths() | board.paths() | overrides.paths()
    paths |= processes.paths() | mail.paths()
    paths |= on_duty.paths()
    paths |= personal.paths() | view_operations.paths() | together.paths()
    for room in process.programs():
        paths |= import_module(room).paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Evenkeel", "version": version("evenkeel"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "tags": [
            {"name": name, "description": (model.__doc__ or "").strip()}
            for name, model in sorted(collections().items())
        ],
        "paths": paths,
        "components": {
            "schemas": answers.schemas(),
            "responses": answers.responses(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            },
        },
    }


def _paths(name: str, model: type[Record]) -> Schema:
    """The addresses of one collection: its list, its records, their parts, their verbs."""
    base = f"/api/{name}"
    paths: Schema = {}
    if screen := screens.get(name):
        paths[base] = {"get": operations.listing(screen)}
        paths[f"{base}/{{number}}"] = {"get": operations.one(screen)}
        paths |= {
            f"{base}/{{number}}/{part}": {"get": get} for part, get in operations.parts(screen)
        }
    if action := creating(name):
        paths.setdefault(base, {})["post"] = operations.verb(action)
    for action in verbs_of(model):
        paths[f"{base}/{{number}}/{action.verb}"] = {"post": operations.verb(action)}
    return paths
