"""What a service report counts: cases, targets, violations and outages of a period (PR2).

Each of them is a row that names its case; a figure is how many rows are alike. Targets are counted
once, in the period in which they were kept or violated, whichever came first.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, F, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from evenkeel.core.clocks import agreeing, calendars, declaring
from evenkeel.core.clocks.agreeing import Terms
from evenkeel.core.clocks.declaring import Measure, Outage
from evenkeel.core.clocks.engine import Act, Turn, read
from evenkeel.core.clocks.models import Clock, moment_of, seconds_of
from evenkeel.core.clocks.targets import promised
from evenkeel.core.imports.undoing import undone
from evenkeel.core.people.models import User
from evenkeel.core.records.record import kinds
from evenkeel.processes.services.lifecycle import ViolationState
from evenkeel.processes.services.models import Agreement, AgreementVersion, Violation

AT_ONCE = 2_000
WHOLE = 100  # per cent of a service
RECORDED, DONE, DROPPED, OPEN, OUT = "recorded", "done", "dropped", "open", "out"


class Scope(NamedTuple):
    """A period, of whom and about what; as far as it is known at a moment."""

    begins: datetime
    ends: datetime
    customer: int | None
    service: int | None
    at: datetime
    by_recording: bool = False  # targets of the cases recorded in the period, whenever decided

    def has(self, moment: datetime | None) -> bool:
        """Does a moment lie in the period?"""
        return moment is not None and self.begins <= moment < self.ends


class Counted(NamedTuple):
    """One case, as what it counts."""

    what: str
    of_kind: str
    record: int
    priority: int | None
    customer: int | None
    service: int | None
    at: datetime
    is_kept: bool | None = None
    target: int | None = None
    elapsed: int | None = None
    missing: int = WHOLE  # of an outage: per cent of the service


def counted(scope: Scope) -> Iterator[Counted]:
    """Everything that the period has."""
    yield from volumes(scope)
    yield from by_clocks(scope)
    yield from without_clocks(scope)
    yield from violations(scope)
    yield from outages(scope)


def trended(scope: Scope) -> Iterator[Counted]:
    """What of it a trend shows."""
    yield from volumes(scope)
    yield from by_clocks(scope)
    yield from without_clocks(scope)


def volumes(scope: Scope) -> Iterator[Counted]:
    """What was recorded, done and dropped, and what was open when the period ended.

    What goes on as another kind counts there, from the same moment on; what came with an import
    that was undone was never asked.
    """
    for kind in declaring.measures:
        until, dropped = done_field(kind), _dropped(kind)
        asked = Q(recorded_at__gte=scope.begins) | Q(**{f"{until}__gte": scope.begins})
        lasted = Q(is_open=True) | Q(closed_at__gte=scope.begins)
        found = _cases(kind, scope).filter(asked | lasted, recorded_at__lt=scope.ends)
        found = found.exclude(state__in=declaring.continued.get(kind, ()))
        names = ("pk", "priority", "customer", "service_id", "recorded_at", until)
        rows = _rows(found, (*names, "closed_at", "state"))
        for pk, priority, customer, service, began, done, closed, state in _asked(rows, dropped):
            known = (kind, pk, priority, customer, service)
            if scope.has(began):
                yield Counted(RECORDED, *known, began)
            if scope.has(done):
                yield Counted(DONE, *known, done)
            if state in dropped and scope.has(closed):
                yield Counted(DROPPED, *known, closed)
            if (ended := done or closed) is None or ended >= scope.ends:
                yield Counted(OPEN, *known, began)


def _dropped(kind: str) -> frozenset[str]:
    """The states in which nothing is to be done any more: cancelled, refused."""
    return frozenset().union(*(one.cancels for one in declaring.measures[kind]))


def _asked(rows: Iterator[Any], dropped: frozenset[str]) -> Iterator[Any]:
    """The rows without those of an undone import, which are cancelled; one query for many."""
    while some := list(islice(rows, AT_ONCE)):
        keys = [row[0] for row in some if row[-1] in dropped]
        gone = undone(keys) if keys else set[int]()
        yield from (row for row in some if row[0] not in gone)


def by_clocks(scope: Scope) -> Iterator[Counted]:
    """The targets that were decided, as their clocks say."""
    since = "record__recorded_at" if scope.by_recording else "decided_at"
    clocks = _in_scope(
        Clock.objects.filter(
            record__of_kind__in=declaring.measures,
            agreement=None,  # what helpers promise us is no customer's affair
            decided_at__isnull=False,
            **{f"{since}__gte": scope.begins, f"{since}__lt": scope.ends},
        ),
        scope,
        "record__",
    )
    names = (
        *("kind", "record__of_kind", "record_id", "record__priority", "customer"),
        *("record__service_id", "decided_at", "breached_at", "target", "elapsed"),
    )
    for *known, breached, target, elapsed in _rows(clocks, names):
        yield Counted._make((*known, breached is None, target, elapsed, WHOLE))


def without_clocks(scope: Scope) -> Iterator[Counted]:
    """Of cases that came from elsewhere without clocks: by when they were recorded and done."""
    terms = _terms_at()
    for kind, measures in declaring.measures.items():
        for measure in measures:
            if not measure.until:
                continue
            for row in _rows(*_undocumented(kind, measure, scope)):
                made = _verdict(kind, measure, row, terms(*row[2:5]))
                if made and (scope.by_recording or scope.has(made.at)):
                    yield made


def violations(scope: Scope) -> Iterator[Counted]:
    """Those that were recorded in the period, potential and actual."""
    found = _in_scope(
        Violation.objects.filter(
            passed_at__gte=scope.begins,
            passed_at__lt=scope.ends,
            agreement__agreement_kind=Agreement.Kind.SLA,
        ).exclude(state=ViolationState.WITHDRAWN),
        scope,
        "about__",
    )
    names = ("level", "pk", "priority", "customer", "about__service_id", "passed_at")
    for level, pk, priority, customer, service, at in _rows(found, names):
        yield Counted(level, "violation", pk, priority, customer, service, at)


def outages(scope: Scope) -> Iterator[Counted]:
    """What kept a service from being there for some of the period; `elapsed` is how long of it.

    Of a case that was dropped it counts only what had ended before: the rest was none.
    """
    for kind, outage in declaring.outages.items():
        found = _lasting(outage, _cases(kind, scope), scope)
        dropped = _dropped(kind)
        names = ("pk", "priority", "customer", "service_id", "began", outage.until)
        for row in _rows(found, (*names, "missing", "past", "state")):
            *known, began, ended, missing, past, state = row
            spans = [[datetime.fromisoformat(moment) for moment in one] for one in past]
            if state not in dropped:
                spans.append([began, ended or scope.at])
            for start, end in spans:
                lasted = int((min(end, scope.ends) - max(start, scope.begins)).total_seconds())
                if known[-1] and lasted >= 0:
                    yield Counted._make((OUT, kind, *known, start, None, None, lasted, missing))


def _lasting(outage: Outage, cases: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """The cases that mean an outage, as far as some of it may lie in the period."""
    whole, none = Value(WHOLE), Value([], JSONField())
    cases = cases.annotate(
        began=Coalesce(*outage.since, "recorded_at"),
        missing=Coalesce(outage.degree, whole) if outage.degree else whole,
        past=F(outage.earlier) if outage.earlier else none,
    )
    lasts = Q(**{f"{outage.until}__gt": scope.begins}) | Q(**{outage.until: None})
    if outage.earlier:
        lasts |= ~Q(past=[])
    return cases.filter(outage.which, lasts, began__lt=scope.ends)


def done_field(kind: str) -> str:
    """The field that says when a case of a kind was done."""
    return next(one.until for one in declaring.measures[kind] if one.until)


def _cases(kind: str, scope: Scope) -> QuerySet[Any]:
    seen: QuerySet[Any] = kinds()[kind].objects.visible_to(User.objects.the_sms())
    return _in_scope(seen, scope, "")


def _in_scope(found: QuerySet[Any], scope: Scope, to: str) -> QuerySet[Any]:
    """Those of the customer and the service, if there is one; their customer by that name.

    The customer is the organisation of the case, else that of its requester, as for agreements.
    """
    asker = f"{to}requester__organisation_id"
    found = found.annotate(customer=Coalesce(F(f"{to}organisation_id"), F(asker)))
    if scope.customer:
        found = found.filter(customer=scope.customer)
    return found.filter(**{f"{to}service": scope.service}) if scope.service else found


def _rows(found: QuerySet[Any], names: tuple[str, ...]) -> Iterator[Any]:
    return found.order_by().values_list(*names).iterator(AT_ONCE)


def _undocumented(
    kind: str, measure: Measure, scope: Scope
) -> tuple[QuerySet[Any], tuple[str, ...]]:
    clocks = Clock.objects.filter(record=OuterRef("pk"), kind=measure.kind, agreement=None)
    since = "recorded_at" if scope.by_recording else measure.until
    found = _cases(kind, scope).filter(
        ~Exists(clocks),
        state__in=measure.stops,
        recorded_at__lt=scope.ends,
        priority__isnull=False,
        **{f"{since}__gte": scope.begins, f"{measure.until}__isnull": False},
    )
    return found, ("pk", "priority", "customer", "service_id", "recorded_at", measure.until)


def _verdict(
    kind: str, measure: Measure, row: tuple[Any, ...], terms: Terms | None
) -> Counted | None:
    pk, priority, customer, service, began, done = row
    target = terms and promised(terms.targets, measure.kind, priority, is_major=False)
    version = terms and calendars.version_at(terms.calendar, began)
    if not terms or not target or not version:
        return None
    hours = calendars.hours_of(version.pk, terms.calendar, terms.zone)
    start, end = seconds_of(began), seconds_of(done)
    reading = read([Turn(start, Act.START), Turn(end, Act.STOP)], target, hours, end)
    decided = moment_of(reading.breached) or done
    known = (measure.kind, kind, pk, priority, customer, service, decided)
    return Counted(*known, reading.breached is None, target, reading.elapsed)


def _terms_at() -> Callable[[int | None, int | None, datetime], Terms | None]:
    """The terms of a case; asked once for each customer, service and time between approvals."""
    moments: set[datetime | None] = set()
    for times in AgreementVersion.objects.values_list("valid_from", "valid_until"):
        moments |= set(times)
    edges = sorted(moment for moment in moments if moment)
    known: dict[tuple[int | None, int | None, int], Terms | None] = {}

    def terms(customer: int | None, service: int | None, at: datetime) -> Terms | None:
        key = customer, service, bisect_right(edges, at)
        if key not in known:
            choice = agreeing.choose(customer, service, at)
            known[key] = choice.terms if choice else None
        return known[key]

    return terms
