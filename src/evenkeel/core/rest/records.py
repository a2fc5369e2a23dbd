"""`GET /api/incidents/INC-7`: a record, what may be done to it, and where its parts are."""

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rest import verbs
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Action, registry
from evenkeel.core.web.screen import Screen, screens

PARTS = ("entries", "comments", "tasks", "links", "attachments")


def show(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponse:
    """One record."""
    screen, record = found(user, collection, number)
    address = verbs.address(record)
    answers = {a.verb: a.may(user, record) for a in verbs_of(screen.model)}
    said = {
        "number": record.number,
        "version": record.version,
        **screen.as_dict(record, user),
        "url": address,
        "may": [verb for verb, answer in answers.items() if answer],
        "may_not": {verb: answer.reason for verb, answer in answers.items() if not answer},
        "parts": {part: f"{address}/{part}" for part in PARTS},
    }
    return answer(said, ETag=verbs.etag(record))


def found(user: User, collection: str, number: str) -> tuple[Screen, Any]:
    """The record, with what its fields refer to, if the user may see it. Raises Problem 404."""
    screen = screens.get(collection)
    if screen is None:
        raise Problem(404, f"There is no collection {collection}.")
    records = screen.model.objects.visible_to(user).filter(number=number)
    if related := relations(screen):
        records = records.select_related(*related)
    record = records.first()
    if record is None:
        raise Problem(404, f"There is no {screen.model._meta.verbose_name} {number}.")
    return screen, record


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
