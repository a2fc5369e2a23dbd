"""What a person sees of a service and of an agreement."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from evenkeel.core.clocks.targets import KINDS, LEVELS, within
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.web import navigation
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.services.lifecycle import ViolationState
from evenkeel.processes.services.models import Agreement, AgreementVersion, Service, Violation

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 50  # versions in the panel
NEWEST = 5  # violations in the panel


def agreed(service: Service, reader: User) -> Panel | None:
    """What is promised about a service, and to whom; as far as the reader may see it."""
    about = Q(service=service.pk) | Q(service=None)
    held: Any = Agreement.objects.visible_to(reader).filter(about, state="in_force")
    found = list(held.filter(agreement_kind=Agreement.Kind.SLA).order_by("title")[:SHOWN])
    return ("Promised to customers", "beside/records.html", {"records": found}) if found else None


def running(service: Service, reader: User) -> Panel | None:
    """How much is open about a service, with the way to it."""
    seen = Record.objects.visible_to(reader).filter(service_id=service.pk, is_open=True)
    counts = seen.order_by().values_list("of_kind").annotate(Count("pk"))
    lines = [
        (navigation.plural(kinds()[kind]), f"/{kinds()[kind].collection}/", count)
        for kind, count in sorted(counts)
        if navigation.is_work(kind)
    ]
    context = {"lines": lines, "filters": f"service={service.number}&is_open=yes"}
    return ("Open now", "beside/open.html", context) if lines else None


def terms(agreement: Agreement, reader: User) -> Panel | None:
    """The targets that hold now, as a table."""
    now = timezone.now()
    found = agreement.versions.filter(standing="approved", valid_from__lte=now)
    version = found.order_by("-valid_from", "-number").first()
    return (
        _drawn(version, f"Version {version.number}, {version.said_at(now).lower()}")
        if version
        else None
    )


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
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = seen.filter(passed_at__gte=month).order_by().values_list("level")
    counts = dict(counted.annotate(Count("pk")))
    newest = list(seen.order_by("-passed_at")[:NEWEST])
    lines = [(level.value, level.label, counts.get(level.value, 0)) for level in Violation.Level]
    context = {"lines": lines, "newest": newest, "agreement": agreement}
    return ("Violations", "agreements/violations.html", context) if newest else None


def case_of(violation: Violation, reader: User) -> Panel | None:
    """The case itself, for those who may see it."""
    found = list(Record.objects.visible_to(reader).filter(pk=violation.about_id))
    return ("Case", "beside/records.html", {"records": found}) if found else None


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
    return title, "agreements/terms.html", {"version": version, "kinds": kinds, "rows": rows}


SERVICE = Screen(
    Service,
    columns=("number", "title", "organisation", "state"),
    filters=("state", "organisation"),
    groups=(Group("Service", ("value", "organisation")),),
    beside=(running, agreed),
)
AGREEMENT = Screen(
    Agreement,
    columns=("number", "title", "agreement_kind", "organisation", "service", "state"),
    filters=("state", "agreement_kind", "organisation", "service"),
    groups=(
        Group(
            "Agreement", ("agreement_kind", "organisation", "service", "case_owner", "review_on")
        ),
    ),
    above=(drafted, terms),
    beside=(violated, versions),
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
    beside=(case_of,),
)
