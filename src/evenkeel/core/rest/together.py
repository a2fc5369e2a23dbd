"""A verb for many records: `POST /api/incidents/together/assign`, and the report on each."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rest import body, once, schema
from evenkeel.core.rest.answers import refusals
from evenkeel.core.rest.body import JSON, Inputs
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.operations import ONCE, json, parameter
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rest.schema import TEXT, WHOLE, Schema, closed
from evenkeel.core.rules import Action, Denied, Invalid
from evenkeel.core.web.screen import Screen, screens
from evenkeel.core.web.together import choosing, jobs, running
from evenkeel.core.web.together.choosing import MOST, Pick
from evenkeel.core.web.together.models import Batch

_MEMBERS = ("records", "matching", "inputs")
_PICK = re.compile(r"[A-Z]{2,8}-[0-9]{1,12}(:[0-9]{1,9})?")
_PICKS = "A list of numbers, each with the version that was read if you like: INC-7 or INC-7:3."


def do(request: HttpRequest, user: User, collection: str, verb: str) -> HttpResponse:
    """Do a verb to several records, each for itself; of more than a few the worker does it."""
    screen = screens.get(collection)
    fit = choosing.for_many(screen.model) if screen else ()
    action = next((one for one in fit if one.verb == verb), None)
    if screen is None or action is None:
        raise Problem(404, f"{verb} is not done to several {collection} at once.")
    if action.who.reach(user) is False:  # before a word about the inputs
        raise Denied(f"Only {action.who.label} can do this.")
    given = body.members(request, _MEMBERS)
    picks, inputs = _picks(screen, user, given), _inputs(action, given)

    def do_it() -> tuple[HttpResponse, HttpResponse]:
        batch = running.ask(action, picks, inputs, by=user, mark="", via=Via.REST)
        if len(picks) > running.AT_ONCE:
            jobs.run_batch.defer(batch=batch.pk)
        else:
            running.run(batch)
            batch.refresh_from_db()
        told = _told(batch)
        return told, told

    return once.done(request, user, Inputs(given, {}), do_it)


def show(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """How far it is, and what became of each record so far."""
    batch = Batch.objects.filter(pk=key, person=user).first()
    if batch is None:
        raise Problem(404, f"There is no report {key} of yours.")
    return _told(batch, status=200)


def _picks(screen: Screen, user: User, given: dict[str, Any]) -> list[Pick]:
    records, matching = given.get("records"), given.get("matching")
    if (records is None) == (matching is None):
        raise Invalid({"records": ["Name the records, or say in `matching` what they match."]})
    if matching is not None:
        if not isinstance(matching, str) or "\x00" in matching:
            raise Invalid({"matching": ["As in the address of the list: state=new&team=none"]})
        return _chosen(screen, user, {"matching": matching}, "matching")
    if not isinstance(records, list) or not all(_is_pick(one) for one in records):
        raise Invalid({"records": [_PICKS]})
    found: dict[str, int | None] = {}
    for one in records:
        number, _, version = one.partition(":")
        found[number] = int(version) if version else None
    if not 1 <= len(found) <= MOST:
        raise Invalid({"records": [f"1 to {MOST} of them at once."]})
    return list(found.items())


def _is_pick(one: Any) -> bool:
    return isinstance(one, str) and bool(_PICK.fullmatch(one))


def _chosen(screen: Screen, user: User, asked: dict[str, str], field: str) -> list[Pick]:
    try:
        return choosing.picked(screen, user, asked)
    except Invalid as refused:
        raise Invalid({name or field: why for name, why in refused.errors.items()}) from refused


def _inputs(action: Action, given: dict[str, Any]) -> dict[str, Any]:
    inputs = given.get("inputs") or {}
    if not isinstance(inputs, dict):
        raise Invalid({"inputs": ["A JSON object whose members are the inputs of the verb."]})
    return body.checked(inputs, action.form_class.base_fields)


def _told(batch: Batch, *, status: int | None = None) -> HttpResponse:
    results = list(batch.results.order_by("pk"))
    said = {
        "id": batch.pk,
        "verb": batch.verb,
        "count": len(batch.picks),
        "is_ended": batch.ended_at is not None,
        "done": [one.number for one in results if not one.refused],
        "refused": [{"number": r.number, "reason": r.refused} for r in results if r.refused],
        "url": f"/api/together/{batch.pk}",
    }
    return answer(said, status=status or (200 if batch.ended_at else 202))


def paths() -> Schema:
    """Every verb that is done to several, and the report, as the API describes them."""
    found: Schema = {"/api/together/{key}": {"get": _report()}}
    for name, screen in sorted(screens.items()):
        for action in choosing.for_many(screen.model):
            found[f"/api/{name}/together/{action.verb}"] = {"post": _operation(action)}
    return found


def _report() -> Schema:
    key = parameter("path", "key", WHOLE | {"minimum": 0, "maximum": 10**18 - 1}, required=True)
    return {
        "operationId": "together",
        "summary": "What became of a verb for several records",
        "parameters": [key],
        "responses": {"200": json("The report.", _answered()), **refusals(401, 404, 405)},
    }


def _operation(action: Action) -> Schema:
    name = action.model.collection
    pick = {"type": "string", "pattern": f"^{_PICK.pattern}$"}
    fields: Schema = {
        "records": {"type": "array", "items": pick, "minItems": 1, "maxItems": MOST},
        "matching": TEXT | {"description": "In place of `records`: state=new&team=none"},
        "inputs": schema.inputs(action, JSON),
    }
    return {
        "operationId": f"{name}.together.{action.verb}",
        "tags": [name],
        "summary": f"{action.verb.replace('_', ' ').capitalize()}, for several records",
        "description": f"{action.help}\n\nWho: {action.who.label}; asked for each record.",
        "parameters": [ONCE],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": closed(fields, required=[])}},
        },
        "responses": {
            "200": json("What became of each.", _answered()),
            "202": json("The worker does it; ask for the report.", _answered()),
            **refusals(400, 401, 403, 404, 405, 409, 413, 415, 422),
        },
    }


def _answered() -> Schema:
    refused = closed({"number": TEXT, "reason": TEXT}, required=["number", "reason"])
    said: Schema = {
        "id": WHOLE,
        "verb": TEXT,
        "count": WHOLE,
        "is_ended": {"type": "boolean"},
        "done": {"type": "array", "items": TEXT},
        "refused": {"type": "array", "items": refused},
        "url": TEXT,
    }
    return closed(said, required=list(said))
