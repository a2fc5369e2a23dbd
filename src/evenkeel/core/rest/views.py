"""The views that people keep of lists, for programs: read, kept, edited, removed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.rest import body, once
from evenkeel.core.rest.body import Inputs
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.lists import once_each
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Invalid
from evenkeel.core.web import asked
from evenkeel.core.web.saved import actions, reading, state
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.screen import screens

_EDITED = ("title", "shown_to", "query", "is_first")


def show(request: HttpRequest, user: User) -> HttpResponse:
    """One's own views, those of one's teams and those for everybody."""
    params = once_each(request)
    if wrong := {name: ["It is no parameter here."] for name in params if name != "collection"}:
        raise Invalid(wrong)
    collection = params.get("collection", "")
    if "collection" in params:
        _check_collection(collection)
    return answer({"items": [_item(view) for view in reading.offered(user, collection)]})


def add(request: HttpRequest, user: User) -> HttpResponse:
    """Keep a new view."""
    given = _given(request, ("collection", *_EDITED))
    collection = given.get("collection") or ""
    _check_collection(collection)
    return _kept(request, user, given, lambda: SavedView(collection=collection), 201)


def edit(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Give a view another name, audience or state, or begin its list with it; what is named."""
    given = _given(request, _EDITED)
    return _kept(request, user, given, lambda: _view(user, key), 200)


def remove(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Forget a view. The records are what they were."""
    actions.remove(_view(user, key), by=user)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _kept(
    request: HttpRequest,
    user: User,
    given: dict[str, Any],
    find: Callable[[], SavedView],
    status: int,
) -> HttpResponse:
    def do_it() -> tuple[HttpResponse, HttpResponse]:
        view = _keep(find(), user, given)
        told = answer(_item(_view(user, view.pk)), status=status, Location=f"/api/views/{view.pk}")
        return told, told

    return once.done(request, user, Inputs(given, {}), do_it)


def _keep(view: SavedView, user: User, given: dict[str, Any]) -> SavedView:
    params = None
    if "query" in given or not view.pk:
        params = state.read(given.get("query") or "")
        asked.check(screens[view.collection], user, params, ("sort", "columns"))
    shown_to = given.get("shown_to") or (actions.audience(view) if view.pk else "own")
    title = given.get("title", view.title) or ""
    kept = actions.keep(view, by=user, title=title, shown_to=shown_to, params=params)
    if given.get("is_first") is not None:
        _begin(kept, user, begins=given["is_first"])
    return kept


def _begin(view: SavedView, user: User, *, begins: bool) -> None:
    first = reading.first(user, view.collection)
    if begins or (first is not None and first.pk == view.pk):
        actions.begin_with(view.collection, view if begins else None, by=user)


def _given(request: HttpRequest, names: tuple[str, ...]) -> dict[str, Any]:
    given = body.members(request, names)
    wrong = {
        name: ["Yes or no: true or false." if name == "is_first" else "A text."]
        for name, value in given.items()
        if value is not None and not isinstance(value, bool if name == "is_first" else str)
    }
    wrong |= {
        name: ["It holds a NUL character."]
        for name, value in given.items()
        if isinstance(value, str) and "\x00" in value
    }
    if wrong:
        raise Invalid(wrong)
    return given


def _check_collection(collection: str) -> None:
    if collection not in screens:
        raise Invalid({"collection": [f"One of: {', '.join(sorted(screens))}."]})


def _view(user: User, key: int) -> SavedView:
    found = reading.offered(user).filter(pk=key).first()
    if found is None:
        raise Problem(404, f"There is no view {key} that is shown to you.")
    return found


def _item(view: Any) -> dict[str, Any]:
    return {
        "id": view.pk,
        "title": view.title,
        "collection": view.collection,
        "owner": view.owner.username,
        "shown_to": actions.audience(view),
        "is_first": view.is_first,
        "query": view.query,
        "url": _address(view),
    }


def _address(view: SavedView) -> str:
    query = state.of_list(view.query)
    return f"/api/{view.collection}{'?' if query else ''}{query}"
