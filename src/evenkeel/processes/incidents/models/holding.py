"""For what a case is on hold, since when, and until when at the latest (R-10)."""

from django.db import models


class Held(models.Model):
    """Beside `Record`: a case that can be on hold. All of it is empty while it is not."""

    class HoldReason(models.TextChoices):
        """For what it waits."""

        USER = "user", "Awaiting the user"
        SUPPLIER = "supplier", "Awaiting a supplier"
        CHANGE = "change", "Awaiting a change"
        MAINTENANCE = "maintenance", "During agreed maintenance"

    hold_reason = models.CharField(
        "on hold for", max_length=12, choices=HoldReason.choices, blank=True, editable=False
    )
    held_at = models.DateTimeField("on hold since", null=True, blank=True, editable=False)
    hold_until = models.DateTimeField(
        "on hold at most until", null=True, blank=True, editable=False
    )
    # Of maintenance that is agreed: from when; it ends where the wait does, at most.
    maintained_from = models.DateTimeField(
        "maintenance since", null=True, blank=True, editable=False
    )
    # When its owner was reminded that it waits for longer: once for each time on hold.
    hold_told_at = models.DateTimeField(
        "reminded of the limit", null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True


# At its limit what waits for this goes on by itself; of the rest its owner is reminded.
GOES_ON = frozenset({Held.HoldReason.USER, Held.HoldReason.MAINTENANCE})


def by_limit(kind: str) -> models.Index:
    """By which the job finds the holds whose limit is reached and of which nobody was told."""
    return models.Index(
        fields=["hold_until"],
        name=f"{kind}_holds",
        condition=models.Q(hold_until__isnull=False, hold_told_at=None),
    )
