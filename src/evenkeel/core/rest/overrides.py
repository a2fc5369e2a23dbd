"""`GET /api/overrides?since=2026-11-01`: what was decided otherwise than a scheme gives (R-06)."""

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.rest import lists
from evenkeel.core.rest.answers import page, refusals
from evenkeel.core.rest.operations import LIMIT, json, parameter
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rest.schema import LOGIN, MOMENT, TEXT, WHOLE, Schema, closed
from evenkeel.core.rules import Invalid
from evenkeel.core.schemes.overrides import may_see
from evenkeel.core.web.overrides import asking

_KNOWN = (*asking.PARAMETERS, "limit", "after")


def show(request: HttpRequest, user: User) -> HttpResponse:
    """One page of them, and how many there are in the period."""
    if not may_see(user):
        raise Problem(404, "There is no such report for you.")
    params = lists.once_each(request)
    if unknown := sorted(set(params) - set(_KNOWN)):
        raise Invalid({name: [f"There are: {', '.join(_KNOWN)}."] for name in unknown})
    limit, asked = lists.limit_of(params), asking.Asked(user, params)
    rows = list(asked.found.rows(asking.place(params.get("after", "")), limit + 1))
    items = [asking.plain(row) for row in rows[:limit]]
    last = asking.name(rows[limit - 1]) if rows[limit:] else None
    said = {"items": items, "count": asked.found.count()}
    return lists.page("/api/overrides", said, params, last)


def paths() -> Schema:
    """What it is in the OpenAPI document."""
    day = {"type": "string", "format": "date"}
    return {
        "/api/overrides": {
            "get": {
                "operationId": "overrides",
                "summary": "What was decided otherwise than a scheme gives",
                "description": "Of cases that you may see the inside of, the newest first;"
                f" without `since` the {asking.USUAL} days up to `until`.",
                "parameters": [
                    parameter("query", "since", day, description="The first day."),
                    parameter("query", "until", day, description="The last day, counted too."),
                    parameter("query", "by", TEXT, description="The login of who decided."),
                    LIMIT,
                    parameter("query", "after", TEXT, description="Take it from `next`."),
                ],
                "responses": {
                    "200": json(
                        "A page.",
                        page(closed(_ITEM, required=list(_ITEM)), count=WHOLE),
                        Link={"schema": TEXT},
                    ),
                    **refusals(401, 404, 405, 422),
                },
            }
        }
    }


_ITEM: Schema = {
    "at": MOMENT,
    "number": TEXT,
    "title": TEXT,
    "by": LOGIN,
    "field": TEXT,
    "from": {**WHOLE, "description": "What the scheme gave."},
    "to": {**WHOLE, "description": "What was chosen instead."},
    "reason": TEXT,
}
