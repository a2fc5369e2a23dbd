"""`GET /api/board?within=today&team=TEAM-3`: open cases by time to breach, with the forecast."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenkeel.core.clocks.board import HORIZONS, PARTS
from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import kinds
from evenkeel.core.rest import lists
from evenkeel.core.rest.answers import page, refusals
from evenkeel.core.rest.operations import LIMIT, json, parameter
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rest.schema import LOGIN, TEXT, WHOLE, Schema, closed
from evenkeel.core.rules import Invalid
from evenkeel.core.web.board import plain
from evenkeel.core.web.board.asking import FIELDS, FILTERS, STEERING, USUAL, Asked, clocks, may_see
from evenkeel.core.web.board.rows import row

_KNOWN = (*FILTERS, *STEERING, "limit")


def show(request: HttpRequest, user: User) -> HttpResponse:
    """One page of the board."""
    if not may_see(user):
        raise Problem(404, "There is no board for you.")
    params = lists.once_each(request)
    if unknown := sorted(set(params) - set(_KNOWN)):
        raise Invalid({name: [f"There are: {', '.join(_KNOWN)}."] for name in unknown})
    limit = lists.limit_of(params)
    asked = Asked(user, params, timezone.now())
    found = asked.rows(limit + 1)
    items = []
    for clock in found[:limit]:
        collection = kinds()[clock.record.of_kind].collection
        url = f"/api/{collection}/{clock.record.number}"
        items.append(plain.item(row(clock, asked.now, asked.until)) | {"url": url})
    said = {"items": items, "totals": plain.totals(asked), "until": as_plain(asked.until)}
    last = asked.name(found[limit - 1]) if len(found) > limit else None
    return lists.page("/api/board", said, params, last)


def paths() -> Schema:
    """What it is in the OpenAPI document."""
    return {"/api/board": {"get": _operation()}}


def _operation() -> Schema:
    listed = {"totals": _all(dict.fromkeys(PARTS, WHOLE)), "until": _MOMENT}
    return {
        "operationId": "board",
        "summary": "Open cases by time to breach",
        "description": "One row for each case that you may see the inside of, by the clock that"
        " runs out first. `expected` is what will have counted by `until` if it runs on.",
        "parameters": list(_parameters()),
        "responses": {
            "200": json("A page.", page(_all(_ITEM), **listed), Link={"schema": TEXT}),
            **refusals(401, 404, 405, 422),
        },
    }


def _parameters() -> Any:
    for name in FIELDS:
        said = "A value, several with commas between them, or none."
        yield parameter("query", name, TEXT, description=said)
    yield parameter("query", "of", TEXT, description="One collection.")
    yield parameter("query", "clock", {"type": "string", "enum": list(clocks())})
    within = {"type": "string", "enum": list(HORIZONS), "default": USUAL}
    yield parameter("query", "within", within, description="How far is looked ahead.")
    yield parameter("query", "show", {"type": "string", "enum": list(PARTS)})
    yield parameter("query", "why", TEXT, description="Of those paused, for what.")
    yield LIMIT
    yield parameter("query", "after", TEXT, description="Take it from `next`.")


def _all(members: Schema) -> Schema:
    return closed(members, required=list(members))


_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
_SECONDS: Schema = {"type": "integer", "description": "Seconds of service hours."}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_ITEM: Schema = {
    "number": TEXT,
    "title": TEXT,
    "state": TEXT,
    "priority": {"type": ["integer", "null"]},
    "service": _MAYBE_TEXT,
    "team": _MAYBE_TEXT,
    "case_owner": LOGIN,
    "clock": TEXT,
    "due_at": _MOMENT,
    "paused_for": _MAYBE_TEXT,
    **dict.fromkeys(("target", "elapsed", "paused", "expected"), _SECONDS),
    "url": TEXT,
}
