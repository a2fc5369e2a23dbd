"""Recomputation: what is due by another version of the calendars, first compared, then applied."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenkeel.core.clocks.models import Clock
from evenkeel.core.records.record import Record
from evenkeel.processes.services.models.report import midnight


class Recomputation(Record):
    """Clocks that are read anew by the calendars in force; whoever starts it sees what would move.

    A version of a calendar governs what is recorded from then on; this is how it governs more.
    """

    collection = "recomputations"
    prefix = "RC"
    unused_fields: ClassVar[frozenset[str]] = frozenset(
        {"title", "requester", "organisation", "service"}
    )

    # `Case` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    calendar = models.CharField("calendar", max_length=80, blank=True, editable=False)
    closed_since = models.DateField("with cases closed since", null=True, editable=False)
    because = models.TextField("why", editable=False)
    versions = models.JSONField(default=dict, editable=False)  # calendar -> key of its version
    said = models.CharField("by", max_length=200, editable=False)  # calendar and version, in words
    figures = models.JSONField("figures", default=dict, editable=False)
    compared_at = models.DateTimeField("compared", null=True, editable=False)
    confirmed_by = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="confirmed by",
        editable=False,
    )
    confirmed_at = models.DateTimeField("confirmed", null=True, editable=False)

    class Meta:
        verbose_name = "recomputation"

    @property
    def to_read(self) -> "models.QuerySet[Clock]":
        """Those that it reads anew."""
        cases = Q(record__is_open=True)
        if self.closed_since:
            cases |= Q(record__closed_at__gte=midnight(self.closed_since))
        promised = Clock.objects.filter(cases, target__gt=0)
        return promised.filter(calendar_name__in=list(self.versions))


class Progress(models.Model):
    """How far the worker is; written with each batch, so that another goes on where it ended."""

    recomputation = models.OneToOneField(
        Recomputation, models.PROTECT, primary_key=True, related_name="progress"
    )
    total = models.PositiveIntegerField(default=0)  # clocks
    done = models.PositiveIntegerField(default=0)
    after = models.BigIntegerField(default=0)  # the key of the last case that is done

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"

    @property
    def percent(self) -> int:
        """Of its clocks."""
        return min(100, 100 * self.done // max(1, self.total))


class MovedClock(models.Model):
    """A clock that shows something else by the other hours, or would, were it not sealed."""

    recomputation = models.ForeignKey(
        Recomputation, models.PROTECT, related_name="moved", db_index=False
    )
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    agreement = models.ForeignKey(
        Record, models.PROTECT, null=True, related_name="+", db_index=False
    )  # of a helper, as of its clock
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    breached_before = models.DateTimeField(null=True)
    breached_after = models.DateTimeField(null=True)
    is_sealed = models.BooleanField(default=False)  # in a sealed report, so it stays
    is_applied = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recomputation", "record", "kind", "agreement"],
                name="one_move_of_a_clock",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.record_id} by {self.recomputation_id}"
