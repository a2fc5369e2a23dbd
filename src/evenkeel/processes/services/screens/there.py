"""How much of its agreed hours a service was there in a month so far, for each agreement."""

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from evenkeel.core.clocks.agreeing import Terms
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.web.reports import Behind, Opens, Section
from evenkeel.processes.services import queries
from evenkeel.processes.services.actions import counting
from evenkeel.processes.services.actions.availability import (
    Available,
    Calendars,
    by_terms,
    outages_of,
)
from evenkeel.processes.services.actions.counting import OUT, Counted, Scope
from evenkeel.processes.services.models import ReportedCase, Service
from evenkeel.processes.services.permissions import BUILT
from evenkeel.processes.services.screens import cuts
from evenkeel.processes.services.screens.span import Span, span_of

Panel = tuple[str, str, dict[str, Any]]
_KEPT = "its_promises"  # on a service in memory
_HEADS = ("Agreement", "Promised", "Available", "Not there")


def available(service: Service, reader: User) -> Panel | None:
    """This month so far, for whoever works here; nothing where no availability is promised."""
    if not BUILT(reader, service):
        return None
    span = span_of(service, "")
    promised = [one for one in promised_now(service) if one.availability]
    if not promised:
        return None
    scope = _scope(service, span)
    out = outages_of(counting.outages(scope), scope)[service.pk]
    known = Calendars(span.begins)
    made = [
        (terms, by_terms(terms, version, service.pk, out, scope))
        for terms in promised
        if (version := known[terms.calendar])
    ]
    held = [(terms, there) for terms, there in made if there.target is not None]
    if not held:
        return None
    rows = [_row(service, span, terms, there) for terms, there in held]
    short = sum(there.falls_short for _, there in held)
    context = {"section": Section("", "", _HEADS, rows, figures=True), "month": span.said}
    context["short"] = short
    return "Availability this month", "services/there.html", context


def promised_now(service: Service) -> list[Terms]:
    """What is promised to customers about it now; what two panels ask for is read once."""
    kept: list[Terms] | None = service.__dict__.get(_KEPT)
    if kept is None:
        kept = service.__dict__[_KEPT] = queries.promised_about(service.pk, timezone.now())
    return kept


def behind(service: Service, span: Span, reader: User) -> Behind:
    """The outages of a month, each by its case; of a member that is kept apart, those it sees."""
    found = sorted(counting.outages(_scope(service, span)), key=lambda one: (one.at, one.record))
    if reader.rights.apart and reader.rights.apart.is_member:
        there = Record.objects.visible_to(reader).filter(pk__in=[one.record for one in found])
        seen = set(there.values_list("pk", flat=True))
        found = [one for one in found if one.record in seen]
    return Behind(
        f"Not there, {span.said}",
        cuts.HEADS,
        len(found),
        lambda some: cuts.lines(_cases(found[some]), reader),
    )


def _scope(service: Service, span: Span) -> Scope:
    now = timezone.now()
    return Scope(span.begins, min(span.ends, max(now, span.begins)), None, service.pk, now)


def _row(service: Service, span: Span, terms: Terms, there: Available) -> tuple[str, ...]:
    name = f"{terms.title}, {terms.party}" if terms.party else terms.title
    asked = urlencode({"month": str(span.month), "what": OUT})
    out = f"{cuts.lasted(there.out)} of {cuts.lasted(there.agreed)}"
    share = cuts.percent(there.agreed - there.out, there.agreed)
    return (
        name,
        f"{there.target} %",
        f"{share}, falls short" if there.falls_short else share,
        Opens(out, f"{service.url}report/cases/?{asked}") if there.out else out,
    )


def _cases(found: list[Counted]) -> list[ReportedCase]:
    records = Record.objects.in_bulk([one.record for one in found])
    return [
        ReportedCase(
            record=records[one.record], priority=one.priority, at=one.at, elapsed=one.elapsed
        )
        for one in found
    ]
