"""The pages of the portal: what one can do, reporting, and one's own cases."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from evenkeel.core.clocks.engine import Phase
from evenkeel.core.clocks.models import Clock
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.web import once, tones
from evenkeel.core.web.page import draw
from evenkeel.core.web.portal import status
from evenkeel.core.web.portal.asking import asked
from evenkeel.core.web.portal.offer import Offer, Standing, offers
from evenkeel.core.web.saying import Sent, say
from evenkeel.core.web.visitor import signed_in

OPEN, CLOSED, PAGE = 50, 5, 20
Told = tuple[Record, Standing, str]


@signed_in
def home(request: HttpRequest, user: User) -> HttpResponseBase:
    """What one can do here, and what became of what one did."""
    context = {
        "disrupted": list(status.current(user)),
        "offers": [(offer, f"/portal/{name}/report/") for name, offer in offers.items()],
        "open": _newest(user, OPEN, is_open=True),
        "closed": _newest(user, CLOSED, is_open=False),
        "is_staff": user.rights.is_staff,
    }
    return draw(request, "portal/home.html", context)


@signed_in
def cases(request: HttpRequest, user: User) -> HttpResponseBase:
    """All of one's own cases, newest first."""
    asked_for = request.GET.get("page", "")
    page = max(1, int(asked_for)) if asked_for.isdecimal() and len(asked_for) < 5 else 1
    found = _newest(user, page * PAGE + 1)[(page - 1) * PAGE :]
    context = {"cases": found[:PAGE], "page": page, "more": len(found) > PAGE}
    return draw(request, "portal/cases.html", context)


@signed_in
def report(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """The questions of a report (GET), and the recording of the answers (POST)."""
    offer = offers.get(collection)
    if offer is None:
        raise Http404(f"The portal does not offer {collection}.")
    if request.method != "POST":
        return _form(request, user, offer, request.GET.dict())
    try:
        with transaction.atomic():
            once.claim(request.POST.get("once", ""), user)
            recorded = _record(request, user, offer)
    except once.SentBefore as before:
        messages.info(request, "This was sent before; we have it once.")
        return redirect(before.address)
    except Invalid as refused:
        return _form(request, user, offer, request.POST.dict(), refused.errors, 422)
    except Denied as denied:
        return _form(request, user, offer, request.POST.dict(), {"": [str(denied)]}, 403)
    messages.success(request, offer.thanks, extra_tags=f"draft=portal/{collection}")
    return redirect(address_of(recorded))


def address_of(record: Record) -> str:
    """Where the user finds their case."""
    return f"/portal/cases/{record.number}/"


def expected(record: Any) -> datetime | None:
    """By when we want to be done with it; None while nothing is promised or the clock stands."""
    found: datetime | None = getattr(record, "expected_at", None)
    return found


def told_of(record: Record, offer: Offer) -> Told:
    """A case, where it stands in the user's words, and the tone of that."""
    return record, offer.standing(record), tones.state(record.of_kind, record.state)[1]


def own(user: User, offer: Offer) -> "models.QuerySet[Any]":
    """The cases of a kind that are this person's own, whatever else they may see."""
    mine: models.QuerySet[Any] = offer.model.objects.reported_by(user)
    running = Clock.objects.filter(
        record=models.OuterRef("pk"), kind=offer.clock, agreement=None, phase=Phase.RUNNING
    )
    found: models.QuerySet[Any] = mine.annotate(
        expected_at=models.Subquery(running.values("due_at")[:1])
    )
    return found


def _newest(user: User, size: int, **wanted: bool) -> list[Told]:
    read = chain.from_iterable(
        (told_of(record, offer) for record in _read(user, offer, size, wanted))
        for offer in offers.values()
    )
    return sorted(read, key=lambda told: told[0].recorded_at, reverse=True)[:size]


def _read(
    user: User, offer: Offer, size: int, wanted: Mapping[str, bool]
) -> "models.QuerySet[Any]":
    return own(user, offer).filter(**wanted).order_by("-recorded_at", "-pk")[:size]


def _record(request: HttpRequest, user: User, offer: Offer) -> Record:
    """Record the report, and attach its files, together or not at all."""
    action = registry[f"{offer.model.collection}.record"]
    given = {q.field: request.POST.get(q.field, "") for q in offer.questions} | dict(offer.says)
    recorded: Record = action(offer.model(), by=user, via=Via.PAGE, **action.clean(given, by=user))
    if files := request.FILES.getlist("files"):
        say(recorded, user, Sent(Audience.PUBLIC, "", files))
    once.keep(request.POST.get("once", ""), address_of(recorded))
    return recorded


def _form(
    request: HttpRequest,
    user: User,
    offer: Offer,
    given: Mapping[str, str],
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    action = registry[f"{offer.model.collection}.record"]
    named = {question.field for question in offer.questions}
    elsewhere = [why for name, why in (errors or {}).items() if name not in named]
    context = {
        "offer": offer,
        "fields": asked(action, offer, user, given, errors or {}),
        "errors": list(chain.from_iterable(elsewhere)),
        "returned": status != 200,
        "once": once.token(),
        "draft": f"portal/{offer.model.collection}",
    }
    return draw(request, "portal/report.html", context, status=status)
