"""What the verbs of incidents and of service requests do alike."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.clocks import agreeing
from evenkeel.core.directory.models import Organisation, Team
from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid, Text
from evenkeel.processes.incidents.actions import closing, intake, leading
from evenkeel.processes.incidents.models import Case
from evenkeel.processes.incidents.queries import taking

Supplier = Annotated[
    Organisation | None,
    Asked(
        "Supplier",
        "Whom it waits for; left empty, the one with whom a UA about its service is in force."
        " Read by those inside only.",
        inside=True,
    ),
]
UNDER_WAY = ("in_progress", "on_hold")  # somebody has taken it on


def record(case: Case, *, by: User, at: datetime) -> None:
    """Take a new case into the record."""
    version, manager = taking(at)
    if version and case.continues_id is None:  # what is converted was taken before
        intake.take(case, version)
    if case.case_owner_id is None:
        case.case_owner_id = manager


def assign(
    case: Case,
    *,
    by: User,
    at: datetime,
    case_owner: User | None = None,
    team: Team | None = None,
    reason: Annotated[str, Asked("Reason", "Why another owner takes over.", long=True)] = "",
) -> None:
    """Make someone responsible for the case through its lifecycle, and a team work on it."""
    if case_owner is None and team is None:
        raise Invalid({"case_owner": ["Name a case owner, a team, or both."]})
    takes_over = case_owner is not None and case_owner != case.case_owner
    if takes_over and case.state in UNDER_WAY and not reason.strip():
        raise Invalid(
            {"reason": [f"{case.case_owner} owns this case; say why another takes over."]}
        )
    if takes_over and case_owner:
        leading.warn_of_owner(case, case_owner, reason)
        case.escalated_from = None  # whoever was to get it back is no longer meant to
    case.case_owner = case_owner or case.case_owner
    case.team = team or case.team


def put_on_hold(
    case: Case,
    *,
    by: User,
    at: datetime,
    hold_reason: Case.HoldReason,
    supplier: Supplier = None,
    note: Text = "",
) -> None:
    """Wait, and say for whom."""
    if supplier is None and hold_reason == Case.HoldReason.SUPPLIER:
        supplier = _supplier_of(case, at)
    _check_supplier(supplier, hold_reason)
    case.hold_reason, case.waits_for = hold_reason, supplier


def _check_supplier(named: Organisation | None, reason: str) -> None:
    if named and reason != Case.HoldReason.SUPPLIER:
        raise Invalid({"supplier": ["Name one only where the case waits for a supplier."]})
    if named and named.part != Organisation.Part.SUPPLIER:
        raise Invalid({"supplier": [f"{named.title} is no supplier."]})


def resume(case: Case, *, by: User, at: datetime) -> None:
    """Go on with the work."""
    case.hold_reason, case.waits_for = "", None


def cancel(
    case: Case, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """It turned out that nothing is to be done."""


def reopen_case(case: Case, at: datetime) -> None:
    """Take back what resolving or fulfilling said."""
    closing.check_reopening(case, at)
    case.reopened_at = at
    case.closure_code = case.escalated_to = ""
    case.solution = case.satisfaction_comment = ""
    case.satisfaction = None  # that was about another closure; its entry keeps it


def _supplier_of(case: Case, at: datetime) -> Organisation | None:
    """The supplier with whom a UA about its service is in force, where there is just one."""
    found = agreeing.suppliers(case.service_id, at) if case.service_id else []
    return Organisation.objects.get(pk=found[0]) if len(found) == 1 else None
