"""How many cases of a month had something in common, counted every night (ISRM-57)."""

from typing import ClassVar

from django.db import models


class TrendTally(models.Model):
    """A count of a month that is over; the month under way is counted when somebody asks."""

    of_kind = models.CharField(max_length=30)
    by = models.CharField(max_length=12)  # "service", "category" …
    name = models.CharField(max_length=200)
    month = models.DateField()  # its first day
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of_kind", "by", "month", "name"], name="one_tally_of_a_trend"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.count} in {self.month:%b %Y}"
