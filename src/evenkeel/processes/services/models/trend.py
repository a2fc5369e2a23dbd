"""How a service report became what it is: its last periods, each with the cases behind it."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from evenkeel.processes.services.models.report import ServiceReport

SORTS = ("recorded", "done", "open", "kept", "violated")


class TrendFigure(models.Model):
    """What was counted of one sort in one period, and the keys of the cases: one for each count.

    The keys are in one row, for there are many periods, and the cases of a line are seldom read.
    """

    report = models.ForeignKey(ServiceReport, models.PROTECT, related_name="trend", db_index=False)
    ago = models.PositiveSmallIntegerField()  # periods; 0 is that of the report
    what = models.CharField(max_length=10)
    begins_on = models.DateField()
    ends_on = models.DateField()
    count = models.PositiveIntegerField()
    cases = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "ago", "what"], name="one_figure_of_a_trend"),
            models.CheckConstraint(
                condition=models.Q(count=models.F("cases__len")),
                name="a_figure_is_its_cases",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.report_id}, {self.ago} periods ago"

    @property
    def span(self) -> tuple[date, date]:
        """Its first and its last day."""
        return self.begins_on, self.ends_on


class Counting(models.Model):
    """How far the worker is with a report that is counted in the background."""

    report = models.OneToOneField(
        ServiceReport, models.PROTECT, primary_key=True, related_name="counting"
    )
    total = models.PositiveSmallIntegerField(default=0)  # periods
    done = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)  # what was counted so far
    turn = models.PositiveIntegerField(default=0)  # grows with each worker that begins

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"

    @property
    def percent(self) -> int:
        """Of its periods."""
        return min(100, 100 * self.done // max(1, self.total))
