"""The tables of imports: what waits for its record."""

from typing import ClassVar

from django.db import models


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
