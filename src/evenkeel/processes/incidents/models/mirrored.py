"""A case that another organisation handles under a number of its own (R-77).

It stays one case with one owner here; what is known of its other side is kept beside it.
"""

from django.db import models

MIRRORED = ("outside_system", "outside_number", "outside_state", "outside_at")


class Mirrored(models.Model):
    """The number of a case elsewhere, and how it stands there as far as we were told."""

    outside_system = models.CharField("external system", max_length=40, blank=True, editable=False)
    outside_number = models.CharField("external ticket", max_length=120, blank=True, editable=False)
    outside_state = models.CharField("state there", max_length=80, blank=True, editable=False)
    outside_at = models.DateTimeField("so there since", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def by_ticket(kind: str) -> list[models.Index]:
    """By which the list finds the case of an external ticket, and those of a system."""
    return [
        models.Index(
            fields=[field],
            name=f"{kind}_{name}",
            condition=~models.Q(**{field: ""}),
        )
        for field, name in (("outside_number", "by_ticket"), ("outside_system", "by_system"))
    ]
