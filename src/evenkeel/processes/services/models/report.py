"""Service report: what was asked of services in a period, and what was kept (FitSM-1 PR2)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from evenkeel.core.records.record import Record

# What a figure is counted by, in the order in which a cell of the figures holds it.
CUTS = ("what", "of_kind", "priority", "customer", "service", "is_kept", "is_earlier")


class ServiceReport(Record):
    """Figures about a customer, a service, or all of them, in a period and in the one before it.

    They are counted when it is made and as often as it is asked for, with the cases behind each;
    once it is sealed, neither they nor those cases change.
    """

    class Basis(models.TextChoices):
        DECIDED = "decided", "Targets that were kept or violated in the period"
        RECORDED = "recorded", "Targets of the cases that were recorded in the period"

    class Periods(models.IntegerChoices):
        SIX = 6, "The last six"
        TWELVE = 12, "The last twelve"

    collection = "service_reports"
    prefix = "REP"
    unused_fields: ClassVar[frozenset[str]] = frozenset({"title", "requester"})
    asked_first = ("organisation", "service")

    # `Case` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    begins_on = models.DateField("first day", editable=False)
    ends_on = models.DateField("last day", editable=False)
    basis = models.CharField(
        "targets counted", max_length=10, choices=Basis.choices, default=Basis.DECIDED
    )
    periods = models.PositiveSmallIntegerField(
        "trend", choices=Periods.choices, default=Periods.SIX, help_text="Periods of its length."
    )
    # A cell for each set of cases that are alike: the values of CUTS, and how many there are.
    figures = models.JSONField("figures", default=list, editable=False)
    # Of a service: its key, agreed seconds, those it was not there; both again of the time before;
    # and what was promised of it, in per cent, or nothing.
    availability = models.JSONField("availability", default=list, editable=False)
    counted_at = models.DateTimeField("counted", editable=False)
    approved_by = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="sealed by",
        editable=False,
    )
    approved_at = models.DateTimeField("sealed", null=True, editable=False)
    sent_to = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="sent to",
        editable=False,
    )
    sent_at = models.DateTimeField("sent", null=True, editable=False)

    class Meta:
        verbose_name = "service report"

    @property
    def period(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first after it; of the days of this place."""
        return midnight(self.begins_on), midnight(self.ends_on + timedelta(days=1))

    @property
    def earlier(self) -> tuple[date, date]:
        """The first and the last day of as long a time before: months before months."""
        return self.before(1)

    def before(self, ago: int) -> tuple[date, date]:
        """The first and the last day of the period so many periods before; 0 is its own."""
        first, after = self.begins_on, self.ends_on + timedelta(days=1)
        if first.day == 1 and after.day == 1:
            months = (after.year - first.year) * 12 + after.month - first.month
            begins, ends = (months_before(first, months * back) for back in (ago, ago - 1))
            return begins, ends - timedelta(days=1)
        length = after - first
        return first - ago * length, first - (ago - 1) * length - timedelta(days=1)

    def count(self, **cut: Any) -> int:
        """How many cases are alike in this: the sum of the cells that match.

        A cut names values of `CUTS`; a tuple is any of those in it.
        """
        return sum(cell[-1] for cell in self._cells(**cut))

    def behind(self, **cut: Any) -> "models.QuerySet[ReportedCase]":
        """Those cases; there are as many of them as `count` says."""
        several = {f"{k}__in" if isinstance(v, tuple) else k: v for k, v in cut.items()}
        return self.cases.filter(**several).order_by("at", "pk")

    def values_of(self, name: str, **cut: Any) -> list[Any]:
        """The values that this has among the cells that match, each once."""
        place = CUTS.index(name)
        return list(dict.fromkeys(cell[place] for cell in self._cells(**cut)))

    def _cells(self, **cut: Any) -> Iterator[list[Any]]:
        wanted = [
            (CUTS.index(name), value if isinstance(value, tuple) else (value,))
            for name, value in cut.items()
        ]
        for cell in self.figures:
            if all(cell[place] in values for place, values in wanted):
                yield cell


class ReportedCase(models.Model):
    """One case behind one figure of a report: as what it was counted, and how it stood then."""

    report = models.ForeignKey(ServiceReport, models.PROTECT, related_name="cases", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)  # "recorded", "resolution", "actual", …
    of_kind = models.CharField(max_length=30)
    priority = models.PositiveSmallIntegerField(null=True)
    customer = models.PositiveBigIntegerField(null=True)  # keys, as they were
    service = models.PositiveBigIntegerField(null=True)
    is_kept = models.BooleanField(null=True)  # of targets
    is_earlier = models.BooleanField(default=False)  # in the period before
    at = models.DateTimeField()  # recorded, done, decided …
    target = models.PositiveIntegerField(null=True)  # seconds
    elapsed = models.PositiveIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["report", "what", "is_earlier", "at", "id"], name="reported_by_figure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.record_id} in {self.report_id}"


def midnight(day: date) -> datetime:
    """The first moment of a day of this place."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def last_month(at: datetime) -> tuple[date, date]:
    """The first and the last day of the month before a moment."""
    today = at.astimezone(timezone.get_default_timezone()).date()
    first = today.replace(day=1)
    return months_before(first, 1), first - timedelta(days=1)
