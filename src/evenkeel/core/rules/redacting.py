"""The verb by which what must not be kept goes out of a record, its history and what hangs on it.

No surface offers it: erasure and retention call it, for each record that they find. Its entry says
how much went, and why; it does not say what.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records import redaction, store
from evenkeel.core.records.comments import Attachment, Comment, FileText
from evenkeel.core.records.record import Record
from evenkeel.core.records.redaction import Redactor
from evenkeel.core.records.tasks import Task, TaskStep
from evenkeel.core.rules.unoffered import Unoffered

Given = dict[str, Any]
NEVER = frozenset({"number", "of_kind", "state"})


def redact(record: Record, redactor: Redactor, *, by: User, at: datetime, reason: str) -> Record:
    """Take it out of this record. Raises Broken where its chain does not hold."""
    model = type(record)
    done: Record = Unoffered(model, "redact", _redact, redacts=True)(
        record, by=by, at=at, redactor=redactor, reason=reason
    )
    return done


def texts(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The columns of a model that can hold words of people."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and not field.primary_key
        and field.name not in NEVER
    ]


def _redact(record: Record, *, by: User, at: datetime, redactor: Redactor, reason: str) -> Given:
    """Personal data went out of it, as the rules or the person asked."""
    struck = redaction.strike(record, redactor)
    count: Counter[str] = Counter()
    for field in texts(type(record)):
        before = getattr(record, field.attname)
        if (after := redactor.field(record, field.attname, before)) != before:
            setattr(record, field.attname, _fitting(field, after))
            count["fields"] += 1
    if redactor.forgets(record.requester_id):
        record.requester_id = None
        count["fields"] += 1
    count.update(comments=_comments(record, redactor), files=_files(record, redactor))
    count.update(tasks=_tasks(record, redactor))
    return {
        "reason": reason,
        "went": {name: many for name, many in count.items() if many},
        "redacted": [list(one) for one in struck],
    }


def _fitting(field: "models.Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, models.EmailField | models.URLField):
        return ""
    most = getattr(field, "max_length", None)
    return value[:most] if isinstance(value, str) and most else value


def _comments(record: Record, redactor: Redactor) -> int:
    changed = 0
    for said in Comment.objects.filter(record_id=record.pk):
        told = (redactor.comment(said), None if redactor.forgets(said.said_by_id) else said.said_by)
        if told != (said.text, said.said_by):
            Comment.objects.filter(pk=said.pk).update(text=told[0], said_by=told[1])
            changed += 1
    return changed


def _files(record: Record, redactor: Redactor) -> int:
    changed = 0
    for file in Attachment.objects.filter(record_id=record.pk):
        if redactor.drops(file):
            file.delete()
            store.drop(file.content_id)
            changed += 1
            continue
        name = redactor.text(file.filename)[:200]
        by = None if redactor.forgets(file.added_by_id) else file.added_by
        if (name, by) != (file.filename, file.added_by):
            Attachment.objects.filter(pk=file.pk).update(filename=name, added_by=by)
            changed += 1
    return changed + _words_of_files(record, redactor)


def _words_of_files(record: Record, redactor: Redactor) -> int:
    """What the search knows of files that stay; the files themselves stay as they are."""
    changed = 0
    held = Attachment.objects.filter(record_id=record.pk).values("content")
    for words in FileText.objects.filter(content__in=held):
        if (left := redactor.text(words.text)) != words.text:
            changed += FileText.objects.filter(pk=words.pk).update(text=left)
    return changed


def _tasks(record: Record, redactor: Redactor) -> int:
    changed = 0
    for task in Task.objects.filter(record_id=record.pk):
        if (title := redactor.text(task.title)[:200]) != task.title:
            changed += Task.objects.filter(pk=task.pk).update(title=title)
    for step in TaskStep.objects.filter(task__record_id=record.pk):
        if (text := redactor.text(step.text)[:300]) != step.text:
            changed += TaskStep.objects.filter(pk=step.pk).update(text=text)
    return changed
