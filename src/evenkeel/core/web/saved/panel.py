"""The views beside a list: which there are, which is open, and whether it was altered since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.web.chips import Choice, views
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.saved import permissions, reading, state
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.screen import Screen

Sharing = SavedView.Sharing


@dataclass(frozen=True)
class Line:
    """A view in the panel."""

    view: SavedView
    is_open: bool  # the list shows what it says
    is_altered: bool  # the list was opened by it, and shows something else by now
    may_edit: bool
    gone: list[str]  # what it asks for and the list has no more

    @property
    def is_first(self) -> bool:
        """Does the reader begin the list with it?"""
        return bool(getattr(self.view, "is_first", False))


def context(screen: Screen, user: User, params: Mapping[str, str]) -> dict[str, Any]:
    """What the panel shows beside a list in this state."""
    params = screen.renamed(params)
    now = state.written(params)
    usual = beginning(Listing(screen, user, params))
    lines = [_line(screen, user, view, params, now) for view in _offered(screen, user)]
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(_heading(line.view, user), []).append(line)
    is_open = any(line.is_open for line in lines) or any(choice.chosen for choice in usual)
    return {
        "collection": screen.model.collection,
        "usual": usual,
        "groups": groups,
        "now": now,
        "altered": next((line for line in lines if line.is_altered), None),
        "may_save": bool(now) and not is_open,
    }


def beginning(listing: Listing) -> list[Choice]:
    """The views that every list of work has; of others, the whole list."""
    whole = Choice("All", f"/{listing.screen.model.collection}/", not listing.given)
    return views(listing) or [whole]


def _offered(screen: Screen, user: User) -> list[SavedView]:
    found = list(reading.offered(user, screen.model.collection))
    return sorted(found, key=lambda view: _rank(view, user))


def _rank(view: SavedView, user: User) -> tuple[int, str, str]:
    if view.owner_id == user.pk:
        return 0, "", view.title
    return (1, view.team.title, view.title) if view.team else (2, "", view.title)


def _heading(view: SavedView, user: User) -> str:
    if view.owner_id == user.pk:
        return "Mine"
    return view.team.title if view.team else "Everybody's"


def _line(screen: Screen, user: User, view: SavedView, params: Mapping[str, str], now: str) -> Line:
    is_open = state.written(screen.renamed(state.read(view.query))) == now
    is_altered = params.get(state.OPENED_BY) == str(view.pk) and not is_open
    may_edit = bool(permissions.may_edit(view, user))
    return Line(view, is_open, is_altered, may_edit, state.gone(screen, user, view.query))
