"""A record, and what hangs off it, as far as this user may read it: one rule for every surface.

The record itself is found through `visible_to`; of the rest only what is internal to its process,
or belongs to another record, is left out.
"""

import functools
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import User
from evenkeel.core.records import store, visibility
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.links import Link
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Task, TaskStep

_END = 2**31 - 1  # no history is so long


def one(model: type[Record], number: str, user: User | None) -> Any:
    """The record of this kind and number, if the user may see it; nobody asks for the host."""
    if user is None or visibility.reach(user, model.kind(), counted=True) is True:
        found = _of_all(model).records(number)
    else:
        found = list(model.objects.visible_to(user).filter(number=number))
    if not found or (user and visibility.hides(user, found[0])):
        return None
    return found[0]


@functools.cache
def _of_all(model: type[Record]) -> Compiled:
    """For those who see every record of the kind, but perhaps for what is restricted."""
    return Compiled(lambda number: model.objects.filter(number=number), "X-1")


def may_see(user: User, record: Record) -> bool:
    """May this person see the record? Whoever sees all of a kind needs no look at it."""
    if visibility.reach(user, record.of_kind, counted=True) is True:
        return not visibility.hides(user, record)
    return Record.objects.visible_to(user).filter(pk=record.pk).exists()


def is_heard(user: User, record: Record, audience: str) -> bool:
    """Is somebody who sees the record among those to whom this is said?"""
    reader = visibility.standing(user, record)
    return audience == Audience.PUBLIC or visibility.is_inside(reader, record.of_kind)


def entries(record: Record, user: User) -> QuerySet[Entry]:
    """Its history; outside the process only what is public."""
    return _heard(Entry.objects.filter(record_id=record.pk), record, user)


def newest_entries(record: Record, user: User, *, before: int | None, most: int) -> list[Entry]:
    """The last of its history, newest first; with `before`, those that stand before it."""
    inside = visibility.is_inside(user, record.of_kind)
    return _newest(most, inside).records(record.pk, _END if before is None else before)


@functools.cache
def _newest(most: int, inside: bool) -> Compiled:
    def build(record: int, before: int) -> QuerySet[Entry]:
        found = Entry.objects.filter(record_id=record, position__lt=before)
        heard = found if inside else found.filter(audience=Audience.PUBLIC)
        return heard.order_by("-position")[:most]

    return Compiled(build, 1, 2)


def comments(record: Record, user: User) -> QuerySet[Comment]:
    """What was said; outside the process no internal notes."""
    return _heard(Comment.objects.filter(record_id=record.pk), record, user)


def attachments(record: Record, user: User) -> QuerySet[Attachment]:
    """Its files; outside the process no internal ones."""
    return _heard(Attachment.objects.filter(record_id=record.pk), record, user)


def attachment(key: int, user: User) -> Attachment | None:
    """One file by its key, if the user may see its record, is in its audience, and it is there."""
    seen = Q(record__in=Record.objects.visible_to(user))
    reported = Q(record__is_restricted=True, record__in=Record.objects.reported_by(user))
    found = Attachment.objects.select_related("record", "content").filter(seen | reported, pk=key)
    for file in found:
        heard = is_heard(user, file.record, file.audience)
        return file if heard and store.path_of(file.content_id).exists() else None
    return None


def tasks(record: Record, user: User) -> QuerySet[Task]:
    """Its tasks with their steps; outside the process only the user's own."""
    found = Task.objects.filter(record_id=record.pk)
    if not visibility.is_inside(user, record.of_kind):
        found = found.filter(assigned_to=user)
    steps = TaskStep.objects.select_related("ticked_by").order_by("position")
    return found.prefetch_related(Prefetch("steps", steps))


def links(record: Record, user: User) -> QuerySet[Link]:
    """Its links, both ways, to records that the user may see."""
    seen = Record.objects.visible_to(user)
    return Link.objects.filter(
        Q(source_id=record.pk, target__in=seen) | Q(target_id=record.pk, source__in=seen)
    )


def _heard(found: QuerySet[Any], record: Record, user: User) -> QuerySet[Any]:
    if visibility.is_inside(user, record.of_kind):
        return found
    return found.filter(audience=Audience.PUBLIC)
