"""`GET /api/teams/TEAM-1/on-duty?at=…`: who is on duty for a team, layer by layer (ISRM-08)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenkeel.core.directory.duty import Duties
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.plain import as_plain, moment
from evenkeel.core.rest import lists
from evenkeel.core.rest.answers import refusals
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.operations import NUMBER, json, parameter
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rest.schema import LOGIN, WHOLE, Schema, closed
from evenkeel.core.rules import Invalid

_MOMENT = {"type": "string", "format": "date-time"}
_GAP = {"type": "boolean", "description": "Whoever is named is not there any more."}
_LAYER = {"layer": WHOLE, "person": LOGIN, "turn_of": LOGIN, "is_gap": _GAP}


def show(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The layers. Raises Problem where there is no such team to see, Invalid for the moment."""
    team = readable.one(Team, number, user)
    if team is None or not user.rights.is_staff:
        raise Problem(404, f"There is no {number} whose rota you may see.")
    at = _moment(request)
    return answer({"at": as_plain(at), "items": Duties(team).plain(at)})


def _moment(request: HttpRequest) -> datetime:
    params = lists.once_each(request)
    if unknown := sorted(set(params) - {"at"}):
        raise Invalid({name: ["There is: at."] for name in unknown})
    if "at" not in params:
        return timezone.now()
    at = moment(params["at"])
    if at is None:
        raise Invalid({"at": ["Give a moment with its zone, e.g. 2026-12-24T22:00:00Z."]})
    return at


def paths() -> Schema:
    """What it takes, as the API describes it."""
    items = {"type": "array", "items": closed(_LAYER, required=list(_LAYER))}
    said = closed({"at": _MOMENT, "items": items}, required=["at", "items"])
    return {
        "/api/teams/{number}/on-duty": {
            "get": {
                "operationId": "teams.on_duty",
                "tags": ["teams"],
                "summary": "Who is on duty for a team",
                "description": "Layer by layer, in the order in which they are called.",
                "parameters": [NUMBER, parameter("query", "at", _MOMENT)],
                "responses": {
                    "200": json("The layers.", said),
                    **refusals(401, 404, 405, 422),
                },
            }
        }
    }
