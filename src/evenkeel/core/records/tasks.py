"""Task and Watch: a piece of work inside a record, and who wants to hear of it."""

from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record


class Task(models.Model):
    """A piece of work inside a record, with steps to tick off."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="tasks")
    due_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "core"
        indexes: ClassVar = [
            models.Index(
                fields=["assigned_to", "due_at"],
                name="tasks_to_do",
                condition=models.Q(done_at=None),
            ),
            models.Index(fields=["record"], name="tasks_of_record"),
        ]

    def __str__(self) -> str:
        return self.title


class TaskStep(models.Model):
    """One step of a task."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    ticked_at = models.DateTimeField(null=True)
    ticked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "position"], name="one_step_per_position"),
        ]

    def __str__(self) -> str:
        return self.text


class Watch(models.Model):
    """This person wants to hear what happens to this record."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="watches")
    person = models.ForeignKey(User, models.PROTECT, related_name="watches")

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "person"], name="one_watch_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} watches {self.record}"
