"""One's own case: where it stands, what was said, and what one may do now."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenkeel.core.people.models import User
from evenkeel.core.records import reads
from evenkeel.core.records.entry import Audience, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid, Stale, registry
from evenkeel.core.web import once
from evenkeel.core.web.door import visitor
from evenkeel.core.web.page import draw
from evenkeel.core.web.portal.asking import asked_by
from evenkeel.core.web.portal.offer import Offer, Step, offers
from evenkeel.core.web.portal.pages import address_of, expected, own, told_of
from evenkeel.core.web.portal.story import story
from evenkeel.core.web.saying import Sent, say
from evenkeel.core.web.visitor import signed_in

STALE = "Something happened to this case since you opened the page. Look at it again, please."


@signed_in
def show(request: HttpRequest, user: User, number: str) -> HttpResponseBase:
    """The page of a case; 404 for any case that is not the reader's own."""
    record, offer = _found(user, number)
    reads.note(record, user, visitor(request))
    return _page(request, user, record, offer)


@require_POST
@signed_in
def reply(request: HttpRequest, user: User, number: str) -> HttpResponseBase:
    """Say something to the service desk, with files or without."""
    record, offer = _found(user, number)
    sent = Sent(Audience.PUBLIC, request.POST.get("text", ""), request.FILES.getlist("files"))
    try:
        with transaction.atomic():
            once.claim(request.POST.get("once", ""), user)
            remark = say(record, user, sent)
            once.keep(request.POST.get("once", ""), address_of(record))
    except once.SentBefore as before:
        return redirect(before.address)
    except (Invalid, Denied) as refused:
        return _page(request, user, record, offer, refused=refused, text=sent.text)
    messages.success(request, "Sent.", extra_tags=f"draft={_draft(record)}")
    if remark:
        messages.warning(request, remark)
    return redirect(f"{address_of(record)}#end")


@require_POST
@signed_in
def step(request: HttpRequest, user: User, number: str, verb: str) -> HttpResponseBase:
    """Confirm, reject or withdraw: a verb that the portal offers for this kind."""
    record, offer = _found(user, number)
    taken = next((each for each in offer.steps if each.verb == verb), None)
    if taken is None:
        raise Http404(f"The portal does not offer {verb}.")
    try:
        _take(request, user, record, taken)
    except Stale as stale:
        return _page(request, user, stale.record, offer, refused=stale, taken=taken)
    except (Invalid, Denied) as refused:
        return _page(request, user, record, offer, refused=refused, taken=taken)
    messages.success(request, taken.done)
    return redirect(address_of(record))


def _found(user: User, number: str) -> tuple[Record, Offer]:
    for offer in offers.values():
        record = own(user, offer).filter(number=number.upper()).first()
        if record is not None:
            return record, offer
    raise Http404(f"There is no case {number} of yours.")


def _take(request: HttpRequest, user: User, record: Record, taken: Step) -> None:
    action = registry[f"{record.collection}.{taken.verb}"]
    inputs = action.clean({name: request.POST.get(name, "") for name in taken.asks}, by=user)
    version = request.POST.get("version", "")
    action(
        record,
        by=user,
        via=Via.PAGE,
        expected_version=int(version) if version.isdecimal() else None,
        **inputs,
    )


def _draft(record: Record) -> str:
    return f"portal/{record.number}"


def _page(  # noqa: PLR0913  (what was refused, and what had been typed)
    request: HttpRequest,
    user: User,
    record: Record,
    offer: Offer,
    *,
    refused: Exception | None = None,
    text: str = "",
    taken: Step | None = None,
) -> HttpResponse:
    case, standing, tone = told_of(record, offer)
    context: dict[str, Any] = {
        "case": case,
        "standing": standing,
        "tone": tone,
        "expected": expected(record),
        "now": timezone.now(),
        "facts": _facts(record, offer),
        "story": story(record, offer, user),
        "steps": [
            asked_by(each, record, request.POST if refused and each is taken else None)
            for each in offer.steps
            if each.when(record) and _may(user, record, each.verb)
        ],
        "may_reply": record.is_open and _may(user, record, "comment"),
        "why": _reasons(refused, taken),
        "text": text,
        "once": once.token(),
        "draft": _draft(record),
    }
    status = {Stale: 409, Denied: 403, Invalid: 422}.get(type(refused), 200)
    return draw(request, "portal/case.html", context, status=status)


def _facts(record: Record, offer: Offer) -> list[tuple[str, str]]:
    """What the user told us, with the questions that asked for it."""
    words = {question.field: question.words for question in offer.questions}
    found = []
    for name in offer.shown:
        said = getattr(record, f"get_{name}_display", None)
        value = said() if said else getattr(record, name)
        if value:
            found.append((words.get(name, ""), value.title if isinstance(value, Record) else value))
    return found + offer.also(record)


def _may(user: User, record: Record, verb: str) -> bool:
    action = registry.get(f"{record.collection}.{verb}")
    return bool(action and action.may(user, record))


def _reasons(refused: Exception | None, taken: Step | None) -> list[str]:
    """Why it was not done; of what was asked, with the question."""
    if isinstance(refused, Invalid):
        asked = taken.asks if taken else {}
        return [
            f"{asked[name]} – {why}" if name in asked else why
            for name, reasons in refused.errors.items()
            for why in reasons
        ]
    if isinstance(refused, Stale):
        return [STALE]
    return [str(refused)] if refused else []
