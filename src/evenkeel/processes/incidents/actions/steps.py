"""Steps that are known in advance, as tasks of a case with something to tick."""

from collections.abc import Sequence
from datetime import datetime

from evenkeel.core.people.models import User
from evenkeel.core.records.tasks import Task, TaskStep
from evenkeel.processes.incidents.models import Case


def begin(
    case: Case,
    title: str,
    steps: Sequence[str],
    *,
    at: datetime,
    due_at: datetime | None = None,
    assigned_to: User | None = None,
) -> list[int]:
    """One task with these steps; its key. A rehearsal writes none."""
    if case._state.adding:
        return []
    task = Task.objects.create(
        record_id=case.pk, title=title, assigned_to=assigned_to, due_at=due_at, added_at=at
    )
    TaskStep.objects.bulk_create(
        TaskStep(task=task, position=place, text=text[:300]) for place, text in enumerate(steps, 1)
    )
    return [task.pk]


def drop(tasks: Sequence[int]) -> list[str]:
    """Take away those that are not done; what was ticked stands in the entries."""
    left = Task.objects.filter(pk__in=tasks, done_at=None)
    titles = list(left.order_by("pk").values_list("title", flat=True))
    TaskStep.objects.filter(task__in=left).delete()
    left.delete()
    return titles
