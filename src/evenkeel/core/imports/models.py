"""The tables of imports: each as evidence, its undoing, and rows that wait for their record."""

from typing import ClassVar

from django.db import models

from evenkeel.core.records.record import Record


class ImportRun(Record):
    """One import: who brought in which files, and how their rows ended."""

    collection = "imports"
    prefix = "IMP"

    system = models.CharField("other system", max_length=40, editable=False)
    profile = models.CharField("mapping profile", max_length=80, editable=False)
    files = models.JSONField("files", default=list, editable=False)  # name, SHA-256, size of each
    figures = models.JSONField("rows", default=dict, editable=False)  # kind -> created, changed, …
    notes = models.JSONField("remarks", default=dict, editable=False)

    class Meta:
        app_label = "core"
        verbose_name = "import"


class Undoing(models.Model):
    """How far the undoing of an import has come; written with each batch, to go on from there."""

    run = models.OneToOneField(ImportRun, models.PROTECT, related_name="+")
    first = models.BigIntegerField()  # entry of the run's beginning; its own lie between the two
    last = models.BigIntegerField()  # entry of its end
    reached = models.BigIntegerField()  # all up to this entry have been gone through
    undone = models.PositiveIntegerField(default=0)  # records cancelled so far
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"Undoing of {self.run_id}"

    @property
    def part(self) -> float:
        """How much has been gone through, from 0 to 1."""
        return (self.reached - self.first) / max(1, self.last - self.first)


class KeptRecord(models.Model):
    """A record that an undone import wrote, and that stays as it is, with the reason."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "record"], name="kept_once_of_a_run"),
        ]

    def __str__(self) -> str:
        return self.why


class WaitingRow(models.Model):
    """A row about a record that has not come yet; it becomes an entry when the record comes."""

    system = models.CharField(max_length=40)
    file = models.CharField(max_length=40)  # the name of its mapping in the profile
    outside_id = models.CharField(max_length=120)  # of the record that it is about
    source = models.CharField(max_length=32)  # what makes this row this row
    at = models.DateTimeField()  # when it was done
    given = models.JSONField()  # what the entry will say; the row itself is in it
    arrived_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "file", "source"], name="one_waiting_row_per_source"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["system", "outside_id"], name="waiting_for_record"),
        ]

    def __str__(self) -> str:
        return f"{self.file} row about {self.outside_id}"
