"""Leaving: what somebody owned goes to others before they go (R-70)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.directory import belongings
from evenkeel.core.directory.actions.person import Reason, action
from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import Asked, Invalid
from evenkeel.core.rules.unoffered import Unoffered

Given = dict[str, Any]
Successor = Annotated[User, Asked("To", "Who answers for it from now on.")]
Only = Annotated[str, Asked("Only these", "Numbers, e.g. INC-7 INC-9. Left out: all.", long=True)]


@action
def hand_over(
    person: Person,
    *,
    by: User,
    at: datetime,
    to: Successor,
    reason: Reason,
    only: Only = "",
) -> Given:
    """Make somebody else responsible for what is theirs: open records, and tasks in them."""
    if to == person.user or to.is_system or not to.is_active:
        raise Invalid({"to": ["Name somebody else, who may sign in."]})
    numbers = _chosen(belongings.of(person.user, at).numbers, only)
    for record in Record.objects.filter(number__in=numbers).order_by("pk"):
        full = record.in_full()
        Unoffered(type(full), "hand_over", _take_over)(
            full, by=by, at=at, person=person.user, to=to, reason=reason
        )
    return {"reason": reason, "to": to.pk, "records": numbers}


def _take_over(
    record: Record, *, by: User, at: datetime, person: User, to: User, reason: str
) -> Given:
    """Another answers for it, because whoever did leaves."""
    for name in belongings.names(record, person):
        setattr(record, name, to)
    tasks = Task.objects.filter(record_id=record.pk, assigned_to=person, done_at=None)
    titles = "; ".join(tasks.order_by("pk").values_list("title", flat=True))
    tasks.update(assigned_to=to)
    return {"reason": reason} | ({"tasks": f"{titles} – for {to}"} if titles else {})


def _chosen(theirs: list[str], only: str) -> list[str]:
    asked = only.replace(",", " ").upper().split()
    if strange := [number for number in asked if number not in theirs]:
        raise Invalid({"only": [f"{', '.join(strange)}: not theirs, or not open."]})
    if not theirs:
        raise Invalid({"": ["Nothing is theirs that would have to be handed over."]})
    return asked or theirs
