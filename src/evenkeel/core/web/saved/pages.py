"""The panel of views beside a list, and the form in which one is named and shown to others."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.web import navigation
from evenkeel.core.web.fields import Drawn
from evenkeel.core.web.finding import screen_of
from evenkeel.core.web.page import draw, wants_fragment
from evenkeel.core.web.saved import actions, panel, permissions, reading, state
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.visitor import signed_in

Errors = dict[str, list[str]]


@require_safe
@signed_in
def show(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """The views of a list: beside it, or as a page where no script runs."""
    screen = screen_of(collection)
    context = panel.context(screen, user, _state(request))
    context["title"] = navigation.plural(screen.model)
    return draw(request, "saved/panel.html", context, block="panel")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """Name what the list shows now (GET), and keep it (POST)."""
    screen_of(collection)
    return _form(request, user, SavedView(collection=collection, owner=user))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, user: User, collection: str, pk: int) -> HttpResponseBase:
    """Another name or another audience for a view."""
    view = _view(user, collection, pk)
    if not (answer := permissions.may_edit(view, user)):
        raise Denied(answer.reason)
    return _form(request, user, view)


@require_POST
@signed_in
def act(request: HttpRequest, user: User, collection: str, pk: int, what: str) -> HttpResponseBase:
    """Keep the state that the list is in, begin with the view or no more, or remove it."""
    view = _view(user, collection, pk)
    if what == "keep":
        return _keep(request, user, view)
    if what == "remove":
        actions.remove(view, by=user)
        messages.success(request, f"The view “{view}” is removed. The records are what they were.")
        return _leave(request, f"/{collection}/")
    if what not in ("first", "not_first"):
        raise Http404(f"There is nothing called {what} to do with a view.")
    actions.begin_with(collection, view if what == "first" else None, by=user)
    said = "You begin this list with “{}”." if what == "first" else "You begin with “{}” no more."
    messages.success(request, said.format(view))
    return _leave(request, view.address)


def _keep(request: HttpRequest, user: User, view: SavedView) -> HttpResponse:
    params = state.read(request.POST.get("now", ""))
    try:
        actions.keep_state(view, by=user, params=params)
    except Invalid as refused:
        messages.error(request, " ".join(why for whys in refused.errors.values() for why in whys))
        return _leave(request, f"/{view.collection}/?{state.written(params)}")
    messages.success(request, f"“{view}” shows this from now on.")
    return _leave(request, view.address)


def _form(request: HttpRequest, user: User, view: SavedView) -> HttpResponse:
    sent = request.POST
    errors: Errors = {}
    if request.method == "POST":
        try:
            params = state.read(sent.get("now", "")) if not view.pk else None
            given = {name: sent.get(name, "") for name in ("title", "shown_to")}
            actions.keep(view, by=user, params=params, **given)
            _begin(view, user, begins=sent.get("first") == "true")
        except Invalid as refused:
            errors = refused.errors
        else:
            messages.success(request, f"The view “{view}” is kept.")
            return _leave(request, view.address)
    return _drawn(request, user, view, errors)


def _begin(view: SavedView, user: User, *, begins: bool) -> None:
    """Begin the list with the view as the box says; another that one begins with stays."""
    if begins or _is_first(view, user):
        actions.begin_with(view.collection, view if begins else None, by=user)


def _drawn(request: HttpRequest, user: User, view: SavedView, errors: Errors) -> HttpResponse:
    sent = request.POST
    values = {
        "title": view.title,
        "shown_to": actions.audience(view),
        "first": "true" if _is_first(view, user) else "",
    }
    if sent:
        values = {name: sent.get(name, "") for name in values}
    context = {
        "view": view,
        "title": f"Edit view: {view}" if view.pk else "Save this view",
        "address": f"/views/{view.collection}/{view.pk or 'save'}/",
        "back": view.address if view.pk else f"/{view.collection}/",
        "fields": _fields(view, user, values, errors),
        "errors": [(name, " ".join(whys)) for name, whys in errors.items()],
        "now": sent.get("now", "") or state.written(_state(request)),
        "in_sheet": wants_fragment(request),
    }
    status = 422 if errors else 200
    return draw(request, "saved/form.html", context, block="form", status=status)


def _fields(view: SavedView, user: User, values: dict[str, str], errors: Errors) -> list[Drawn]:
    audiences = [("own", "Only me"), *_teams(view, user)]
    if permissions.may_share_with_all(view.collection, user) or view.sharing == "all":
        audiences.append(("all", str(SavedView.Sharing.ALL.label)))
    help_first = "Whenever you come to the list from the menu at the left."
    help_all = "Whoever opens it sees what they may see, and no more."
    return [
        Drawn("title", "Name", "", "text", values["title"], required=True, max_length=80,
              errors=errors.get("title", [])),
        Drawn("shown_to", "Who is shown it", help_all, "radio", values["shown_to"], required=True,
              choices=audiences, errors=errors.get("shown_to", [])),
        Drawn("first", "Begin this list with it", help_first, "checkbox", values["first"],
              required=False),
    ]  # fmt: skip


def _teams(view: SavedView, user: User) -> list[tuple[str, str]]:
    teams = Team.objects.filter(pk__in={*user.rights.teams, *filter(None, [view.team_id])})
    return [(team.number, team.title) for team in teams.order_by("title")]


def _is_first(view: SavedView, user: User) -> bool:
    return bool(view.pk) and view.first_of.filter(person=user).exists()


def _view(user: User, collection: str, pk: int) -> SavedView:
    found = reading.offered(user, collection).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such view, or it is not shown to you.")
    return found


def _state(request: HttpRequest) -> dict[str, str]:
    """The state of the list beside which this is shown, or what the address itself says."""
    if request.GET or not wants_fragment(request):
        return request.GET.dict()
    return state.read(request.headers.get("HX-Current-URL", "").partition("?")[2].split("#")[0])


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
