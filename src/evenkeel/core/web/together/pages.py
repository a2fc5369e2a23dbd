"""From several chosen records to a verb, its form, and the report on each of them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenkeel.core.people.models import User
from evenkeel.core.rules import Action, Invalid
from evenkeel.core.web import fields, navigation, once, words
from evenkeel.core.web.finding import screen_of
from evenkeel.core.web.page import draw, wants_fragment
from evenkeel.core.web.screen import Screen
from evenkeel.core.web.together import choosing, jobs, running
from evenkeel.core.web.together.choosing import Pick
from evenkeel.core.web.together.models import Batch
from evenkeel.core.web.visitor import signed_in

POLL_ENDS = 286  # the status by which htmx stops asking
SHOWN = 20  # of one's own, the newest


@require_safe
@signed_in
def choose(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """The verbs that are allowed for at least one of the chosen."""
    screen = screen_of(collection)
    try:
        picks = _picks(request, screen, user)
    except Invalid as refused:
        return _refused(request, screen, refused)
    records = choosing.looked_at(screen, user, picks)
    context = _about(request, screen, picks) | {
        "offers": choosing.offers(screen, user, records),
        "looked_at": len(records),
        "asked": request.GET.urlencode(),
    }
    return draw(request, "together/choose.html", context, block="form")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def form(request: HttpRequest, user: User, collection: str, verb: str) -> HttpResponseBase:
    """One form for all of them (GET); doing it (POST)."""
    screen = screen_of(collection)
    action = next((a for a in choosing.for_many(screen.model) if a.verb == verb), None)
    if action is None:
        raise Http404(f"{verb} is not done to several {collection} at once.")
    try:
        picks = _picks(request, screen, user)
    except Invalid as refused:
        return _refused(request, screen, refused)
    if request.method != "POST":
        return _drawn(request, user, action, picks, {})
    return _ask(request, user, action, picks)


def _ask(request: HttpRequest, user: User, action: Action, picks: list[Pick]) -> HttpResponse:
    inputs = running.given(action, request.POST.dict())
    try:
        batch = running.ask(action, picks, inputs, by=user, mark=request.POST.get("once", ""))
    except once.SentBefore as before:
        messages.info(request, "This was sent before; it is done once.")
        return _leave(request, before.address)
    except Invalid as refused:
        return _drawn(request, user, action, picks, refused.errors)
    if len(picks) > running.AT_ONCE:
        jobs.run_batch.defer(batch=batch.pk)
    else:
        running.run(batch)
    return _leave(request, batch.address)


@require_safe
@signed_in
def index(request: HttpRequest, user: User) -> HttpResponseBase:
    """What one asked for several records, newest first."""
    batches = Batch.objects.filter(person=user).order_by("-asked_at")[:SHOWN]
    return draw(request, "together/index.html", {"batches": [_summary(one) for one in batches]})


@require_safe
@signed_in
def report(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """What became of each record; while it is being done, how far it is."""
    batch = _batch(user, pk)
    if wants_fragment(request) and batch.ended_at:
        return HttpResponse(status=POLL_ENDS, headers={"HX-Refresh": "true"})
    results = list(batch.results.order_by("pk"))
    screen = screen_of(batch.action.model.collection)
    numbers = [result.number for result in results]
    seen = screen.model.objects.visible_to(user).filter(number__in=numbers)
    titles = dict(seen.values_list("number", "title"))
    context = _summary(batch) | {
        "collection": screen.model.collection,
        "refused": [(r, titles.get(r.number, "")) for r in results if r.refused],
        "done": [(r, titles.get(r.number, "")) for r in results if not r.refused],
        "told": len(results),
    }
    return draw(request, "together/report.html", context, block="state")


@require_POST
@signed_in
def go_on(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """Do the rest of what broke off; what is done is not done again."""
    batch = _batch(user, pk)
    if not batch.ended_at:
        jobs.run_batch.defer(batch=batch.pk)
    return redirect(batch.address)


def _batch(user: User, pk: int) -> Batch:
    found = Batch.objects.select_related("person").filter(pk=pk, person=user).first()
    if found is None:
        raise Http404("There is no such report, or it is not yours.")
    return found


def _summary(batch: Batch) -> dict[str, Any]:
    model = batch.action.model
    names = model._meta.verbose_name if len(batch.picks) == 1 else model._meta.verbose_name_plural
    title = f"{words.label(batch.action.verb)}: {len(batch.picks)} {names}"
    return {"batch": batch, "title": title, "all": len(batch.picks)}


def _picks(request: HttpRequest, screen: Screen, user: User) -> list[Pick]:
    """On a form that is sent they stand as they were when it was opened, versions and all."""
    asked = request.POST if request.method == "POST" else request.GET
    found = {"pick": [one for many in asked.getlist("pick") for one in many.split(",")]}
    return choosing.picked(screen, user, found | {"matching": asked.get("matching")})


def _about(request: HttpRequest, screen: Screen, picks: list[Pick]) -> dict[str, Any]:
    name = screen.model._meta.verbose_name if len(picks) == 1 else navigation.plural(screen.model)
    return {
        "collection": screen.model.collection,
        "count": len(picks),
        "names": str(name).lower(),
        "in_sheet": wants_fragment(request),
    }


def _drawn(
    request: HttpRequest, user: User, action: Action, picks: list[Pick], errors: dict[str, Any]
) -> HttpResponse:
    screen = screen_of(action.model.collection)
    records = choosing.looked_at(screen, user, picks)
    answers = [(record, action.may(user, record)) for record in records]
    drawn = fields.drawn(action, request.POST, errors)
    labels = {field.name: field.label for field in drawn}
    context = _about(request, screen, picks) | {
        "action": action,
        "picks": ",".join(f"{number}:{version}" for number, version in picks),
        "refused": [(record, answer.reason) for record, answer in answers if not answer],
        "fields": drawn,
        "errors": [
            (name if name in labels else "", f"{labels.get(name, '')} {' '.join(whys)}".strip())
            for name, whys in errors.items()
        ],
        "once": once.token(),
        "many": len(picks) > running.AT_ONCE,
    }
    status = 422 if errors else 200
    return draw(request, "together/form.html", context, block="form", status=status)


def _refused(request: HttpRequest, screen: Screen, refused: Invalid) -> HttpResponse:
    said = " ".join(why for whys in refused.errors.values() for why in whys)
    context = _about(request, screen, []) | {"said": said}
    status = 422  # shown in the sheet like a form that is refused
    return draw(request, "together/refused.html", context, block="form", status=status)


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
