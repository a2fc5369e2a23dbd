"""Where a card may be moved: the verbs that lead from its state to another lane, and who may.

Nothing here moves a record. A lane is reached by a verb of the kind's lifecycle, done like any
other from its page; a card can go where the user may do such a verb now, and nowhere else.
"""

import json
from dataclasses import dataclass

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.web import tones, verbs, words
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.lanes.reading import AS, BOARD, lanes
from evenkeel.core.web.page import draw, wants_fragment
from evenkeel.core.web.saved import state
from evenkeel.core.web.visitor import signed_in


@dataclass(frozen=True)
class Step:
    """A verb that leads to another lane."""

    to: str  # the state it ends in
    words: str
    help: str
    url: str
    asks: bool  # has a form to fill in; without one it is done at once


@dataclass(frozen=True)
class Way:
    """A lane that can be reached, and by which verbs."""

    to: str
    words: str
    tone: str
    steps: list[Step]


@require_safe
@signed_in
def show(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """The lanes to which a record may be moved: in a sheet, or as a page where no script runs.

    With `to=`, only the verbs that lead there; `version` is the one that the board showed.
    """
    record = record_of(screen_of(collection), user, number)
    shown = request.GET.get("version", "")
    wanted = request.GET.get("to", "")
    found = [way for way in ways(record, user) if wanted in ("", way.to)]
    context = {
        "title": f"Move {record.number} to …",
        "record": record,
        "ways": found,
        "now": tones.state(record.of_kind, record.state),
        "is_stale": shown.isdecimal() and int(shown) != record.version,
        "in_sheet": wants_fragment(request),
        "back": f"/{collection}/?{AS}={BOARD}",
    }
    return draw(request, "lanes/moves.html", context, block="moves")


def ways(record: Record, user: User) -> list[Way]:
    """Each lane that this user may move the record to now, in the order of the lifecycle."""
    steps = _steps(record, user)
    return [
        Way(name, *tones.state(record.of_kind, name), [s for s in steps if s.to == name])
        for name in lanes(record.of_kind)
        if any(step.to == name for step in steps)
    ]


def _steps(record: Record, user: User) -> list[Step]:
    not_now, idle = record.not_now(), record.nothing_for()
    found = []
    for action in verbs.shown(type(record)):
        move = action.lifecycle.move(action.verb, record.state)
        if move is None or move.end in (None, record.state) or action.verb in idle:
            continue
        if action.may(user, record, not_now=not_now):
            asks = bool(action.form_class.base_fields)
            url = f"{record.url}{action.verb}/"
            said, helped = words.label(action.verb), action.help.split("\n")[0]
            found.append(Step(str(move.end), said, helped, url, asks))
    return found


def is_from_board(request: HttpRequest) -> bool:
    """Was the verb done from a board, which then stays where it is?"""
    query = request.headers.get("HX-Current-URL", "").partition("?")[2].split("#")[0]
    return wants_fragment(request) and state.read(query).get(AS) == BOARD


def moved(request: HttpRequest, number: str, draft: str) -> HttpResponse:
    """Tell the board, in an event, what was done and what was said of it."""
    said = " ".join(str(message) for message in get_messages(request))
    event = {"card-moved": {"number": number, "said": said, "draft": draft}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(event)})
