"""`GET /api/search?q=state:open mail`: what the search page finds, for programs."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.rest.lists import limit_of, once_each, page
from evenkeel.core.rules import Invalid
from evenkeel.core.search.finding import Hit, find
from evenkeel.core.search.headlines import Pieces

PARAMETERS = ("q", "limit", "after")
AFTER = r"[0-9]{1,18}\.[0-9]{1,9}"


def show(request: HttpRequest, user: User) -> HttpResponse:
    """A page of what is found, best first."""
    params = once_each(request)
    if wrong := {name: [_ONLY] for name in params if name not in PARAMETERS}:
        raise Invalid(wrong)
    if not (text := params.get("q", "").strip()):
        raise Invalid({"q": ["Say what to look for."]})
    after = params.get("after")
    if after is not None and not re.fullmatch(AFTER, after):
        raise Invalid({"after": ["Take it from `next` of the page before."]})
    found = find(user, text, limit=limit_of(params), after=after)
    items = [_item(hit) for hit in found.hits]
    return page("/api/search", {"items": items}, params, found.after)


_ONLY = f"It is no parameter here; there are: {', '.join(PARAMETERS)}."


def _item(hit: Hit) -> dict[str, Any]:
    record = hit.record
    return {
        "number": record.number,
        "kind": record.of_kind,
        "title": record.title,
        "state": record.state,
        "priority": record.priority,
        "recorded_at": as_plain(record.recorded_at),
        "title_pieces": _pieces(hit.title),
        "text_pieces": _pieces(hit.headline),
        "is_near": hit.is_near,
        "url": f"/api{record.url.rstrip('/')}",
    }


def _pieces(pieces: Pieces) -> list[dict[str, Any]]:
    return [{"text": text, "is_marked": is_marked} for text, is_marked in pieces]
