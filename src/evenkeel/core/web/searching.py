"""The search page: what was found over all kinds, with the words marked; a number leads there."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from markupsafe import Markup, escape

from evenkeel.core.people.models import User
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import Invalid
from evenkeel.core.search.finding import Hit, find
from evenkeel.core.search.headlines import Pieces
from evenkeel.core.search.operators import OPERATORS
from evenkeel.core.web import navigation
from evenkeel.core.web.columns import priority_badge, state_badge
from evenkeel.core.web.page import draw
from evenkeel.core.web.screen import screens
from evenkeel.core.web.visitor import signed_in

LONGEST = 200  # characters of a question


@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """One page of what was found."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    kind, after = request.GET.get("kind", ""), request.GET.get("after") or None
    chosen = [kind] if kind in kinds() else []
    refused: list[str] = []
    try:
        found = find(user, text, kinds=chosen, after=after) if text else None
    except Invalid as slip:
        found, refused = None, slip.errors["q"]
    hits = found.hits if found else []
    if hits and not after and hits[0].record.number == text.upper():
        return redirect(hits[0].record.url)
    older = _address(text, kind, after=found.after) if found and found.after else ""
    context: dict[str, Any] = {
        "text": text,
        "refused": refused,
        "operators": ", ".join(OPERATORS),
        "chips": _chips(text, kind),
        "hits": [_drawn(hit) for hit in hits],
        "older": older,
        "newer": _address(text, kind) if after else "",
    }
    status = 400 if refused else 200
    return draw(request, "search.html", context, block="found", status=status)


def marked(pieces: Pieces) -> Markup:
    """A text with its marked words; all of it is escaped."""
    whole = (Markup("<mark>{}</mark>").format(text) if on else escape(text) for text, on in pieces)
    return Markup("").join(whole)


def _drawn(hit: Hit) -> dict[str, Any]:
    record = hit.record
    return {
        "hit": hit,
        "title": marked(hit.title),
        "headline": marked(hit.headline),
        "url": record.url,
        "icon": navigation.icon_of(record.of_kind),
        "state": state_badge(record.of_kind, record.state),
        "priority": priority_badge(record.priority),
    }


def _chips(text: str, chosen: str) -> list[tuple[str, str, bool]]:
    """Words, address and whether it is chosen: all kinds, then each."""
    # What people work on comes before what the kernel keeps about itself.
    models = sorted((s.model for s in screens.values()), key=lambda m: m._meta.app_label == "core")
    known = [(navigation.plural(model), model.kind()) for model in models]
    address = _address(text, "")
    start = f"{address}&kind=" if text else f"{address}kind="
    chips = [(words, f"{start}{kind}", kind == chosen) for words, kind in known]
    return [("All", address, not chosen), *chips]


def _address(text: str, kind: str, **more: str) -> str:
    given = {"q": text, "kind": kind, **more}
    return f"/search/?{urlencode({name: value for name, value in given.items() if value})}"
