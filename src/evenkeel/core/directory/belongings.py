"""What is somebody's: open records that name them, tasks to do, roles, tokens (R-70)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from evenkeel.core.people.models import ApiToken, RoleAssignment, User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.tasks import Task

# Columns that make somebody responsible for an open record, on whatever kind has them.
RESPONSIBLE = ("case_owner", "coordinator")


class Belongings(NamedTuple):
    """All that somebody leaves behind; records and tasks have to be handed over."""

    records: list[Record]
    tasks: list[Task]
    roles: list[RoleAssignment]
    tokens: list[ApiToken]

    @property
    def numbers(self) -> list[str]:
        """The records that are theirs or hold a task of theirs, each once, in order."""
        found = {r.pk: r.number for r in self.records}
        found |= {task.record_id: task.record.number for task in self.tasks}
        return [found[key] for key in sorted(found)]


def of(person: User, at: datetime) -> Belongings:
    """What is theirs now."""
    tasks = Task.objects.filter(assigned_to=person, done_at=None).select_related("record")
    roles = RoleAssignment.objects.not_ended(at).filter(person=person).select_related("role")
    tokens = ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=at)
    return Belongings(
        list(_records(person)), list(tasks.order_by("record_id")),
        list(roles.order_by("role__title")), list(tokens.order_by("title")),
    )  # fmt: skip


def names(record: Any, person: User) -> list[str]:
    """The columns by which a record, with the fields of its kind, names this person."""
    return [name for name in RESPONSIBLE if getattr(record, f"{name}_id", None) == person.pk]


def _records(person: User) -> Iterator[Record]:
    keys = Q(case_owner=person)
    for model in kinds().values():
        for name in RESPONSIBLE[1:]:
            if any(field.name == name for field in model._meta.local_fields):
                held = model.objects.filter(**{name: person}, is_open=True)
                keys |= Q(pk__in=held.values("pk"))
    yield from Record.objects.filter(keys, is_open=True).order_by("pk")
