"""The list of a kind, as a page and as a fragment of it."""

from collections.abc import Iterator
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind
from evenkeel.core.rules import Invalid, lifecycles, registry
from evenkeel.core.rules.explaining import explained
from evenkeel.core.search.headlines import Marker
from evenkeel.core.web import exporting, navigation, place, words
from evenkeel.core.web.chips import chips, views
from evenkeel.core.web.columns import Cell, Column, available, heading
from evenkeel.core.web.door import visitor
from evenkeel.core.web.finding import screen_of
from evenkeel.core.web.lanes import reading
from evenkeel.core.web.listing import PLACES, Listing
from evenkeel.core.web.page import draw
from evenkeel.core.web.saved import panel, state
from evenkeel.core.web.saved import reading as saved
from evenkeel.core.web.searching import marked
from evenkeel.core.web.together import choosing
from evenkeel.core.web.visitor import signed_in


@require_safe
@signed_in
def show(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """One page of the list."""
    screen = screen_of(collection)
    if "first" in request.GET and (view := saved.first(user, collection)):
        return HttpResponseRedirect(view.address)
    listing = Listing(screen, user, request.GET.dict())
    if picked := request.GET.getlist("column"):
        return HttpResponseRedirect(listing.address(column=None, columns=",".join(picked)))
    try:
        if request.GET.get("only") == "count":
            return HttpResponse(f"{listing.count():,}")
        if form := request.GET.get("format"):
            answer = exporting.stream(listing, form)
            said = f"{collection}?{request.GET.urlencode()}"  # what, so that it can be told later
            trail.append(Kind.EXPORTED, visitor(request), person=user, said=said)
            return answer
        found = _read(listing)
    except Invalid as refused:
        context = {
            "errors": refused.errors,
            "back": f"/{collection}/",
            "without": listing.address(**dict.fromkeys(refused.errors)),
            "typed": listing.params.get("q", ""),
            "title": navigation.plural(screen.model),
        }
        return draw(request, "list_refused.html", context, status=400)
    return draw(request, "list.html", _context(request, listing, user, found), block="listing")


def _read(listing: Listing) -> list[reading.Lane]:
    """Read what is shown of it: lanes of cards where a board is asked for, else rows."""
    if reading.is_board(listing):
        return reading.read(listing)
    listing.read()
    return []


def _context(
    request: HttpRequest, listing: Listing, user: User, lanes: list[reading.Lane]
) -> dict[str, Any]:
    model = listing.screen.model
    record = registry.get(f"{model.collection}.record")
    can_pick = choosing.may_choose(listing.screen, user)
    return {
        "listing": listing,
        "is_board": reading.is_board(listing),
        "switch": reading.switch(listing),
        "lanes": lanes,
        "orders": reading.orders(listing) if lanes else [],
        "kept": {name: value for name, value in listing.params.items() if name not in PLACES},
        "title": navigation.plural(model),
        "one": str(model._meta.verbose_name),
        "purpose": explained(model).splitlines()[0],
        "icon_name": navigation.icon_of(model.kind()),
        "rows": _rows(listing, can_pick=can_pick),
        "can_pick": can_pick,
        "matching": state.written(listing.params),
        "heads": list(_heads(listing)),
        "chips": chips(listing),
        "views": views(listing),
        "beside": panel.beginning(listing),
        "views_folded": _views_folded(request, model.kind()),
        "choosable": [
            (n, heading(model, listing.screen.field(n))) for n in available(listing.screen, user)
        ],
        "may_record": bool(record and record.may(user, model(requester=user))),
    }


def _views_folded(request: HttpRequest, kind: str) -> bool:
    """Is the panel of views put away? Until somebody says otherwise it is, but beside work."""
    return request.COOKIES.get("views", "" if navigation.is_work(kind) else "folded") == "folded"


def _rows(listing: Listing, *, can_pick: bool) -> Markup:
    """All rows. A template would look at each of five hundred cells several times."""
    base = escape(f"/{listing.screen.model.collection}/")
    lifecycle = lifecycles().get(listing.kind)
    over = lifecycle.closed if lifecycle else frozenset()
    open_writers, over_writers = _writers(listing, is_open=True), _writers(listing, is_open=False)
    lines = []
    for row in listing.rows:
        link = f'<a href="{base}{escape(row[3])}/" data-open>'
        writers = over_writers if row[4] in over else open_writers
        cells = [
            f"{begun}{link}{cell(value)}</a></td>" if is_link else f"{begun}{cell(value)}</td>"
            for (is_link, begun, cell), value in zip(writers, row[6:], strict=True)
        ]
        pick = _pick(row[3], row[5]) if can_pick else ""
        lines.append(f"<tr>{pick}{''.join(cells)}</tr>\n")
    return Markup("".join(lines))  # noqa: S704  (every cell is markup, see `Cell`)


def _pick(number: str, version: int) -> str:
    """The box by which a record is chosen, in the version that is shown; both are safe as text."""
    return (
        f'<td class="pick"><input type="checkbox" class="form-check-input" name="pick"'
        f' value="{number}:{version}" aria-label="Choose {number}"></td>'
    )


def _writers(listing: Listing, *, is_open: bool) -> list[tuple[bool, str, Cell]]:
    """For each column: is it the link, how its cell begins, and what writes its value."""
    return [
        (column.style == "wide", _cell(column), _writer(listing, column, is_open=is_open))
        for column in listing.columns
    ]


def _writer(listing: Listing, column: Column, *, is_open: bool) -> Cell:
    """What writes the values of a column.

    In titles it marks the words that were looked for; what is over is never late.
    """
    if column.name == "due_at":
        return column.cell if is_open else words.when
    if column.name != "title" or listing.question is None:
        return column.cell
    marker = Marker(listing.question.lexemes)
    return lambda value: marked(marker.whole(str(value)))


def _cell(column: Column) -> str:
    label = f' data-label="{escape(column.title)}"' if column.style == "figure" else ""
    return f'<td class="{column.style}"{label}>'


def _heads(listing: Listing) -> Iterator[tuple[str, str, str, str]]:
    """Title, style, address to sort by it, and how it is sorted now (aria-sort)."""
    for column in listing.columns:
        name, url, now = column.name, "", ""
        if name == "recorded_at":
            rising = listing.sort == "recorded_at"
            url = listing.address(sort=None if rising else "recorded_at")
            now = {"recorded_at": "ascending", "-recorded_at": "descending"}.get(listing.sort, "")
        elif name in place.SORTS:
            sorted_by_it = listing.sort == name
            url = listing.address(sort=None if sorted_by_it else name)
            now = "ascending" if sorted_by_it else ""
        yield column.title, column.style, url, now
