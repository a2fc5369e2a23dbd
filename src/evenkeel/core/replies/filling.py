"""Filling a template in: with what the record says, as far as those who read it may know it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from evenkeel.core.people import manner
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record

_PLACE = re.compile(r"\{([a-z_]{1,30})\}")
EMPTY = "…"  # where the record says nothing, or nothing that may be told


def _moment(value: Any) -> str:
    return manner.current().exact(value)


def _plain(value: Any) -> str:
    return str(value)


def _title(value: Any) -> str:
    return str(value.title)


# Place -> the field of the record, and how it is said.
PLACES: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "number": ("number", _plain),
    "title": ("title", _plain),
    "requester": ("requester", _plain),
    "owner": ("case_owner", _plain),
    "team": ("team", _title),
    "service": ("service", _title),
    "priority": ("priority", lambda value: f"P{value}"),
    "due": ("due_at", _moment),
    "recorded": ("recorded_at", _moment),
    "me": ("", _plain),
}


def unknown(text: str) -> list[str]:
    """The places in a text that there are not, each once."""
    found = dict.fromkeys(_PLACE.findall(text))
    return [f"{{{name}}}" for name in found if name not in PLACES]


def filled(text: str, record: Record, *, by: User, audience: str) -> str:
    """The text with what the record says; as plain text, which whoever draws it escapes.

    What is internal to its process stays out of what everybody reads, and another record that the
    writer may not see is not named.
    """
    return _PLACE.sub(lambda match: _said(match[1], record, by, audience), text)


def _said(place: str, record: Record, by: User, audience: str) -> str:
    if place == "me":
        return str(by)
    if place not in PLACES:
        return f"{{{place}}}"
    name, say = PLACES[place]
    is_open = audience == Audience.PUBLIC or not visibility.is_inside(by, record.of_kind)
    if is_open and name in record.inside_fields:
        return EMPTY
    value = getattr(record, name)
    if value is None or value == "" or not _may_know(value, by):
        return EMPTY
    return say(value)


def _may_know(value: Any, by: User) -> bool:
    if not (isinstance(value, models.Model) and isinstance(value, Record)):
        return True
    return Record.objects.visible_to(by).filter(pk=value.pk).exists()
