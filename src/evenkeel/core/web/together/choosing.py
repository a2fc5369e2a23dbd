"""Which records were chosen, and which verbs make sense for them."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, Invalid, registry
from evenkeel.core.rules.permissions import system
from evenkeel.core.web import fields, verbs
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.saved import state
from evenkeel.core.web.screen import Screen

MOST = 500  # records at once
LOOKED_AT = 50  # of so many it is worked out which verbs they allow: a whole page of a list
SAID = frozenset({"comment", "note", "watch", "unwatch"})  # placed elsewhere, useful for many
Pick = tuple[str, int | None]
_PICK = re.compile(r"([A-Z]{2,8}-\d{1,12}):(\d{1,9})")


@dataclass(frozen=True)
class Offer:
    """A verb for the chosen: of those that were looked at, for how many it is allowed now."""

    action: Action
    allowed: int


def picked(screen: Screen, user: User, asked: Mapping[str, Any]) -> list[Pick]:
    """The numbers that were ticked, in the versions that were read; or all that match.

    Raises Invalid where there are none, or more than are done at once.
    """
    if asked.get("matching") is not None:
        return _matching(screen, user, str(asked["matching"]))
    found = [_PICK.fullmatch(one) for one in asked.get("pick", [])]
    picks = {match[1]: int(match[2]) for match in found if match}
    _check(len(picks))
    return list(picks.items())


def _matching(screen: Screen, user: User, query: str) -> list[Pick]:
    listing = Listing(screen, user, state.read(query))
    rows = listing.matching.order_by("pk").values_list("number", "version")[: MOST + 1]
    picks = list(rows)
    _check(len(picks))
    return picks


def _check(count: int) -> None:
    if not count:
        raise Invalid({"": ["Nothing is chosen."]})
    if count > MOST:
        raise Invalid({"": [f"At most {MOST} at once; more than that match. Filter them first."]})


def looked_at(screen: Screen, user: User, picks: Sequence[Pick]) -> list[Record]:
    """The first of the chosen, as far as the user may see them, in the order of the choice."""
    numbers = [number for number, _ in picks[:LOOKED_AT]]
    found = screen.model.objects.visible_to(user).filter(number__in=numbers)
    return sorted(found, key=lambda record: numbers.index(record.number))


def offers(screen: Screen, user: User, records: Sequence[Record]) -> list[Offer]:
    """The verbs that are allowed for at least one of them, in the order of the record page."""
    found = [
        Offer(action, sum(bool(action.may(user, record)) for record in records))
        for action in for_many(screen.model)
    ]
    return [offer for offer in found if offer.allowed]


@functools.cache
def for_many(model: type[Record]) -> tuple[Action, ...]:
    """The verbs of a kind that can be asked for several records by one form; `edit` is the last."""
    own = [action for action in registry.values() if action.model is model and not action.creates]
    order = own[0].lifecycle.verbs if own else []
    fit = [action for action in own if _is_fit(action)]
    place = {verb: position for position, verb in enumerate(order)}
    return tuple(sorted(fit, key=lambda a: (a.verb == "edit", place.get(a.verb, len(order)))))


def _is_fit(action: Action) -> bool:
    """No file, no secret, no content and nothing that belongs to one record alone."""
    if action.who is system or (action.verb in verbs.PLACED and action.verb not in SAID):
        return False
    return not any(
        isinstance(asked, forms.FileField | forms.JSONField)
        or isinstance(asked.widget, forms.PasswordInput)
        or fields.is_carried(name, asked)
        for name, asked in action.form_class.base_fields.items()
    )


def may_choose(screen: Screen, user: User) -> bool:
    """Is there anything that this user could do to several records of the list?"""
    return user.rights.is_staff and any(
        action.who.reach(user) is not False for action in for_many(screen.model)
    )
