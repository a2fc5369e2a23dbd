"""The verbs of an agreement: draft a version of its terms, approve it, end it (FitSM-1 PR2)."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from django.db.models import Q
from django.utils import timezone

from evenkeel.core.clocks import calendars, targets
from evenkeel.core.clocks import maintenance as maintaining
from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.clocks.models import Clock
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Actions, Asked, Invalid, drafting
from evenkeel.processes.services import lifecycle, permissions, queries
from evenkeel.processes.services.actions import reviewing, wording
from evenkeel.processes.services.lifecycle import AgreementState
from evenkeel.processes.services.models import Agreement, AgreementVersion, promised

Given = dict[str, Any]
Choices = list[tuple[Any, str]]
Standing = AgreementVersion.Standing
HELPED = {"resolution", "fulfilment"}  # what is counted of those who help
Owner = Annotated[User, Asked("Owner", "Who is told when a target is violated.")]

action = Actions(
    Agreement,
    lifecycle.AGREEMENT,
    permissions.AGREEMENT,
    visible=permissions.PARTIES,
    inside=permissions.INSIDE,
)


def calendars_to_choose() -> Choices:
    """The service calendars in force."""
    return calendars.choices(timezone.now())


def on_reopening() -> Choices:
    """What becomes of the time that had passed."""
    return [("continue", "What had passed counts on"), ("anew", "It begins anew")]


@action(fields=True)
def record(agreement: Agreement, *, by: User, at: datetime) -> None:
    """Set up an agreement with a customer, a member or a supplier; then draft its first version."""
    agreement.case_owner = None if by.is_system else by


@action
def hand_over(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    owner: Owner,
) -> None:
    """Let somebody else look after it: they are told when what it promises is not kept."""
    if not permissions.INSIDE(owner, agreement):
        raise Invalid({"owner": [f"{owner} does not work on agreements."]})
    agreement.case_owner = owner


@action
def draft(  # noqa: PLR0913  (the terms, and who and when)
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    calendar: Annotated[str, Asked("Service hours", choices=calendars_to_choose)],
    targets: Annotated[
        str,
        Asked(
            "Targets",
            "A line for each priority: “P1: response 30 min, resolution 4 h”;"
            " “Major: …” is for major incidents.",
            long=True,
        ),
    ],
    zone: Annotated[str, Asked("Time zone", "Where it is not that of the calendar.")] = "",
    reopening: Annotated[str, Asked("When a case is reopened", choices=on_reopening)] = "continue",
    availability: Annotated[
        str,
        Asked(
            "Availability",
            "How much of its hours a service is there in a month: “99.5 %”; where one of several"
            " differs, a line “Mail: 99.9 %” for it.",
            long=True,
        ),
    ] = "",
    maintenance: Annotated[
        str,
        Asked(
            "Agreed maintenance",
            "When the service may be away: a line “Sun 02:00-06:00” for each weekday, and"
            " “2026-12-24 20:00-24:00” for a day of its own.",
            long=True,
        ),
    ] = "",
    customer_text: Annotated[
        str,
        Asked(
            "To the customer",
            "What is said when a target may be violated, with {number}, {title}, {target},"
            " {within} and {due} of the case.",
            long=True,
        ),
    ] = "",
    because: Annotated[str, Asked("Why it is edited", long=True)] = "",
) -> Given:
    """Write the next version of the terms, or go on with the one being written."""
    content = {
        "calendar": _calendar(calendar, at),
        "zone": _zone(zone),
        "targets": _targets(targets, agreement),
        "begins_anew": reopening == "anew",
        "availability": _availability(availability, agreement),
        "maintenance": _maintenance(maintenance),
        "customer_text": _customer_text(customer_text),
    }
    return drafting.write(agreement, content, because, by=by, at=at)


@action
def discard(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> Given:
    """Drop the version being written; it is kept as evidence and governs nothing."""
    return drafting.drop(agreement, reason)


@action(public=True)
def approve(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    version: Annotated[int | None, Asked("Version", "The one you have read.")] = None,
    valid_from: Annotated[datetime | None, Asked("Valid from", "From now on if empty.")] = None,
) -> Given:
    """Let the drafted version govern what is recorded from now on, or from another moment.

    An earlier one is for what was agreed before Evenkeel knew of it: while no clock counts yet.
    """
    drafted, begins = drafting.found(agreement, version), valid_from or at
    if begins < at and Clock.objects.filter(record__recorded_at__gte=begins).exists():
        raise Invalid({"valid_from": ["What was recorded keeps its terms: not before now."]})
    if other := queries.rival(agreement):
        raise Invalid({"": [f"{other} governs the same customer and service; end it first."]})
    _cease(agreement, begins)
    drafted.standing, drafted.valid_from = Standing.APPROVED, begins
    drafted.approved_by, drafted.approved_at = by, at
    drafted.save(update_fields=["standing", "valid_from", "approved_by", "approved_at"])
    agreement.edition += 1
    if agreement.state != AgreementState.IN_FORCE:
        agreement.state = AgreementState.IN_FORCE if begins <= at else AgreementState.AGREED
    return {"version": drafted.number, "valid_from": str(begins)}


@action(public=True)
def begin(agreement: Agreement, *, by: User, at: datetime) -> Given:
    """Its first version holds from now on."""
    version = agreement.version_at(at)
    if version is None:
        raise Invalid({"": ["None of its versions has begun."]})
    return {"version": version.number}


def begin_due(at: datetime) -> int:
    """Begin every agreement whose first version has; says how many."""
    begun, sms = 0, User.objects.the_sms()
    coming: Any = Agreement.objects.filter(state=AgreementState.AGREED).order_by("pk")
    for found in coming:
        if found.version_at(at):
            begin(found, by=sms, at=at, via=Via.JOB)
            begun += 1
    return begun


@action(public=True)
def end(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> Given:
    """It governs nothing that is recorded from now on; cases that it governs keep it."""
    _cease(agreement, at)
    return {"reason": reason}


review = action(reviewing.review)
remind = action(reviewing.remind)


def _cease(agreement: Agreement, at: datetime) -> None:
    """No version holds from a moment on; one that would have begun later never does."""
    approved = agreement.versions.filter(standing=Standing.APPROVED)
    for version in approved.filter(Q(valid_until=None) | Q(valid_until__gt=at)):
        version.valid_until = max(at, version.valid_from or at)
        version.save(update_fields=["valid_until"])


def _calendar(name: str, at: datetime) -> str:
    if calendars.version_at(name, at) is None:
        raise Invalid({"calendar": [f"There are no service hours called “{name}”."]})
    return name


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise Invalid({"zone": [f"“{name}” is no time zone; one is “Europe/Amsterdam”."]})
    return name


def _targets(text: str, agreement: Agreement) -> list[list[str | int]]:
    try:
        found = targets.read(text)
    except Unclear as unclear:
        raise Invalid({"targets": [str(unclear)]}) from unclear
    kinds = {kind for kind, _ in found}
    if agreement.agreement_kind != Agreement.Kind.SLA and kinds - HELPED:
        why = "An OLA or UA promises resolution and fulfilment: how long a case may be with them."
        raise Invalid({"targets": [why]})
    return targets.as_rows(found)


def _availability(text: str, agreement: Agreement) -> dict[str, str]:
    try:
        return promised.read(text, agreement.service_id)
    except Unclear as unclear:
        raise Invalid({"availability": [str(unclear)]}) from unclear


def _maintenance(text: str) -> str:
    try:
        return maintaining.read(text)
    except Unclear as unclear:
        raise Invalid({"maintenance": [str(unclear)]}) from unclear


def _customer_text(text: str) -> str:
    if wrong := wording.unknown(text):
        places = ", ".join(f"{{{name}}}" for name in wording.FACTS)
        raise Invalid({"customer_text": [f"“{{{wrong[0]}}}” is not known; there are {places}."]})
    return text
