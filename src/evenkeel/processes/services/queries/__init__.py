"""Which agreement governs a case (the contract of the clocks), and what the portfolio lacks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from evenkeel.core.clocks import agreeing, calendars
from evenkeel.core.clocks.agreeing import Choice, Keeper, Terms
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.schemes.models import SchemeVersion
from evenkeel.processes.services.lifecycle import HELD, OFFERED
from evenkeel.processes.services.models import Agreement, AgreementVersion, Service

Row = tuple[Any, ...]  # as _NAMES says
MOST = 50  # agreements that are held beside each other on a page
_NAMES = (
    *("agreement_id", "number", "valid_from", "valid_until"),
    *("agreement__organisation_id", "agreement__service_id"),
)


def choose(customer: int | None, service: int | None, at: datetime) -> Choice | None:
    """The agreement for this customer and service at a moment; the closer one wins.

    What was recorded before the first default came falls under the first default, as soon as that
    holds; what is agreed and still to come governs nothing.
    """
    best = _closest(_APPROVED.rows(customer, service), at)
    if best is None:
        return None
    terms = read(best[0], best[1])
    return Choice(terms, _because(terms, customer, service, best[4], best[5]))


def _closest(found: Sequence[Row], at: datetime) -> Row | None:
    """Of approved versions, oldest first, the one that holds and is closest to the case."""
    valid = [row for row in found if row[2] <= at and (row[3] is None or at < row[3])]
    if not valid:
        first = next((row for row in found if row[4:] == (None, None)), None)
        valid = [first] if first and at < first[2] <= timezone.now() else []
    return max(valid, key=lambda row: (row[4] is not None, row[5] is not None), default=None)


def with_everybody() -> Callable[[int, datetime], Terms | None]:
    """What is agreed with everybody about a service at a moment. One query, then none."""
    general = _approved().filter(agreement__organisation=None).order_by("valid_from", "pk")
    rows = list(general.values_list(*_NAMES))

    def terms(service: int, at: datetime) -> Terms | None:
        best = _closest([row for row in rows if row[5] in {None, service}], at)
        return read(best[0], best[1]) if best else None

    return terms


def choose_helper(kind: str, party: int, service: int | None, at: datetime) -> Choice | None:
    """The OLA or UA with a party about a service at a moment; the closer one wins.

    One about a component of the service comes after one about the service as a whole.
    """
    found = _HELPERS.rows(kind, party, service)
    valid = [row for row in found if row[2] <= at and (row[3] is None or at < row[3])]
    if not valid:
        return None
    best = max(valid, key=lambda row: (row[4] is not None, row[5] is None))
    terms = read(best[0], best[1])
    about = "this service" if best[4] else "all services"
    if best[5]:
        about = "a component of this service"
    what = f"{terms.number} “{terms.title}” is agreed with {terms.party} about {about}."
    return Choice(terms, f"{what} Version {terms.version} held.")


def suppliers(service: int, at: datetime) -> list[int]:
    """With whom a UA about this very service is in force at a moment, by key."""
    held = _approved(Agreement.Kind.UA).filter(
        Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at, agreement__service=service
    )
    parties = held.values_list("agreement__organisation", flat=True)
    return sorted({party for party in parties if party})


def read(agreement: int, version: int) -> Terms:
    """The terms of an approved version, which never changes."""
    return _read(connection.settings_dict["NAME"], agreement, version)


@lru_cache(maxsize=256)
def _read(database: str, agreement: int, version: int) -> Terms:
    approved = _approved(*Agreement.Kind).select_related("agreement__organisation")
    found = approved.get(agreement=agreement, number=version)
    return Terms(
        agreement,
        found.agreement.number,
        found.agreement.title,
        found.agreement.organisation.title if found.agreement.organisation else "",
        version,
        found.content["calendar"],
        found.content["zone"],
        found.content["begins_anew"],
        found.targets,
        found.content.get("maintenance", ""),
        found.content.get("availability", {}),
    )


def customer_text(agreement: int, version: int) -> str:
    """What an approved version says to the customer when a target may be violated."""
    return _customer_text(connection.settings_dict["NAME"], agreement, version)


@lru_cache(maxsize=256)
def _customer_text(database: str, agreement: int, version: int) -> str:
    found = AgreementVersion.objects.get(agreement=agreement, number=version)
    return str(found.content.get("customer_text", ""))


def promised_about(service: int, at: datetime) -> list[Terms]:
    """What is promised to customers about a service at a moment, the closest first."""
    about = Q(agreement__service=service) | Q(agreement__service=None)
    found = _approved().filter(about, Q(valid_until=None) | Q(valid_until__gt=at))
    found = found.filter(valid_from__lte=at, agreement__state="in_force")
    rows = found.order_by(
        F("agreement__service").asc(nulls_last=True), "agreement__title", "pk"
    ).values_list("agreement_id", "number")
    return [read(*row) for row in rows[:MOST]]


def hours_about(service: int, customer: int | None, at: datetime) -> Hours | None:
    """The hours that are agreed about a service, with a customer or else with everybody."""
    choice = choose(customer, service, at)
    version = calendars.version_at(choice.terms.calendar, at) if choice else None
    return hours_in(choice.terms, version) if choice and version else None


def hours_in(terms: Terms, version: SchemeVersion) -> Hours:
    """The hours of some terms, by a version of their calendar."""
    return calendars.hours_of(version.pk, terms.calendar, terms.zone)


def rival(agreement: Agreement) -> Agreement | None:
    """Another one in force that would govern the same."""
    alike: Any = Agreement.objects.filter(
        agreement_kind=agreement.agreement_kind,
        organisation=agreement.organisation_id,
        service=agreement.service_id,
        component=agreement.component_id,
        state__in=HELD,
    )
    return next(iter(alike.exclude(pk=agreement.pk)), None)


def owned(services: Sequence[str], at: datetime) -> list[RoleAssignment]:
    """Who answers for these services, named by number, at a moment."""
    held: Any = RoleAssignment.objects.in_force(at).filter(
        role__role_type=RoleType.SERVICE_OWNER,
        role__context__in=services,
        person__is_active=True,
    )
    return list(held.select_related("person", "deputy", "role").order_by("starts_at", "pk"))


def lacking(reader: User, at: datetime) -> list[tuple[Service, list[str]]]:
    """Services that are offered, and what their records lack for that (FitSM-1 PR1)."""
    offered: Any = Service.objects.visible_to(reader).filter(state__in=OFFERED)
    services = list(offered.order_by("title", "pk"))
    owners = {one.role.context for one in owned([one.number for one in services], at)}
    found = [(one, gaps(one, is_owned=one.number in owners)) for one in services]
    return [(one, lacks) for one, lacks in found if lacks]


def gaps(service: Service, *, is_owned: bool) -> list[str]:
    """What the record of a service lacks, in words."""
    needed = {
        "its value to the customer": service.value,
        "what it is": service.description,
        "an owner": is_owned,
    }
    return [name for name, has in needed.items() if not has]


def due(reader: User, at: datetime) -> list[Service | Agreement]:
    """Services and agreements whose day of review has come, the longest overdue first."""
    today = timezone.localdate(at)
    found: list[Any] = []
    for kind in (Service, Agreement):
        seen: Any = kind.objects.visible_to(reader)
        found += seen.filter(is_open=True, review_on__lte=today)
    return sorted(found, key=lambda one: (one.review_on, one.pk))


def _approved(*kinds: str) -> "QuerySet[AgreementVersion]":
    return AgreementVersion.objects.filter(
        standing=AgreementVersion.Standing.APPROVED,
        agreement__agreement_kind__in=kinds or [Agreement.Kind.SLA],
    )


def _because(
    terms: Terms,
    customer: int | None,
    service: int | None,
    governs: int | None,
    about: int | None,
) -> str:
    """Why this agreement, in words."""
    titles = dict(_TITLES.rows(customer, service))
    who = titles.get(customer or 0, "A requester of no organisation")
    what = titles.get(service or 0, "no service in particular")
    if governs:
        scope = f"about {what}" if about else "about all services"
        return f"{who} has {terms.number} “{terms.title}” {scope}. Version {terms.version} held."
    if about:
        return f"{terms.number} “{terms.title}” is about {what} for everybody. {who} has no other."
    return (
        f"Nothing else is agreed with {who}{f' about {what}' if service else ''},"
        f" so the default applies: {terms.number}, version {terms.version}."
    )


# Nothing is equal to no key, in the database; so what has no customer finds what is for everybody.
_APPROVED = Compiled(
    lambda customer, service: (
        _approved()
        .filter(Q(agreement__organisation=customer) | Q(agreement__organisation=None))
        .filter(Q(agreement__service=service) | Q(agreement__service=None))
        .order_by("valid_from", "pk")
        .values_list(*_NAMES)
    ),
    -1,
    -2,
)
_HELPERS = Compiled(
    lambda kind, party, service: (
        AgreementVersion.objects.filter(standing=AgreementVersion.Standing.APPROVED)
        .filter(agreement__agreement_kind=kind, agreement__organisation=party)
        .filter(Q(agreement__service=service) | Q(agreement__service=None))
        .order_by("valid_from", "pk")
        .values_list(*_NAMES[:4], "agreement__service_id", "agreement__component_id")
    ),
    "kind",
    -1,
    -2,
)
_TITLES = Compiled(
    lambda one, other: Record.objects.filter(Q(pk=one) | Q(pk=other)).values_list("pk", "title"),
    -1,
    -2,
)
agreeing.kept_by(Keeper(choose, read, choose_helper, suppliers))
