"""By whom a service report is made, and on which agreements with its customer it reports."""

from typing import Any

from django.db.models import F, Q

from evenkeel.core.directory.models import Organisation
from evenkeel.processes.services.models import Agreement, AgreementVersion, ServiceReport

_PROVIDES = (Organisation.Part.FEDERATOR, Organisation.Part.PROVIDER)


def provider() -> str:
    """Who provides the services, alone or with members: as the page of the provider has it."""
    found: Any = Organisation.objects.filter(part__in=_PROVIDES, is_open=True)
    title = found.order_by(F("part_of").asc(nulls_first=True), "pk").values_list("title", flat=True)
    return str(title.first() or "–")


def facts(made: ServiceReport) -> list[tuple[str, str]]:
    """The agreements of the customer that held in the period, each with its versions.

    Where it had none of its own, what is promised to everybody; the first such promise holds for
    what was before it, too.
    """
    if made.organisation_id is None:
        return []
    begins, ends = made.period
    approved = AgreementVersion.objects.filter(
        standing=AgreementVersion.Standing.APPROVED,
        agreement__agreement_kind=Agreement.Kind.SLA,
    )
    held = approved.filter(
        Q(valid_until=None) | Q(valid_until__gt=begins) & Q(valid_until__gt=F("valid_from")),
        valid_from__lt=ends,
    )
    about = Q(agreement__service=None)
    if made.service_id:
        about |= Q(agreement__service=made.service_id)
    own = held.filter(agreement__organisation=made.organisation_id)
    found = _named(own.filter(about) if made.service_id else own)
    found = found or _named(held.filter(about, agreement__organisation=None))
    if not found:
        defaults = approved.filter(agreement__organisation=None, agreement__service=None)
        found = _named(defaults.filter(number=1))
    return [("Agreement", "; ".join(found))] if found else []


def _named(held: Any) -> list[str]:
    """ "AGR-2 Gold (versions 1, 2)"."""
    rows = held.order_by("agreement", "number")
    versions: dict[str, list[str]] = {}
    for number, title, version in rows.values_list(
        "agreement__number", "agreement__title", "number"
    ):
        versions.setdefault(f"{number} {title}", []).append(str(version))
    return [
        f"{name} (version{'s' if len(found) > 1 else ''} {', '.join(found)})"
        for name, found in versions.items()
    ]
