"""The page of a record: head, verbs, timeline with composer, panels."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records import reads, visibility
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.web import columns, navigation, once, saying, verbs
from evenkeel.core.web.door import visitor
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.names import VIP, Names
from evenkeel.core.web.page import draw
from evenkeel.core.web.panels import Panels
from evenkeel.core.web.screen import Screen
from evenkeel.core.web.timeline import Timeline
from evenkeel.core.web.visitor import signed_in


@require_safe
@signed_in
def show(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """The page; with `before=` what of the timeline lies before that entry."""
    screen = screen_of(collection)
    record = record_of(screen, user, number)
    reads.note(record, user, visitor(request))
    return _drawn(request, user, screen, record)


@require_http_methods(["GET", "POST"])
@signed_in
def say(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """Take what was written in the composer: a reply or a note, with its files."""
    screen = screen_of(collection)
    record = record_of(screen, user, number)
    if request.method != "POST":
        return redirect(record.url)
    sent = saying.Sent.of(request)
    try:
        with transaction.atomic():
            once.claim(request.POST.get("once", ""), user)
            remark = saying.say(record, user, sent)
            once.keep(request.POST.get("once", ""), record.url)
    except once.SentBefore:
        messages.info(request, "This was sent before; it stands here once.")
    except Denied as denied:
        return _drawn(request, user, screen, record, sent, {"": [str(denied)]}, status=403)
    except Invalid as refused:
        return _drawn(request, user, screen, record, sent, refused.errors, status=422)
    else:
        said = "Your note is kept." if sent.audience == Audience.INTERNAL else "Your reply is sent."
        messages.success(request, said, extra_tags=f"draft={record.number}/say")
        if remark:
            messages.warning(request, remark)
    return redirect(record.url)


def _drawn(  # noqa: PLR0913  (the page, and what was refused on it)
    request: HttpRequest,
    user: User,
    screen: Screen,
    record: Record,
    sent: saying.Sent | None = None,
    errors: dict[str, list[str]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    inside = visibility.is_inside(user, record.of_kind)
    panels = Panels(screen, record, user, inside=inside)
    timeline = Timeline(record, user, inside=inside, before=_before(request))
    names = panels.names = Names(user, [*panels.keys(), *timeline.keys()])
    context = {
        "record": record,
        "plural": navigation.plural(screen.model),
        "icon_name": navigation.icon_of(record.of_kind),
        "state": columns.state_badge(record.of_kind, record.state),
        "priority": columns.priority_badge(record.priority),
        "bar": verbs.bar(record, user),
        "panels": panels,
        "lines": timeline.lines(names, panels.known),
        "vip": VIP if inside and names.is_vip(record.requester_id) else "",
        "case_owner": names.account(record.case_owner_id),
        "team": names.title(record.team_id),
        "older": timeline.older,
    }
    context |= _composer(panels, sent, errors or {})
    return draw(request, "record.html", context, block="timeline", status=status)


def _composer(
    panels: Panels, sent: saying.Sent | None, errors: dict[str, list[str]]
) -> dict[str, Any]:
    may_reply, may_note = panels.may("comment"), panels.may("note")
    return {
        "may_reply": may_reply,
        "may_note": may_note,
        "said_to": sent.audience if sent else Audience.PUBLIC if may_reply else Audience.INTERNAL,
        "said_text": sent.text if sent else "",
        "composer_errors": [
            ("text" if n == "text" else "", " ".join(e)) for n, e in errors.items()
        ],
        "once": once.token(),
    }


def _before(request: HttpRequest) -> int | None:
    asked = request.GET.get("before", "")
    if asked and not (asked.isdecimal() and len(asked) < 10):
        raise Http404("There is no such place in the timeline.")
    return int(asked) if asked else None
