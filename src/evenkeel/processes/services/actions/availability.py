"""How much of its agreed hours a service was there (SVC-K1): 1 − outages ÷ agreed hours.

Maintenance that is agreed is left out of both: it is no outage, and no hour that was promised.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from evenkeel.core.clocks import calendars, maintenance
from evenkeel.core.clocks.agreeing import Terms
from evenkeel.core.clocks.maintenance import Attended
from evenkeel.core.clocks.models import seconds_of
from evenkeel.core.records.record import Record
from evenkeel.core.schemes.models import SchemeVersion
from evenkeel.processes.services import queries
from evenkeel.processes.services.actions.counting import OUT, Counted, Scope
from evenkeel.processes.services.lifecycle import COMING
from evenkeel.processes.services.models import Service, promised

Spans = list[tuple[int, int]]


class Available(NamedTuple):
    """Of a service in a period: seconds that it was to be there, and of these was not."""

    agreed: int
    out: int
    target: Decimal | None = None  # per cent of the agreed seconds

    @property
    def falls_short(self) -> bool:
        """Was it there for less than was promised?"""
        return (
            self.target is not None and 100 * (self.agreed - self.out) < self.target * self.agreed
        )


def availability(rows: Iterable[Counted], scope: Scope) -> dict[int, Available]:
    """By service, for the terms with the customer, else with everybody."""
    out, known = outages_of(rows, scope), Calendars(scope.begins)
    found = {}
    for service in _services(scope):
        choice = queries.choose(scope.customer, service.pk, scope.begins)
        terms = choice.terms if choice else None
        if terms and (version := known[terms.calendar]):
            found[service.pk] = by_terms(terms, version, service.pk, out[service.pk], scope)
    return found


class Calendars(dict[str, SchemeVersion | None]):
    """By name the version of a calendar that holds at a moment; each is asked for once."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def __missing__(self, name: str) -> SchemeVersion | None:
        self[name] = calendars.version_at(name, self.at)
        return self[name]


def outages_of(rows: Iterable[Counted], scope: Scope) -> dict[int, dict[int, Spans]]:
    """When each service was not there: by the per cent of it that was missing."""
    out: dict[int, dict[int, Spans]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.what == OUT and row.service is not None:
            start = max(seconds_of(row.at), seconds_of(scope.begins))
            out[row.service][row.missing].append((start, start + (row.elapsed or 0)))
    return out


def by_terms(
    terms: Terms, version: SchemeVersion, service: int, out: dict[int, Spans], scope: Scope
) -> Available:
    """What some terms make of it: hours, agreed maintenance left out, and the share promised."""
    hours = queries.hours_in(terms, version)
    attended = Attended(hours, maintenance.hours_of(terms, version))
    agreed = attended.count(seconds_of(scope.begins), seconds_of(scope.ends))
    target = promised.of(terms.availability, service)
    return Available(agreed, missed(out, attended), target)


def missed(out: dict[int, Spans], hours: Attended) -> int:
    """Seconds of which nothing was there, and their share of those in which part of it was: at
    every moment the gravest outage counts. By how much was missing, and when."""
    lost = before = 0
    for missing in sorted(out):
        spans = [span for other, found in out.items() if other >= missing for span in found]
        lost += (missing - before) * sum(hours.count(*span) for span in joined(spans))
        before = missing
    return lost // 100


def joined(spans: Spans) -> Iterator[tuple[int, int]]:
    """Spans of time of which none overlaps another: two outages at once are one."""
    held: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if held and start <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held


def _services(scope: Scope) -> list[Record]:
    """The one, or all that were offered for some of the period; what is planned is no promise."""
    if scope.service:
        return list(Service.objects.filter(pk=scope.service))
    offered = Q(closed_at=None) | Q(closed_at__gt=scope.begins)
    seen: Any = Service.objects.filter(offered, recorded_at__lt=scope.ends)
    return list(seen.exclude(state__in=COMING).order_by("title"))
