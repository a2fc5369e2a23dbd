"""What a person sees of a service and of an agreement."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from evenkeel.core.clocks import targets
from evenkeel.core.clocks.targets import KINDS, LEVELS, within
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.web import letters, navigation
from evenkeel.core.web.screen import Group, Screen, screens
from evenkeel.processes.services import queries
from evenkeel.processes.services.lifecycle import OFFERED, ViolationState
from evenkeel.processes.services.models import (
    Agreement,
    AgreementVersion,
    Service,
    ServiceComponent,
    Violation,
    promised,
)
from evenkeel.processes.services.permissions import answers_for
from evenkeel.processes.services.screens import month, there
from evenkeel.processes.services.screens.tree import made_of, registered

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 50  # versions in the panel
NEWEST = 5  # violations in the panel


def agreed(service: Service, reader: User) -> Panel | None:
    """What is promised about a service, and to which customers; as far as the reader may see it."""
    about = Q(service=service.pk) | Q(service=None)
    held: Any = Agreement.objects.visible_to(reader).filter(about, state="in_force")
    slas = held.filter(agreement_kind=Agreement.Kind.SLA).select_related("organisation")
    found = list(slas.order_by("title")[:SHOWN])
    terms = {one.agreement: one for one in there.promised_now(service)} if found else {}
    lines = [
        (one, targets.written(terms[one.pk].targets).splitlines() if one.pk in terms else [])
        for one in found
    ]
    context = {"agreements": lines}
    return ("Promised to customers", "services/promised.html", context) if found else None


def running(service: Service, reader: User) -> Panel | None:
    """How much is open about a service, with the way to it."""
    return _counted("Open now", service, reader, "open", navigation.is_work)


def besides(service: Service, reader: User) -> Panel | None:
    """What else there is about it: what can be ordered, how its cases are handled, agreements."""
    listed = {one.model.kind() for one in screens.values() if "service" in one.filters}
    listed.remove(ServiceComponent.kind())  # which stand in a tree
    return _counted(
        "Also about it",
        service,
        reader,
        "current",
        lambda kind: kind in listed and not navigation.is_work(kind),
    )


def lacks(service: Service, reader: User) -> Panel | None:
    """What its record lacks, for those who look after it."""
    if service.state not in OFFERED or not _tends(reader, service):
        return None
    found = queries.gaps(service, is_owned=bool(queries.owned([service.number], timezone.now())))
    return ("Lacks", "services/lacks.html", {"lacks": found}) if found else None


def overdue(record: Service | Agreement, reader: User) -> Panel | None:
    """That the day of its review has come, for those who look after it."""
    is_due = record.is_open and record.is_due(timezone.localdate())
    if not is_due or not _tends(reader, record):
        return None
    return "To be reviewed", "services/overdue.html", {"since": record.review_on}


def _tends(reader: User, record: Service | Agreement) -> bool:
    """Does the reader look after it, or after all of them?"""
    return visibility.is_inside(reader, record.of_kind) or bool(answers_for(reader, record))


def people(service: Service, reader: User) -> Panel:
    """Who answers for it to customers."""
    now = timezone.now()
    held = queries.owned([service.number], now)
    how = "" if held else f"Held as a role of type “service owner”, context {service.number}."
    return (
        "Service owner",
        "beside/holders.html",
        {"held": held, "now": now, "standing": how},
    )


def is_shown(user: User) -> bool:
    """May this user see what the portfolio lacks?"""
    return visibility.is_inside(user, Service.kind())


def terms(agreement: Agreement, reader: User) -> Panel | None:
    """The targets that hold now, or will, as a table."""
    now = timezone.now()
    held = Q(valid_until=None) | Q(valid_until__gt=F("valid_from"))  # some never came to hold
    approved = agreement.versions.filter(held, standing="approved")
    begun = approved.filter(valid_from__lte=now).order_by("-valid_from", "-number")
    version = begun.first() or approved.order_by("valid_from", "number").first()
    if version is None:
        return None
    return _drawn(version, f"Version {version.number}, {version.said_at(now).lower()}")


def drafted(agreement: Agreement, reader: User) -> Panel | None:
    """The version being written."""
    version = agreement.open_draft()
    return _drawn(version, f"Version {version.number}, draft") if version else None


def versions(agreement: Agreement, reader: User) -> Panel:
    """All versions, the newest first, with who approved them."""
    now = timezone.now()
    found = agreement.versions.select_related("drafted_by", "approved_by").order_by("-number")
    rows = [(version, version.said_at(now)) for version in found[:SHOWN]]
    return "Versions", "agreements/versions.html", {"versions": rows}


def violated(agreement: Agreement, reader: User) -> Panel | None:
    """What was not kept of it, or nearly: the count of this month, and the newest."""
    seen: Any = Violation.objects.visible_to(reader)
    seen = seen.filter(agreement=agreement.pk).exclude(state=ViolationState.WITHDRAWN)
    since = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = seen.filter(passed_at__gte=since).order_by().values_list("level")
    counts = dict(counted.annotate(Count("pk")))
    newest = list(seen.order_by("-passed_at")[:NEWEST])
    lines = [(level.value, level.label, counts.get(level.value, 0)) for level in Violation.Level]
    context = {"lines": lines, "newest": newest, "agreement": agreement}
    return ("Violations", "agreements/violations.html", context) if newest else None


def case_of(violation: Violation, reader: User) -> Panel | None:
    """The case itself, for those who may see it."""
    found = list(Record.objects.visible_to(reader).filter(pk=violation.about_id))
    return ("Case", "beside/records.html", {"records": found}) if found else None


def _counted(
    title: str, service: Service, reader: User, said: str, wanted: Callable[[str], bool]
) -> Panel | None:
    """How many records of these kinds concern it and are open, each with the way to its list."""
    seen = Record.objects.visible_to(reader).filter(service_id=service.pk, is_open=True)
    counts = seen.order_by().values_list("of_kind").annotate(Count("pk"))
    lines = [
        (navigation.plural(kinds()[kind]), f"/{kinds()[kind].collection}/", count)
        for kind, count in sorted(counts)
        if wanted(kind)
    ]
    filters = f"service={service.number}&is_open=yes"
    context = {"lines": lines, "filters": filters, "said": said}
    return (title, "beside/open.html", context) if lines else None


def _drawn(version: AgreementVersion, title: str) -> Panel:
    found = version.targets
    kinds = [kind for kind in KINDS if any(of == kind for of, _ in found)]
    rows = [
        (
            (priority, level),
            [within(found[kind, priority]) if (kind, priority) in found else "" for kind in kinds],
        )
        for priority, level in LEVELS.items()
        if any(of == priority for _, of in found)
    ]
    there = promised.written(version.content.get("availability", {})).splitlines()
    context = {"version": version, "kinds": kinds, "rows": rows, "availability": there}
    return title, "agreements/terms.html", context


SERVICE = Screen(
    Service,
    columns=("number", "title", "organisation", "state", "review_on"),
    filters=("state", "organisation", "open_to_all"),
    groups=(
        Group(
            "Service",
            ("value", "description", "quality", "plan", "organisation", "open_to_all", "review_on"),
        ),
    ),
    head=(lacks, overdue),
    above=(there.available, month.fulfilment),
    below=(made_of,),
    beside=(running, people, agreed, besides, registered),
    behind=month.behind,
    by_state=True,
)
navigation.offer(
    "Services and agreements", navigation.Line("Portfolio", "/portfolio/", "done"), is_shown
)
AGREEMENT = Screen(
    Agreement,
    columns=("number", "title", "agreement_kind", "organisation", "service", "state"),
    filters=("state", "agreement_kind", "organisation", "service"),
    groups=(
        Group(
            "Agreement",
            ("agreement_kind", "organisation", "service", "component", "case_owner", "review_on"),
        ),
    ),
    head=(overdue,),
    above=(drafted, terms),
    beside=(violated, versions, registered),
)
VIOLATION = Screen(
    Violation,
    columns=("number", "title", "level", "state", "agreement", "case_owner", "passed_at"),
    filters=("state", "level", "agreement", "organisation", "service", "case_owner"),
    groups=(
        Group("Violation", ("level", "target", "agreement", "agreement_version", "passed_at")),
        Group("Concerned", ("organisation", "service", "priority", "case_owner", "team")),
        Group("To the customer", ("text", "told_by", "told_at")),
    ),
    beside=(case_of, letters.panel),
)
