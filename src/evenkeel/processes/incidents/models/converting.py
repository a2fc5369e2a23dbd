"""An incident that is a service request after all, or the other way round (R-01)."""

from datetime import datetime

from django.db import models

from evenkeel.core.records.record import Record


class Converting(models.Model):
    """A case that goes on as another kind keeps its number and its history; so does the other."""

    continues = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="continues",
        editable=False,
    )
    continued_by = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="goes on as",
        editable=False,
    )

    # Of a new one, in memory: when the requester was answered in the case that it continues.
    answered_before: list[datetime] = []  # noqa: RUF012  (never added to)

    class Meta:
        abstract = True
