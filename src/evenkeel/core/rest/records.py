"""`GET /api/incidents/INC-7`: a record, what may be done to it, and where its parts are."""

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.clocks import declaring
from evenkeel.core.database.compiled import Compiled
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.people.models import User
from evenkeel.core.records import reads, visibility
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rest import verbs
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Action, registry
from evenkeel.core.web.columns import plain_path
from evenkeel.core.web.door import visitor
from evenkeel.core.web.screen import Screen, screens

PARTS = ("entries", "comments", "tasks", "links", "attachments")
CLOCKS = "clocks"  # of kinds that have any
KEPT = "kept"  # of imports: what stayed when they were undone


def show(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponse:
    """One record."""
    screen, record, names = found(user, collection, number)
    reads.note(record, user, visitor(request))
    address = verbs.address(record)
    not_now = record.not_now()
    answers = {a.verb: a.may(user, record, not_now=not_now) for a in verbs_of(screen.model)}
    said = {
        "number": record.number,
        "version": record.version,
        **{
            name: names[name] if name in names else as_plain(getattr(record, name))
            for name in screen.shown(fields(screen), user)
        },
        "url": address,
        "may": [verb for verb, answer in answers.items() if answer],
        "may_not": {verb: answer.reason for verb, answer in answers.items() if not answer},
        "parts": {part: f"{address}/{part}" for part in parts_of(record.of_kind)},
    }
    return answer(said, ETag=verbs.etag(record))


def parts_of(kind: str) -> tuple[str, ...]:
    """What hangs off the records of a kind."""
    if kind == ImportRun.kind():
        return (*PARTS, KEPT)
    return (*PARTS, CLOCKS) if declaring.of(kind) else PARTS


def found(user: User, collection: str, number: str) -> tuple[Screen, Record, dict[str, str]]:
    """The record, and the names of what its fields refer to, if the user may see it.

    Raises Problem 404.
    """
    screen = screens.get(collection)
    if screen is None:
        raise Problem(404, f"There is no collection {collection}.")
    if visibility.reach(user, screen.model.kind(), counted=True) is True:
        rows = _one_of_all(screen).rows(number)
    else:
        rows = list(_columns(screen, screen.model.objects.visible_to(user), number))
    for row in rows:
        columns = [field.attname for field in screen.model._meta.concrete_fields]
        record = screen.model.from_db(None, columns, row[: len(columns)])
        if visibility.hides(user, record):
            break
        return screen, record, dict(zip(relations(screen), row[len(columns) :], strict=True))
    raise Problem(404, f"There is no {screen.model._meta.verbose_name} {number}.")


def _columns(screen: Screen, records: Any, number: str) -> Any:
    """All columns of the record, then the names of what it refers to."""
    columns = (field.attname for field in screen.model._meta.concrete_fields)
    names = (plain_path(screen, name) for name in relations(screen))
    return records.filter(number=number).values_list(*columns, *names)


@functools.cache
def _one_of_all(screen: Screen) -> Compiled:
    return Compiled(functools.partial(_columns, screen, screen.model.objects.all()), "X-1")


def fields(screen: Screen) -> tuple[str, ...]:
    """The fields that a record is shown with, to those inside its process."""
    grouped = (name for group in screen.groups for name in group.fields)
    return tuple(dict.fromkeys((*screen.columns, *grouped)))


def relations(screen: Screen) -> tuple[str, ...]:
    """Those of them that refer to an account or a record."""
    return tuple(name for name in fields(screen) if screen.field(name).is_relation)


@functools.cache
def verbs_of(model: type[Record]) -> tuple[Action, ...]:
    """What can be done to a record of the kind."""
    return tuple(a for a in registry.values() if a.model is model and not a.creates)
