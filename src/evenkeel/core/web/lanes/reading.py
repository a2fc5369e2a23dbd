"""The lanes of a list: each open state with its count and its first cards, by at most two queries.

The board is another way to draw a list (issue 3, "board by state with drag"): the same address,
the same filters, search and order, and the same rule of what may be seen.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from markupsafe import Markup

from evenkeel.core.records.record import kinds
from evenkeel.core.rules import lifecycles
from evenkeel.core.search.headlines import Marker
from evenkeel.core.web import columns, place, tones, words
from evenkeel.core.web.chips import Choice
from evenkeel.core.web.listing import NEWEST, Listing
from evenkeel.core.web.screen import screens
from evenkeel.core.web.searching import marked

AS, BOARD = "as", "board"  # in the address of a list: ?as=board
MOST = 50  # cards in a lane
COUNTED = 999  # further on, nobody counts
_SHOWN = ("title", "priority", "due_at", "case_owner")
_ORDERS = ((None, "Newest"), ("priority", "Priority"), ("due_at", "Next due"))


@dataclass(frozen=True)
class Card:
    """A record in a lane, with what a list would show of it."""

    number: str
    state: str
    version: int
    url: str
    title: Markup | str
    priority: int | None = None
    due_at: datetime | None = None
    case_owner: str = ""

    @property
    def badge(self) -> Markup:
        """P1 to P5."""
        return columns.priority_badge(self.priority)

    @property
    def due(self) -> Markup:
        """When it is due; overdue and soon are said by a word, too."""
        return words.due(self.due_at)


@dataclass(frozen=True)
class Lane:
    """An open state: its first cards, how many there are, and the list of all of them."""

    state: str
    words: str
    tone: str
    url: str
    cards: list[Card] = field(default_factory=list)
    count: int = 0

    @property
    def said(self) -> str:
        """How many there are, as far as anybody counts."""
        return f"{self.count:,}" if self.count <= COUNTED else f"{COUNTED}+"


@functools.cache
def lanes(kind: str) -> tuple[str, ...]:
    """The open states of a kind in the order of its lifecycle; none where its screen has no board.

    A board is for what people move from state to state: `by_state` of the screen says of which.
    """
    screen = screens.get(kinds()[kind].collection)
    if screen is None or not screen.by_state:
        return ()
    lifecycle = lifecycles()[kind]
    return tuple(str(s) for s in lifecycle.states.values if s not in lifecycle.closed)


def is_board(listing: Listing) -> bool:
    """Does the address ask for the board of a kind that has one?"""
    return listing.params.get(AS) == BOARD and bool(lanes(listing.kind))


def switch(listing: Listing) -> list[Choice]:
    """List or board, with the same filters; nothing where there is no board."""
    if not lanes(listing.kind):
        return []
    by_state = is_board(listing)
    return [
        Choice("List", listing.address(**{AS: None}), not by_state),
        Choice("Board", listing.address(**{AS: BOARD}), by_state),
    ]


def orders(listing: Listing) -> list[Choice]:
    """In which order the cards of a lane stand; on a board there are no heads to sort by."""
    shown = {column.name for column in _with_cards(listing).columns}
    return [
        Choice(said, listing.address(sort=sort), listing.sort == (sort or NEWEST))
        for sort, said in _ORDERS
        if sort is None or sort in shown
    ]


def read(listing: Listing) -> list[Lane]:
    """The lanes of what the list would show, with at most `MOST` cards each.

    One query finds the cards of all lanes, one more counts where a lane holds more than it shows;
    neither reads more than a stretch of an index for each lane, however many records there are.
    Raises Invalid for a filter that cannot be.
    """
    names = lanes(listing.kind)
    if given := listing.given.get("state"):
        names = tuple(name for name in names if name in given.split(","))
    if not names:
        return []
    found: dict[str, list[Card]] = {name: [] for name in names}
    for card in _cards(_with_cards(listing), names):
        found[card.state].append(card)
    full = [name for name in names if len(found[name]) > MOST]
    counts = _counts(listing, full) if full else {}
    return [
        Lane(
            name,
            *tones.state(listing.kind, name),
            listing.address(**{AS: None, "state": name}),
            found[name][:MOST],
            counts.get(name, len(found[name])),
        )
        for name in names
    ]


def _with_cards(listing: Listing) -> Listing:
    """The same list with the columns that a card shows, as far as the reader may see them."""
    params = {**listing.params, "columns": ",".join(_SHOWN)}
    return Listing(listing.screen, listing.user, params)


def _cards(listing: Listing, names: Iterable[str]) -> list[Card]:
    shown = [column for column in listing.columns if column.name in _SHOWN]
    paths = ("number", "state", "version", *(column.path for column in shown))
    ordered = listing.matching.order_by(*place.order(listing.sort)).values_list(*paths)
    found = _all_of([ordered.filter(state=name)[: MOST + 1] for name in names])
    marker = Marker(listing.question.lexemes) if listing.question else None
    base = f"/{kinds()[listing.kind].collection}/"
    cards = []
    for number, state, version, *rest in found:
        said: dict[str, Any] = {"title": number}
        said |= {column.name: value for column, value in zip(shown, rest, strict=True)}
        if marker:
            said["title"] = marked(marker.whole(str(said["title"])))
        cards.append(Card(number, state, version, f"{base}{number}/", **said))
    return cards


def _counts(listing: Listing, names: Iterable[str]) -> dict[str, int]:
    """How many there are in each state, counted to one more than is said."""
    states = listing.matching.order_by().values_list("state")
    asked = _all_of([states.filter(state=name)[: COUNTED + 1] for name in names])
    sql, given = asked.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state, count(*) FROM ({sql}) AS found GROUP BY state", given)  # noqa: S608  (made by Django)
        return dict(cursor.fetchall())


def _all_of(parts: list[models.QuerySet[Any, Any]]) -> models.QuerySet[Any, Any]:
    """The rows of each part, by one query."""
    first, *rest = parts
    return first.union(*rest, all=True) if rest else first
