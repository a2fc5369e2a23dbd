"""The filters of a list as chips: what is in force, what can be chosen, and where that leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import models
from django.utils.text import capfirst

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import lifecycles
from evenkeel.core.web import navigation
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.screen import referred

PRIORITIES = tuple((str(n), f"P{n}") for n in range(1, 6))


@dataclass(frozen=True)
class Choice:
    """One value of a filter: its words, where choosing it leads, whether it is chosen."""

    words: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """A filter: its title, what it says now, and its choices or what it takes."""

    name: str
    title: str
    said: str  # the value in force in words; "" when it is not in force
    cleared: str  # the address without it
    choices: list[Choice] = field(default_factory=list)
    suggest: str = ""  # the kind of thing to name, where there are too many to choose from


class Filtered(Protocol):
    """Something that is filtered by its address: a list, or the board."""

    @property
    def given(self) -> dict[str, str]:
        """The filters in force, by name."""

    def address(self, **changed: Any) -> str:
        """Its address with other parameters, from its beginning; None drops one."""


def views(listing: Listing) -> list[Choice]:
    """The lists that people who work on cases open every day."""
    if listing.user is None or not navigation.is_work(listing.kind):
        return []
    user, teams = listing.user, ",".join(listing.user.rights.team_numbers)
    wanted = [
        ("Open", {"is_open": "yes"}),
        ("Next due", {"is_open": "yes", "sort": "due_at"}),
        ("Mine", {"is_open": "yes", "case_owner": user.username}),
    ]
    if "is_breached" in listing.screen.filters:
        wanted.insert(2, ("Breached", {"is_open": "yes", "is_breached": "yes"}))
    if teams:
        wanted.append(("My teams", {"is_open": "yes", "team": teams}))
    wanted += [("Not assigned", {"is_open": "yes", "team": "none"}), ("All", {})]
    kept = dict.fromkeys((*listing.given, "sort", "view"))
    return [
        Choice(words, listing.address(**(kept | given)), _is_chosen(listing, given))
        for words, given in wanted
    ]


def _is_chosen(listing: Listing, given: dict[str, str]) -> bool:
    by_due = listing.sort == "due_at"
    return given == listing.given | ({"sort": "due_at"} if by_due else {})


def chips(listing: Listing) -> list[Chip]:
    """One chip for each filter that this user may use."""
    names = listing.screen.shown(listing.screen.filters, listing.user)
    model = listing.screen.model
    return [chip(listing, listing.screen.field(name), model) for name in names]


def chip(listing: Filtered, column: "models.Field[Any, Any]", model: type[Record]) -> Chip:
    """The chip of a field of a kind, or of all kinds."""
    name = column.name
    title = capfirst(model.label(name))
    if isinstance(target := column.related_model, type):
        given, cleared = listing.given.get(name, ""), listing.address(**{name: None})
        said = _said(target, given) if given else ""
        return Chip(name, title, said, cleared, suggest=_suggest(column, target))
    return choosing(listing, name, title, _values(model.kind(), column))


def choosing(
    listing: Filtered,
    name: str,
    title: str,
    values: Iterable[tuple[str, str]],
    *,
    one: bool = False,
) -> Chip:
    """A chip with these choices, of which several may hold, or only one."""
    given = listing.given.get(name, "")
    chosen = given.split(",")
    choices = [
        Choice(words, listing.address(**{name: _toggled(given, value, one=one)}), value in chosen)
        for value, words in values
    ]
    said = ", ".join(choice.words for choice in choices if choice.chosen)
    return Chip(name, title, said or given, listing.address(**{name: None}), choices)


def _values(kind: str, column: "models.Field[Any, Any]") -> Iterator[tuple[str, str]]:
    if column.name == "state" and (lifecycle := lifecycles().get(kind)):
        yield from ((str(value), str(words)) for value, words in lifecycle.states.choices)
    elif column.name == "priority":
        yield from PRIORITIES
    elif isinstance(column, models.BooleanField):
        yield from (("yes", "Yes"), ("no", "No"))
    else:
        yield from ((str(value), str(words)) for value, words in column.flatchoices if value)
    if column.null:
        yield "none", "None yet"


def _toggled(given: str, value: str, *, one: bool) -> str | None:
    """Several values of one filter stand with commas between them."""
    if one:
        return None if value == given else value
    values = [one for one in given.split(",") if one]
    values = [one for one in values if one != value] if value in values else [*values, value]
    return ",".join(values) or None


def _said(target: type[models.Model], given: str) -> str:
    if given == "none":
        return "none"
    names = given.split(",")
    if issubclass(target, User):
        found = User.objects.filter(username__in=names)
        return ", ".join(str(user) for user in found) or given
    titles = Record.objects.filter(number__in=names).values_list("title", flat=True)
    return ", ".join(titles) or given


def _suggest(column: "models.Field[Any, Any]", target: type[models.Model]) -> str:
    """What is looked for: an account, or a kind of record."""
    return "account" if issubclass(target, User) else referred(column)
