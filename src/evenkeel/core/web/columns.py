"""The columns of a list: which there are, and how a value of each is written into its cell."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.validators import URLValidator
from django.db import models
from markupsafe import Markup, escape

from evenkeel.core.people.models import User
from evenkeel.core.records.durations import SecondsField
from evenkeel.core.records.record import Record
from evenkeel.core.web import tones, words
from evenkeel.core.web.screen import Screen

Cell = Callable[[Any], Markup]
_WRITERS: tuple[tuple[type, Cell], ...] = (  # the first that fits: a moment is a day, too
    (SecondsField, words.lasting),
    (models.DateTimeField, words.when),
    (models.DateField, words.day),
)
# Dropped first where the screen is narrow: the title, the state and the urgency stay.
LESSER = frozenset({"recorded_at", "edited_at", "closed_at", "organisation", "channel", "wish"})


@dataclass(frozen=True)
class Column:
    """One column: its field, the path of its value in a query, its style and its writer."""

    name: str
    title: str
    path: str
    style: str
    cell: Cell


def available(screen: Screen, user: User | None) -> list[str]:
    """Every field that may be a column: the screen's own first; long texts are none."""
    grouped = (name for group in screen.groups for name in group.fields)
    names = dict.fromkeys((*screen.columns, *grouped, "edited_at"))
    return [name for name in screen.shown(tuple(names), user) if not is_long(screen, name)]


def chosen(screen: Screen, user: User | None, asked: str) -> list[Column]:
    """The columns asked for, as far as this user may see them; else the screen's own."""
    known = available(screen, user)
    names = [name for name in asked.split(",") if name in known]
    if not names:
        names = list(screen.shown(screen.columns, user))
    return [column(screen, name) for name in names]


@functools.cache
def column(screen: Screen, name: str) -> Column:
    """The column of a field."""
    field = screen.field(name)
    path, cell = name, _writer(screen.model, field)
    if isinstance(target := field.related_model, type):
        path = f"{name}__{'full_name' if issubclass(target, User) else 'title'}"
    style = "wide" if name == "title" else "lesser" if name in LESSER else ""
    counts = isinstance(field, models.IntegerField) and name != "priority"
    dated = isinstance(field, models.DateField) and name not in LESSER | {"due_at"}
    if counts or dated:
        style = "figure"  # on a phone, where columns have no headings, it says what it is
    return Column(name, heading(screen.model, field), path, style, cell)


@functools.cache
def plain_path(screen: Screen, name: str) -> str:
    """Where a query finds the value as programs read it: accounts by login, records by number."""
    if not isinstance(target := screen.field(name).related_model, type):
        return name
    return f"{name}__{'username' if issubclass(target, User) else 'number'}"


def heading(model: type[Record], field: "models.Field[Any, Any]") -> str:
    """The name of a field as a heading."""
    name = model.titled[0] if field.name == "title" else model.label(field.name)
    return name[:1].upper() + name[1:]


def is_long(screen: Screen, name: str) -> bool:
    """Is it a text of many lines, or something that is no text at all?"""
    return isinstance(screen.field(name), models.TextField | models.JSONField)


def _writer(model: type[Record], field: "models.Field[Any, Any]") -> Cell:
    if field.name == "state":
        return functools.partial(state_badge, model.kind())
    if field.name == "priority":
        return priority_badge
    if field.name == "due_at":
        return words.due
    for of_type, writer in _WRITERS:
        if isinstance(field, of_type):
            return writer
    if field.choices:
        said = {key: str(text) for key, text in field.flatchoices}
        return lambda value: escape(said.get(value, value) or "")
    return _plain


def is_address(field: "models.Field[Any, Any]") -> bool:
    """Does it hold an address of the web, and nothing that would run?"""
    return any(isinstance(one, URLValidator) for one in field.validators)


def is_day(field: "models.Field[Any, Any]") -> bool:
    """Does it hold a day, and no moment?"""
    return isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)


def _plain(value: Any) -> Markup:
    return escape("" if value is None else str(value))


@functools.cache
def state_badge(kind: str, name: str) -> Markup:
    """The word of a state in its tone."""
    word, tone = tones.state(kind, name)
    return Markup('<span class="state {}">{}</span>').format(tone, word)


@functools.cache
def priority_badge(priority: int | None) -> Markup:
    """P1 to P5; nothing where nobody has prioritised yet."""
    if priority is None:
        return Markup("")
    return Markup('<span class="priority p{0}" title="Priority {0}">P{0}</span>').format(priority)
