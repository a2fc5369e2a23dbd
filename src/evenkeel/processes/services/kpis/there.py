"""How much of their agreed hours services were there, by service (SVC-K1)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value

from evenkeel.core.clocks.models import seconds_of
from evenkeel.core.figures.declaring import Counted, Target
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.records.record import kinds
from evenkeel.processes.services import queries
from evenkeel.processes.services.actions import counting
from evenkeel.processes.services.actions.availability import (
    Calendars,
    Spans,
    by_terms,
    outages_of,
)
from evenkeel.processes.services.actions.counting import Scope
from evenkeel.processes.services.lifecycle import COMING
from evenkeel.processes.services.models import Service, promised


def amounts(
    user: User, months: Sequence[Month], now: datetime
) -> Mapping[Month, Mapping[int, tuple[int, int]]]:
    """By month and service: seconds in which it was there, of those agreed, up to now.

    The same for whoever reads it: members of a federation share services, and a service that was
    away was away for all of them. Behind it each finds the cases that it may see.
    """
    whole = _scope(months[0].begins, months[-1].ends, now)
    out, services = outages_of(counting.outages(whole), whole), list(_offered(whole))
    agreed, found = queries.with_everybody(), {}
    for month in months:
        scope = _scope(month.begins, month.ends, now)
        known, of_month = Calendars(scope.begins), {}
        for service in (one for one in services if _is_offered(one, scope)):
            terms = agreed(service.pk, scope.begins)
            if terms and (version := known[terms.calendar]):
                away = _within(out[service.pk], scope)
                there = by_terms(terms, version, service.pk, away, scope)
                of_month[service.pk] = there.agreed - there.out, there.agreed
        found[month] = of_month
    return found


def behind(
    user: User, month: Month, service: int | None, now: datetime
) -> Iterator[tuple[Counted, QuerySet[Any]]]:
    """The cases that kept a service from being there for some of the month."""
    cases: dict[str, set[int]] = defaultdict(set)
    for one in counting.outages(_scope(month.begins, month.ends, now, service)):
        if one.service is not None:
            cases[one.of_kind].add(one.record)
    for kind, keys in cases.items():
        seen: Any = kinds()[kind].objects.visible_to(user)
        yield Counted(kinds()[kind]), seen.filter(pk__in=keys).annotate(is_hit=Value(0))


def targets(now: datetime) -> Mapping[int, Target]:
    """What is promised to everybody of each service, where anything is."""
    agreed, found = queries.with_everybody(), {}
    for key in Service.objects.filter(is_open=True).values_list("pk", flat=True):
        terms = agreed(key, now)
        if terms and (share := promised.of(terms.availability, key)) is not None:
            found[key] = Target(at_least=float(share))
    return found


def _scope(begins: datetime, ends: datetime, now: datetime, service: int | None = None) -> Scope:
    return Scope(begins, max(begins, min(ends, now)), None, service, now)


def _offered(scope: Scope) -> QuerySet[Any]:
    there = Q(closed_at=None) | Q(closed_at__gt=scope.begins)
    seen: Any = Service.objects.filter(there, recorded_at__lt=scope.ends)
    return seen.exclude(state__in=COMING).order_by("title", "pk")  # type: ignore[no-any-return]


def _is_offered(service: Any, scope: Scope) -> bool:
    is_there = service.closed_at is None or service.closed_at > scope.begins
    return bool(is_there and service.recorded_at < scope.ends)


def _within(out: Mapping[int, Spans], scope: Scope) -> dict[int, Spans]:
    """What of the outages lies in a month."""
    begins, ends = seconds_of(scope.begins), seconds_of(scope.ends)
    return {
        missing: [
            (max(start, begins), min(end, ends))
            for start, end in spans
            if max(start, begins) < min(end, ends)
        ]
        for missing, spans in out.items()
    }
