"""A month as the zone of a service has it."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from evenkeel.core.figures.months import Month
from evenkeel.core.rules import Invalid
from evenkeel.processes.services import queries
from evenkeel.processes.services.models import Service

_KEPT = "its_spans"  # on a service in memory


class Span(NamedTuple):
    """A month as the zone of a service has it."""

    month: Month
    begins: datetime
    ends: datetime

    @property
    def said(self) -> str:
        """ "November 2026, Europe/Amsterdam"."""
        return f"{self.begins:%B %Y}, {self.begins.tzinfo}"


def span_of(service: Service, text: str) -> Span:
    """The month that a text names, or this one; it begins at midnight in the service's zone.

    What two panels of a page ask for this month is worked out once.
    """
    kept: dict[str, Span] = service.__dict__.setdefault(_KEPT, {})
    if text not in kept:
        kept[text] = _span(service, text)
    return kept[text]


def _span(service: Service, text: str) -> Span:
    now = timezone.now()
    hours = queries.hours_about(service.pk, None, now)
    zone = hours.zone if hours else timezone.get_default_timezone()
    here = now.astimezone(zone)
    month = Month.read(text) if text else Month(here.year, here.month)
    if month is None:
        raise Invalid({"month": [f"“{text}” is no month; one is “2026-11”."]})
    begins, ends = (
        datetime(one.year, one.number, 1, tzinfo=zone) for one in (month, month.later(1))
    )
    return Span(month, begins, ends)
