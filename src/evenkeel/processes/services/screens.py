"""What a person sees of a service and of an agreement."""

from typing import Any

from django.utils import timezone

from evenkeel.core.clocks.targets import KINDS, LOWEST, within
from evenkeel.core.people.models import User
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.services.models import Agreement, AgreementVersion, Service

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 50  # versions in the panel


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


def _drawn(version: AgreementVersion, title: str) -> Panel:
    found = version.targets
    kinds = [kind for kind in KINDS if any(of == kind for of, _ in found)]
    rows = [
        (
            priority,
            [within(found[kind, priority]) if (kind, priority) in found else "" for kind in kinds],
        )
        for priority in range(1, LOWEST + 1)
        if any(of == priority for _, of in found)
    ]
    return title, "agreements/terms.html", {"version": version, "kinds": kinds, "rows": rows}


SERVICE = Screen(
    Service,
    columns=("number", "title", "organisation", "state"),
    filters=("state", "organisation"),
    groups=(Group("Service", ("value", "organisation")),),
)
AGREEMENT = Screen(
    Agreement,
    columns=("number", "title", "agreement_kind", "organisation", "service", "state"),
    filters=("state", "agreement_kind", "organisation", "service"),
    groups=(Group("Agreement", ("agreement_kind", "organisation", "service", "review_on")),),
    above=(drafted, terms),
    beside=(versions,),
)
