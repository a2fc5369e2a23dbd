"""The page of the overrides, and its file."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes.overrides import may_see
from evenkeel.core.web import exporting
from evenkeel.core.web.overrides import asking
from evenkeel.core.web.overrides.asking import Asked
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

PAGE = 50
BASE = "/overrides/"


@require_safe
@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """Who decided otherwise than a scheme gives, when, from what to what, and why (R-06)."""
    if not may_see(user):
        raise Denied("What was decided otherwise is for those inside a process.")
    params = request.GET.dict()
    try:
        asked, place = Asked(user, params), asking.place(params.get("after", ""))
    except Invalid as refused:
        nothing: dict[str, Any] = {"asked": None, "rows": (), "older": "", "after": ""}
        context = nothing | {"errors": refused.errors}
        return draw(request, "overrides.html", context, status=400)
    if params.get("format") == "csv":
        file = f"overrides-{asked.since}-{asked.until}.csv"
        return exporting.table(file, asking.table(asked))
    rows = list(asked.found.rows(place, PAGE + 1))
    older = f"?{asked.address(after=asking.name(rows[PAGE - 1]))}" if rows[PAGE:] else ""
    context = {
        "asked": asked,
        "errors": {},
        "count": asked.found.count(),
        "rows": rows[:PAGE],
        "older": older,
        "after": params.get("after", ""),
    }
    return draw(request, "overrides.html", context)
