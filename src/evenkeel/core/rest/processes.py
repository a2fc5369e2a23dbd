"""`GET /api/processes`: the processes of FitSM-1, each with its scope status (BASE-18)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.rest import lists
from evenkeel.core.rest.answers import refusals
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.operations import json
from evenkeel.core.rest.schema import TEXT, WHOLE, Schema, closed
from evenkeel.core.rules import Invalid
from evenkeel.core.web import scope


def show(request: HttpRequest, user: User) -> HttpResponse:
    """All of them, in the order of FitSM-1."""
    if unknown := sorted(lists.once_each(request)):
        raise Invalid({name: ["There are always all processes."] for name in unknown})
    items = [scope.plain(row) for row in scope.rows(user, timezone.now())]
    return answer({"items": items, "count": len(items)})


def paths() -> Schema:
    """What it is in the OpenAPI document."""
    items = {"type": "array", "items": closed(_ITEM, required=list(_ITEM))}
    answered = closed({"items": items, "count": WHOLE}, required=["items", "count"])
    return {
        "/api/processes": {
            "get": {
                "operationId": "processes",
                "summary": "The processes of FitSM-1 and whether the SMS covers them",
                "description": "What was decided about each, and what the software carries.",
                "responses": {
                    "200": json("All of them.", answered),
                    **refusals(401, 404, 405, 422),
                },
            }
        }
    }


_ITEM: Schema = {
    "code": {**TEXT, "description": "As in FitSM-1, e.g. ISRM."},
    "requirement": {**TEXT, "description": "The number of its requirements, e.g. PR9."},
    "title": TEXT,
    "status": {"type": "string", "enum": list(scope.STATUS)},
    "since": {"type": ["string", "null"], "format": "date"},
    "because": {**TEXT, "description": "The reason, where it is not wholly in scope."},
    "carried": {"type": "string", "enum": ["full", "light", "none"]},
    "holds": {**TEXT, "description": "What of it is here."},
    "page": {"type": ["string", "null"], "description": "Its page, where you may open it."},
}
