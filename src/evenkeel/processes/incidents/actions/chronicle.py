"""The course of a major incident, minute by minute, out of its entries and those around it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from evenkeel.core.records.comments import Comment
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.links import LinkKind
from evenkeel.core.records.tasks import Task
from evenkeel.core.web import phrases
from evenkeel.processes.incidents.models import Incident

# What is no step on the way.
LEFT_OUT = frozenset({"watch", "unwatch", "tick_step", "untick_step", "attach", "add_task"})
ANNOUNCED = {"record": "announced", "update": "announced", "end": "announced that it is over"}
QUOTED = ("reason", "note", "solution", "text")
LONGEST = 300  # characters of what is quoted
Lines = list[list[str]]  # moment, who, what


def lines(incident: Incident) -> Lines:
    """Every step, the oldest first: when to the minute, who, what."""
    found = [*_steps(incident), *_joined(incident)]
    return [[_stamp(at), who, what] for at, who, what in sorted(found, key=lambda one: one[0])]


def _steps(incident: Incident) -> Iterator[tuple[datetime, str, str]]:
    """What was done to the incident, and what was announced of it."""
    about = Q(record=incident.pk) | Q(record__announcement__about=incident.pk)
    entries = list(Entry.objects.filter(about).select_related("actor"))
    # What one moment brought with it comes after it.
    entries.sort(key=lambda entry: (entry.at, entry.record_id != incident.pk, entry.position))
    said = dict(
        Comment.objects.filter(record=incident.pk).values_list("pk", "text"),
    )
    tasks = dict(Task.objects.filter(record=incident.pk).values_list("pk", "title"))
    known = phrases.Known({}, {}, tasks)
    for entry in entries:
        verb = phrases.verb(entry)
        if verb not in LEFT_OUT:
            text = said.get(entry.given.get("comment", 0)) or _quoted(entry)
            yield entry.at, str(entry.actor or "Someone"), _told(entry, verb, known, text)


def _told(entry: Entry, verb: str, known: phrases.Known, text: str) -> str:
    if entry.verb.startswith("announcements."):
        return _with(ANNOUNCED.get(verb, "reminded whoever speaks of those who wait"), text)
    return _with(phrases.phrase(entry, known), text)


def _with(done: str, text: str) -> str:
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"{done}: {short}" if short else done


def _quoted(entry: Entry) -> str:
    for name in QUOTED:
        value: Any = entry.given.get(name) or (entry.difference.get(name) or ["", ""])[1]
        if value:
            return str(value)
    return ""


def _joined(incident: Incident) -> Iterator[tuple[datetime, str, str]]:
    """The reports that joined it, those of one minute together."""
    joins = Entry.objects.filter(
        record__links_out__target=incident.pk,
        record__links_out__kind=LinkKind.PART_OF,
        verb="incidents.join_parent",
        given__parent=incident.number,
    ).values_list("at", "record__number")
    for _, found in groupby(joins.order_by("at"), key=lambda join: _stamp(join[0])):
        together = list(found)
        many = f"{len(together)} reports" if len(together) > 1 else "A report"
        yield together[0][0], many, f"joined: {', '.join(number for _, number in together)}"


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
