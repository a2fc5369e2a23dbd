"""Writes that went around the actions: a trigger of the database notes them, `audit verify` tells.

Every action moves the chain of the record that it writes. A record that changes or goes while its
chain stands still was written by something else.
"""

from collections.abc import Iterator

from django.db import models
from django.utils import timezone


class Bypass(models.Model):
    """A record was written, and no action did it; evidence, so it stays."""

    number = models.CharField(max_length=20)
    what = models.CharField(max_length=400)  # the columns, or that it was deleted
    at = models.DateTimeField()
    account = models.CharField(max_length=80)  # of the database

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


def told() -> Iterator[str]:
    """A sentence for each."""
    for one in Bypass.objects.order_by("pk").iterator():
        at = timezone.localtime(one.at)
        yield (
            f"{one.number}: {one.what} around the actions on {at:%-d %b %Y, %H:%M}"
            f" by the database account {one.account}."
        )
