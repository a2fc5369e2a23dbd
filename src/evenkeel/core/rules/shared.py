"""The verbs that every kind of record has: edit, comment, attach, link, task, watch.

A process offers those that its permission table names; each leaves an entry like any other.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.core.files import File

from evenkeel.core.people.models import User
from evenkeel.core.records import mentions
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.links import Link, LinkKind
from evenkeel.core.records.record import Record
from evenkeel.core.records.store import Unfit, check_name, keep
from evenkeel.core.records.tasks import Task, TaskStep, Watch
from evenkeel.core.rules.action import registry
from evenkeel.core.rules.confiding import lift_restriction, restrict
from evenkeel.core.rules.inputs import Asked, Invalid

Given = dict[str, Any]
Other = Annotated[Record, Asked("Other record", "Its number, e.g. INC-7.")]


def edit(record: Record, *, by: User, at: datetime) -> None:
    """Correct or complete what is written."""


def comment(
    record: Record, *, by: User, at: datetime, text: Annotated[str, Asked("Reply", long=True)]
) -> Given:
    """Say something that everybody who sees the record can read."""
    return _say(record, Audience.PUBLIC, text, by, at)


def note(
    record: Record, *, by: User, at: datetime, text: Annotated[str, Asked("Note", long=True)]
) -> Given:
    """Say something for those inside the process only."""
    return _say(record, Audience.INTERNAL, text, by, at)


def _say(record: Record, audience: Audience, text: str, by: User, at: datetime) -> Given:
    found = mentions.find(text, at)
    if len(found.people) > mentions.MOST:
        raise Invalid({"text": [f"Mention at most {mentions.MOST} people in one text."]})
    said = Comment.objects.create(
        record_id=record.pk, audience=audience, text=text, said_by=by, said_at=at
    )
    # The text may have to go one day (personal data); its hash stays as evidence.
    given = {"comment": said.pk, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    if not found.mentions:
        return given
    record.remark = mentions.unheard(record, audience, found.people.values())
    _follow(record, audience, [one for one in found.people.values() if one.pk != by.pk])
    return given | {"mentions": [list(one) for one in found.mentions]}


def _follow(record: Record, audience: Audience, people: Sequence[User]) -> None:
    """Whoever is mentioned hears what follows, too; who hears of everything anyhow need not watch.

    Not by the verb `watch`, which is for oneself; the entry of what was said tells it.
    """
    told = {record.requester_id, record.case_owner_id}
    watching = registry.get(f"{record.collection}.watch")
    Watch.objects.bulk_create(
        [
            Watch(record_id=record.pk, person=one)
            for one in people
            if watching
            and one.pk not in told
            and watching.who(one, record)
            and mentions.may_read(one, record, audience)
        ],
        ignore_conflicts=True,
    )


def attach(
    record: Record,
    *,
    by: User,
    at: datetime,
    file: File,  # type: ignore[type-arg]
    audience: Annotated[Audience, Asked("Who may see it")] = Audience.PUBLIC,
    comment: Annotated[int | None, Asked("Comment it belongs to")] = None,
) -> Given:
    """Add a file: for everybody who sees the record, or for those inside only."""
    if comment and not record.comments.filter(pk=comment, audience=audience).exists():
        raise Invalid({"comment": [f"{record.number} has no such comment for this audience."]})
    try:
        name, media_type = check_name(file.name or "")
        content = keep(file)
    except Unfit as unfit:
        raise Invalid({"file": [str(unfit)]}) from unfit
    added = Attachment.objects.create(
        record_id=record.pk,
        comment_id=comment,
        content=content,
        filename=name,
        media_type=media_type,
        audience=audience,
        added_by=by,
        added_at=at,
    )
    return {
        "attachment": added.pk,
        "filename": name,
        "sha256": content.sha256,
        "audience": audience.value,
    }


def link(
    record: Record,
    *,
    by: User,
    at: datetime,
    target: Other,
    kind: Annotated[LinkKind, Asked("In what sense")] = LinkKind.RELATES_TO,
) -> Given:
    """Say that this record and another belong together."""
    if target.pk == record.pk:
        raise Invalid({"target": ["A record is not linked to itself."]})
    _, made = Link.objects.get_or_create(
        source_id=record.pk, target=target, kind=kind, defaults={"made_by": by, "made_at": at}
    )
    if not made:
        raise Invalid({"target": [f"{record.number} is already linked to {target.number} so."]})
    return {"target": target.number, "kind": str(kind)}


def unlink(
    record: Record,
    *,
    by: User,
    at: datetime,
    target: Other,
    kind: Annotated[LinkKind, Asked("In what sense")] = LinkKind.RELATES_TO,
) -> Given:
    """Take back that this record and another belong together."""
    gone, _ = Link.objects.filter(source_id=record.pk, target=target, kind=kind).delete()
    if not gone:
        raise Invalid({"target": [f"{record.number} is not linked to {target.number} so."]})
    return {"target": target.number, "kind": str(kind)}


def add_task(  # noqa: PLR0913  (four inputs, and who and when)
    record: Record,
    *,
    by: User,
    at: datetime,
    task: Annotated[str, Asked("Task", max_length=200)],
    steps: Annotated[str, Asked("Steps", "One a line.", long=True)] = "",
    assigned_to: Annotated[User | None, Asked("Assigned to")] = None,
    due: Annotated[datetime | None, Asked("Due")] = None,
) -> Given:
    """Add a piece of work, with steps to tick off."""
    made = Task.objects.create(
        record_id=record.pk, title=task, assigned_to=assigned_to, due_at=due, added_at=at
    )
    lines = [line.strip()[:300] for line in steps.splitlines() if line.strip()]
    TaskStep.objects.bulk_create(
        TaskStep(task=made, position=place, text=line) for place, line in enumerate(lines, 1)
    )
    return {"task": made.pk, "title": task, "steps": lines}


def tick_step(
    record: Record, *, by: User, at: datetime, step: Annotated[int, Asked("Step")]
) -> Given:
    """Mark a step of a task as done; its last step does not finish the task by itself."""
    ticked = TaskStep.objects.filter(
        pk=step, task__record_id=record.pk, task__done_at=None, ticked_at=None
    ).update(ticked_at=at, ticked_by=by)
    if not ticked:
        raise Invalid({"step": [f"{record.number} has no such open step."]})
    return {"step": step}


def untick_step(
    record: Record, *, by: User, at: datetime, step: Annotated[int, Asked("Step")]
) -> Given:
    """Mark a step as still to be done."""
    unticked = (
        TaskStep.objects.filter(pk=step, task__record_id=record.pk, task__done_at=None)
        .exclude(ticked_at=None)
        .update(ticked_at=None, ticked_by=None)
    )
    if not unticked:
        raise Invalid({"step": [f"{record.number} has no such ticked step in an open task."]})
    return {"step": step}


def complete_task(
    record: Record, *, by: User, at: datetime, task: Annotated[int, Asked("Task")]
) -> Given:
    """Finish a task; every step must be ticked before."""
    if TaskStep.objects.filter(task_id=task, task__record_id=record.pk, ticked_at=None).exists():
        raise Invalid({"task": ["Tick its open steps first."]})
    done = Task.objects.filter(pk=task, record_id=record.pk, done_at=None).update(
        done_at=at, done_by=by
    )
    if not done:
        raise Invalid({"task": [f"{record.number} has no such open task."]})
    return {"task": task}


def watch(record: Record, *, by: User, at: datetime) -> Given:
    """Hear what happens to this record."""
    _, made = Watch.objects.get_or_create(record_id=record.pk, person=by)
    if not made:
        raise Invalid({"": ["You watch it already."]})
    return {}


def unwatch(record: Record, *, by: User, at: datetime) -> Given:
    """Hear no more of this record."""
    gone, _ = Watch.objects.filter(record_id=record.pk, person=by).delete()
    if not gone:
        raise Invalid({"": ["You do not watch it."]})
    return {}


PUBLIC = frozenset({"comment"})
SHARED = {
    body.__name__: body
    for body in (
        edit,
        comment,
        note,
        attach,
        link,
        unlink,
        add_task,
        tick_step,
        untick_step,
        complete_task,
        watch,
        unwatch,
        restrict,
        lift_restriction,
    )
}
