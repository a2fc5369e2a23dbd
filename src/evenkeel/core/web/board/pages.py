"""The page of the board."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.clocks import board
from evenkeel.core.clocks.board import AHEAD, BROKEN, COUNTED, DUE, HORIZONS, PAUSED
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.web import navigation, words
from evenkeel.core.web.board.asking import BASE, FIELDS, Asked, clocks, column, may_see
from evenkeel.core.web.board.rows import row
from evenkeel.core.web.chips import Chip, Choice, chip, choosing
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

PAGE = 50
TITLE = "Board by time to breach"
_NOTHING = {
    AHEAD: "Nothing runs that could still be kept or broken.",
    DUE: "Nothing runs out by then.",
    BROKEN: "No promise is broken in a case that is still open.",
    PAUSED: "Nothing is paused.",
}


@require_safe
@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """Open cases by time to breach, and what is broken, will be, or is paused (ISRM-47)."""
    if not may_see(user):
        raise Denied("The board is for those inside the service desk.")
    try:
        asked = Asked(user, request.GET.dict(), timezone.now())
    except Invalid as refused:
        context = {
            "errors": refused.errors,
            "back": BASE,
            "without": BASE,
            "typed": "",
            "title": TITLE,
        }
        return draw(request, "list_refused.html", context, status=400)
    return draw(request, "board.html", _context(asked), block="listing")


def _context(asked: Asked) -> dict[str, Any]:
    found = asked.rows(PAGE + 1)
    more, reasons = len(found) > PAGE, asked.board.reasons()
    return {
        "title": TITLE,
        "asked": asked,
        "kept": {name: value for name, value in asked.params.items() if name != "after"},
        "read_at": words.by(asked.now),
        "until": words.by(asked.until),
        "horizons": _horizons(asked),
        "chips": _chips(asked),
        "totals": _totals(asked, reasons),
        "reasons": _reasons(asked, reasons),
        "rows": [row(clock, asked.now, asked.until) for clock in found[:PAGE]],
        "older": asked.address(after=asked.name(found[PAGE - 1])) if more else "",
        "nothing": _NOTHING[asked.show],
    }


def _horizons(asked: Asked) -> list[Choice]:
    """How far is looked ahead."""
    return [
        Choice(title, asked.address(within=name), name == asked.within)
        for name, title in HORIZONS.items()
    ]


def _totals(asked: Asked, reasons: list[tuple[str, int]]) -> list[tuple[str, str, str, str, bool]]:
    """Name, figure, words and address of each part, and whether it is the one that is shown."""
    alone = ", ".join(why for why, _ in reasons if len(reasons) == 1)
    said = {
        AHEAD: "running",
        DUE: f"of them run out by {words.by(asked.until)}",
        BROKEN: "broken, and still running",
        PAUSED: f"paused, {alone}" if alone else "paused",
    }
    return [
        (
            part,
            _figure(asked.board.count(part)),
            title,
            asked.address(show=part if part != AHEAD else None, why=None),
            part == asked.show,
        )
        for part, title in said.items()
    ]


def _reasons(asked: Asked, reasons: list[tuple[str, int]]) -> list[tuple[str, str, str, bool]]:
    """For what cases are paused: words, figure, address, and whether only these are shown."""
    chosen = asked.board.why
    return [
        (why, _figure(count), asked.address(show=PAUSED, why=why), chosen == why)
        for why, count in reasons
        if why and (len(reasons) > 1 or chosen)
    ]


def _figure(count: int) -> str:
    return f"{COUNTED}+" if count > COUNTED else str(count)


def _chips(asked: Asked) -> list[Chip]:
    models = [kinds()[one] for one in board.kinds_for(asked.user)]
    named = [(model.collection, navigation.plural(model)) for model in models]
    found = [chip(asked, column(name), Record) for name in FIELDS]
    found.insert(0, choosing(asked, "clock", "Clock", clocks().items(), one=True))
    return [choosing(asked, "of", "Kind", named, one=True), *found]
