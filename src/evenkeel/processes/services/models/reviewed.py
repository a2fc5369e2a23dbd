"""What is looked at again on a day that was set: services, and agreements about them."""

from datetime import date

from django.db import models


class Reviewed(models.Model):
    """Has a day of review; whoever looks after it is told once when that day has come."""

    review_on = models.DateField("next review", null=True, blank=True)
    # The day of review of which somebody was told.
    reminded_for = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True

    def is_due(self, today: date) -> bool:
        """Has the day of its review come?"""
        return self.review_on is not None and self.review_on <= today
