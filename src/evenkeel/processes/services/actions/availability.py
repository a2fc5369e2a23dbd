"""How much of its agreed hours a service was there (SVC-K1): 1 − outages ÷ agreed hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.models import seconds_of
from evenkeel.core.records.record import Record
from evenkeel.processes.services import queries
from evenkeel.processes.services.actions.counting import OUT, Counted, Scope
from evenkeel.processes.services.models import Service

Spans = list[tuple[int, int]]


def availability(rows: Iterable[Counted], scope: Scope) -> dict[int, tuple[int, int]]:
    """By service: the agreed seconds of the period, and those of them that it was not there."""
    out: dict[int, dict[int, Spans]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.what == OUT and row.service is not None:
            start = max(seconds_of(row.at), seconds_of(scope.begins))
            out[row.service][row.missing].append((start, start + (row.elapsed or 0)))
    found = {}
    for service in _services(scope):
        if hours := queries.hours_about(service.pk, scope.customer, scope.begins):
            agreed = hours.count(seconds_of(scope.begins), seconds_of(scope.ends))
            lost = missed(out[service.pk], hours)
            found[service.pk] = agreed, lost
    return found


def missed(out: dict[int, Spans], hours: Hours) -> int:
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
    """The one, or all that were offered for some of the period."""
    if scope.service:
        return list(Service.objects.filter(pk=scope.service))
    offered = Q(closed_at=None) | Q(closed_at__gt=scope.begins)
    return list(Service.objects.filter(offered, recorded_at__lt=scope.ends).order_by("title"))
