"""How satisfied the requester is with how a case was handled, asked after closure (PR9.5)."""

from datetime import datetime, timedelta

from django.db import models

ASKED_FOR = timedelta(days=14)  # after closure: how long a user may say, and unsay, how it was


class Rated(models.Model):
    """A case whose user says after closure how it was for them."""

    class Satisfaction(models.IntegerChoices):
        """What the requester answers after closure: how satisfied they are with the handling."""

        NOT = 1, "1 · not at all"
        LITTLE = 2, "2 · a little"
        PARTLY = 3, "3 · partly"
        MOSTLY = 4, "4 · mostly"
        ENTIRELY = 5, "5 · entirely"

    state: str
    closed_at: datetime | None

    satisfaction = models.PositiveSmallIntegerField(
        "satisfied", choices=Satisfaction.choices, null=True, blank=True, editable=False
    )
    satisfaction_comment = models.TextField("why so satisfied", blank=True, editable=False)

    class Meta:
        abstract = True

    def asks_at(self, moment: datetime) -> bool:
        """Is its user asked how it was, or may still change the answer?"""
        closed = self.closed_at if self.state == "closed" else None
        return closed is not None and moment <= closed + ASKED_FOR
