"""What was asked for several records at once, and what became of each."""

from typing import Any, ClassVar

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Action, registry


class Batch(models.Model):
    """One verb, asked by one person for several records in the versions that they were read in."""

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=80)  # "incidents.assign"
    inputs = models.JSONField(default=dict)  # as they were typed
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.PAGE)
    picks = models.JSONField()  # [["INC-7", 3], …]
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"
        indexes: ClassVar = [models.Index(fields=["person", "-asked_at"], name="batches_of_one")]

    def __str__(self) -> str:
        return f"{self.verb} of {len(self.picks)}"

    @property
    def action(self) -> Action:
        """The verb itself."""
        return registry[self.verb]

    @property
    def address(self) -> str:
        """Where its report is."""
        return f"/together/{self.pk}/"

    def left(self) -> list[Any]:
        """The picks of which nothing is known yet."""
        known = set(self.results.values_list("number", flat=True))
        return [pick for pick in self.picks if pick[0] not in known]


class BatchResult(models.Model):
    """What became of one record: done, or refused with the reason."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="results", db_index=False)
    number = models.CharField(max_length=24)
    refused = models.CharField(max_length=400, blank=True)

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="done_once_in_a_batch"),
        ]

    def __str__(self) -> str:
        return self.refused or f"{self.number} done"
