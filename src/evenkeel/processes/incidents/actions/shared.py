"""What the verbs of incidents and of service requests do alike."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.rules import Asked, Invalid
from evenkeel.processes.incidents.actions import closing, intake, leading
from evenkeel.processes.incidents.models import Case, Contact, Incident, ServiceRequest
from evenkeel.processes.incidents.queries import taking

CLASSIFIED = "classified"
UNDER_WAY = ("in_progress", "on_hold")  # somebody has taken it on


def record(case: Case, *, by: User, at: datetime) -> None:
    """Take a new case into the record."""
    take_organisation(case)
    version, manager = taking(at)
    if version and case.continues_id is None:  # what is converted was taken before
        intake.take(case, version)
    if case.case_owner_id is None:
        case.case_owner_id = manager


def take_organisation(case: Case | Contact) -> None:
    """A case is of the organisation of whoever asks, unless another is named."""
    if case.organisation_id is None and case.requester:
        case.organisation_id = case.requester.organisation_id


def assign(
    case: Case,
    *,
    by: User,
    at: datetime,
    case_owner: User | None = None,
    team: Team | None = None,
    reason: Annotated[
        str, Asked("Reason", "Why another owner takes over.", long=True, inside=True)
    ] = "",
) -> dict[str, Any] | None:
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
    if case.state != CLASSIFIED:
        return None
    # Work begins: its user hears of it, and reads it in the portal.
    begins: dict[str, Any] = {"audience": Audience.PUBLIC.value}
    return begins | ({"reason": reason.strip()} if reason.strip() else {})


def cancel(
    case: Case, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """It turned out that nothing is to be done."""


def withdraw_import(
    case: Case,
    *,
    by: User,
    at: datetime,
    run: Annotated[str, Asked("Import", "The number of the import that was undone.")],
    reason: Annotated[str, Asked("Reason", long=True)],
) -> None:
    """The import that brought it in was undone; what it says was done counts nowhere any more."""
    if isinstance(case, ServiceRequest):
        case.fulfilled_at = None
    elif isinstance(case, Incident):
        case.resolved_at, case.effect = None, ""


def reopen_case(case: Case, at: datetime) -> None:
    """Take back what resolving or fulfilling said."""
    closing.check_reopening(case, at)
    case.reopened_at = at
    case.closure_code = case.escalated_to = ""
    case.solution = case.satisfaction_comment = ""
    case.satisfaction = None  # that was about another closure; its entry keeps it
