"""Counting the months that are over, so that whoever looks at trends waits for one month alone."""

from datetime import date, datetime

from django.db import transaction

from evenkeel.core.figures.months import Month, last
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest, TrendTally
from evenkeel.processes.incidents.queries import trending

BY = ("service", "affected", "category", "cause")
MONTHS = 12


def tally(now: datetime) -> None:
    """Count the last twelve months anew without this one; what was edited since is in it."""
    months = last(now, MONTHS)
    for model in (Incident, ServiceRequest):
        for by in BY if model is Incident else BY[:-1]:
            _tally(model, by, months[0], months[-1])


def _tally(model: type[Case], by: str, first: Month, current: Month) -> None:
    counts = trending.counted(model, by, first)
    with transaction.atomic():
        TrendTally.objects.filter(of_kind=model.kind(), by=by).delete()
        TrendTally.objects.bulk_create(
            TrendTally(
                of_kind=model.kind(),
                by=by,
                name=name[: trending.LONGEST],
                month=date(month.year, month.number, 1),
                count=count,
            )
            for (name, month), count in counts.items()
            if month < current
        )
