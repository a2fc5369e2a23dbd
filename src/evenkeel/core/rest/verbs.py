"""`POST /api/incidents` and `POST /api/incidents/INC-7/resolve`: every verb of the registry."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rest import body, once, stale
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Action, Denied, Stale, registry


def record(request: HttpRequest, user: User, collection: str) -> HttpResponse:
    """Record a new one."""
    model = collections().get(collection)
    if model is None:
        raise Problem(404, f"There is no collection {collection}.")
    action = registry.get(f"{collection}.record")
    if action is None:
        raise Problem(405, f"Nobody records {collection} here.", headers={"Allow": "GET, HEAD"})
    if not (may := action.may(user, model(requester=user))):  # before a word about the inputs
        raise Denied(may.reason)
    return _done(request, user, action, model())


def do(request: HttpRequest, user: User, collection: str, number: str, verb: str) -> HttpResponse:
    """Do a verb to a record."""
    action = registry.get(f"{collection}.{verb}")
    if action is None or action.creates:
        raise Problem(404, f"There is no verb {verb} of {collection}.")
    found = readable.one(action.model, number, user)
    if found is None:
        raise Problem(404, f"There is no {action.model._meta.verbose_name} {number}.")
    if not (may := action.who(user, found)):  # before a word about the inputs
        raise Denied(may.reason)
    return _done(request, user, action, found)


def _done(request: HttpRequest, user: User, action: Action, record: Record) -> HttpResponse:
    expected = None if action.creates else expected_version(request)
    given = body.read(request, action)

    def do_it() -> tuple[HttpResponse, HttpResponse]:
        cleaned = action.clean(given.values, by=user, files=given.files)
        done = action(record, by=user, via=Via.REST, expected_version=expected, **cleaned)
        return told(done, action, done.told), told(done, action)

    try:
        return once.done(request, user, given, do_it)
    except Stale as refused:
        raise stale.problem(refused, user) from refused


def told(record: Record, action: Action, secret: str = "") -> HttpResponse:
    """Where the record stands now, and what the verb tells whoever did it, once."""
    said: dict[str, Any] = {
        "number": record.number,
        "title": record.title,
        "state": record.state,
        "version": record.version,
        "url": address(record),
    }
    if record.remark:
        said["remark"] = record.remark
    if secret:
        said["told"] = secret
    if action.creates:
        return answer(said, status=201, ETag=etag(record), Location=address(record))
    return answer(said, ETag=etag(record))


def address(record: Record) -> str:
    """Where the API shows a record."""
    return f"/api{record.url.rstrip('/')}"


def etag(record: Record) -> str:
    """The version, as If-Match cites it."""
    return f'"{record.version}"'


def expected_version(request: HttpRequest) -> int | None:
    """The version that If-Match cites; none, or `*`, is any. Raises Problem for another form."""
    cited = request.headers.get("If-Match", "*").strip()
    if cited == "*":
        return None
    if not re.fullmatch(r'"\d{1,9}"', cited):
        raise Problem(400, 'If-Match cites one version as the ETag names it, e.g. "3".')
    return int(cited.strip('"'))
