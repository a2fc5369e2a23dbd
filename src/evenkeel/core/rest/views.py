"""`GET /api/views?collection=incidents`: the views that people keep of lists, for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.lists import once_each
from evenkeel.core.rules import Invalid
from evenkeel.core.web.saved import actions, reading
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.screen import screens


def show(request: HttpRequest, user: User) -> HttpResponse:
    """One's own views, those of one's teams and those for everybody."""
    params = once_each(request)
    if wrong := {name: ["It is no parameter here."] for name in params if name != "collection"}:
        raise Invalid(wrong)
    collection = params.get("collection", "")
    if "collection" in params and collection not in screens:
        raise Invalid({"collection": [f"One of: {', '.join(sorted(screens))}."]})
    return answer({"items": [_item(view) for view in reading.offered(user, collection)]})


def _item(view: Any) -> dict[str, Any]:
    return {
        "title": view.title,
        "collection": view.collection,
        "owner": view.owner.username,
        "shown_to": actions.audience(view),
        "is_first": view.is_first,
        "url": _address(view),
    }


def _address(view: SavedView) -> str:
    return f"/api/{view.collection}{'?' if view.query else ''}{view.query}"
