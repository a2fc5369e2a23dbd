"""The tables of imports: each import as evidence, and the rows that wait for their record."""

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
