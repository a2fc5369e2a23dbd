"""Doing a verb from a page: the form, the deed, and what the page says when it is refused."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, Answer, Denied, Invalid, Stale, registry
from evenkeel.core.web import conflict, fields, navigation, once, phrases, words
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.lanes import moving
from evenkeel.core.web.page import draw, wants_fragment
from evenkeel.core.web.visitor import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(
    request: HttpRequest, user: User, collection: str, number: str, verb: str
) -> HttpResponseBase:
    """The form of a verb (GET), and the verb itself (POST)."""
    record = record_of(screen_of(collection), user, number)
    action = registry.get(f"{collection}.{verb}")
    if action is None or action.creates:
        raise Http404(f"There is no verb {verb} for {collection}.")
    return Form(request, user, action, record).answer()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """The form by which a new record is made (GET), and the making (POST)."""
    screen = screen_of(collection)
    action = registry.get(f"{collection}.record")
    if action is None:
        raise Http404(f"{collection} are not recorded by hand.")
    return Form(request, user, action, screen.model()).answer()


def shown_by(action: Action) -> str:
    """By what name a form says which version of the record it was drawn from.

    Verbs that approve ask for a version of the terms by the usual name; two fields of one name
    would be one, and nobody would see that the terms were drafted anew meanwhile.
    """
    return "record_version" if "version" in action.form_class.base_fields else "version"


class Form:
    """One verb, asked of one person about one record."""

    def __init__(self, request: HttpRequest, user: User, action: Action, record: Record) -> None:
        self.request, self.user, self.action, self.record = request, user, action, record
        self.address = (
            f"/{record.collection}/record/" if action.creates else f"{record.url}{action.verb}/"
        )
        self.back = f"/{record.collection}/" if action.creates else record.url
        self.draft = self.address.strip("/")
        self.shown = shown_by(action)

    def answer(self) -> HttpResponseBase:
        """The form, or what became of it."""
        answer = self._may()
        if self.request.method != "POST":
            if not answer:  # a form that would be refused when it is filled in is not offered
                return self._draw({}, status=403, why_not=answer.reason, barred=True)
            values = fields.begun(self.action, self.record, self.request.GET)
            return self._draw(values, status=200)
        return self._done() if answer else self._denied(answer.reason)

    def _done(self) -> HttpResponseBase:
        try:
            with transaction.atomic():
                return self._do()
        except once.SentBefore as before:
            messages.info(self.request, "This was sent before; it is recorded once.")
            return self._leave(before.address)
        except Invalid as refused:
            return self._draw(self._given(), errors=refused.errors, status=422)
        except Denied as denied:
            return self._denied(str(denied))
        except Stale as stale:
            extra = conflict.context(self.action, stale, self._given(), self.user)
            return self._draw(self._given(), status=409, **extra)

    def _may(self) -> Answer:
        if not self.action.creates:
            return self.action.may(self.user, self.record)
        # Whoever records asks for themselves, unless they name another.
        return self.action.may(self.user, type(self.record)(requester=self.user))

    def _do(self) -> HttpResponse:
        if self.action.creates:
            once.claim(self.request.POST.get("once", ""), self.user)
        inputs = self.action.clean(self._given(), by=self.user, files=self.request.FILES)
        version = self.request.POST.get(self.shown, "")
        done = self.action(
            self.record,
            by=self.user,
            via=Via.PAGE,
            expected_version=int(version) if version.isdecimal() else None,
            **inputs,
        )
        once.keep(self.request.POST.get("once", ""), done.url)
        said = phrases.DONE.get(self.action.verb, words.past(self.action.verb))
        messages.success(self.request, f"{done.number} {said}.", extra_tags=f"draft={self.draft}")
        if done.remark:
            messages.warning(self.request, done.remark)
        if done.told:
            messages.warning(self.request, f"Shown this once: {done.told}")
        is_theirs = not visibility.hides(self.user, done)
        return self._leave(done.url if is_theirs else f"/{done.collection}/")

    def _given(self) -> dict[str, Any]:
        """What was sent, as far as the verb asks for it; a box that is not ticked says no."""
        sent = self.request.POST
        asked = self.action.form_class.base_fields
        return {
            name: sent.get(name, "")
            for name, field in asked.items()
            if name in sent or isinstance(field, forms.BooleanField)
        }

    def _leave(self, address: str) -> HttpResponse:
        if moving.is_from_board(self.request) and not self.action.creates:
            return moving.moved(self.request, self.record.number, self.draft)
        if wants_fragment(self.request):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)

    def _similar(self) -> str:
        """Where to ask what is open already; "" for what is not recorded twice by mistake."""
        collection = self.record.collection
        warns = self.action.creates and screen_of(collection).warns_of_similar
        return f"/similar/{collection}/" if warns else ""

    def _denied(self, sentence: str) -> HttpResponse:
        if wants_fragment(self.request):
            return HttpResponse(sentence, status=403, content_type="text/plain; charset=utf-8")
        return self._draw(self._given(), status=403, why_not=sentence)

    def _draw(
        self,
        values: Mapping[str, Any],
        *,
        status: int,
        errors: Mapping[str, list[str]] | None = None,
        **extra: Any,
    ) -> HttpResponse:
        wants = self.record.wants(self.action.verb)
        drawn = fields.drawn(self.action, values, errors or {}, wants)
        context = {
            "action": self.action,
            "record": self.record,
            "title": _title(self.action, self.record),
            "address": self.address,
            "back": self.back,
            "draft": self.draft,
            "fields": drawn,
            "carried": fields.carried(self.action, values),
            "errors": _summary(drawn, errors or {}),
            "procedure": self.record.procedure_of(self.action.verb),
            "similar": self._similar(),
            "once": once.token() if self.action.creates else "",
            "shown": self.shown,
            "version": "" if self.action.creates else self.record.version,
            "returned": status != 200,
            "why_not": "",
            "barred": False,
            "stale": None,
            "in_sheet": wants_fragment(self.request),
        }
        return draw(self.request, "verb.html", context | extra, block="form", status=status)


def _title(action: Action, record: Record) -> str:
    if action.creates:
        return f"{words.label(action.verb)} {navigation.one(type(record))}"
    return f"{words.label(action.verb)}: {record.number} {record.title}"


def _summary(drawn: list[fields.Drawn], errors: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Every reason with the field to go to; "" for what concerns the whole."""
    labels = {field.name: field.label for field in drawn}
    found = []
    for name, reasons in errors.items():
        label = labels.get(name) or (words.label(name) if name else "")
        text = " ".join(reasons)
        found.append((name if name in labels else "", f"{label}: {text}" if label else text))
    return found
