"""The filters of a list as chips: what is in force, what can be chosen, and where that leads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

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
    return [_chip(listing, name) for name in names]


def _chip(listing: Listing, name: str) -> Chip:
    column = listing.screen.field(name)
    title = listing.screen.model.label(name).capitalize()
    given, cleared = listing.given.get(name, ""), listing.address(**{name: None})
    if isinstance(target := column.related_model, type):
        said = _said(target, given) if given else ""
        return Chip(name, title, said, cleared, suggest=_suggest(column, target))
    choices = [
        Choice(words, listing.address(**{name: _toggled(given, value)}), value in given.split(","))
        for value, words in _values(listing, column)
    ]
    chosen = ", ".join(choice.words for choice in choices if choice.chosen)
    return Chip(name, title, chosen or given, cleared, choices)


def _values(listing: Listing, column: "models.Field[Any, Any]") -> Iterator[tuple[str, str]]:
    if column.name == "state" and (lifecycle := lifecycles().get(listing.kind)):
        yield from ((str(value), str(words)) for value, words in lifecycle.states.choices)
    elif column.name == "priority":
        yield from PRIORITIES
    elif isinstance(column, models.BooleanField):
        yield from (("yes", "Yes"), ("no", "No"))
    else:
        yield from ((str(value), str(words)) for value, words in column.flatchoices if value)
    if column.null:
        yield "none", "None yet"


def _toggled(given: str, value: str) -> str | None:
    """Several values of one filter stand with commas between them."""
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
