"""What the verbs of incident models and of request models do alike."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Asked, Invalid, drafting, registry
from evenkeel.processes.incidents import permissions
from evenkeel.processes.incidents.lifecycle import ModelState
from evenkeel.processes.incidents.models import IncidentModel, RequestModel
from evenkeel.processes.incidents.models.prepared import CaseModel, CaseModelVersion

Given = dict[str, Any]
Standing = CaseModelVersion.Standing
KINDS: tuple[type[CaseModel], ...] = (IncidentModel, RequestModel)
OVERDUE = "The day of its review has come."
USUAL = timedelta(days=365)  # until the next review, where nobody says another day
Next = Annotated[date | None, Asked("Next review", "A year from now if empty.")]
Owner = Annotated[User, Asked("Owner", "Who keeps it up to date.")]
Reason = Annotated[str, Asked("Reason", long=True)]


def record(model: CaseModel, *, by: User, at: datetime) -> None:
    """Set up a model for cases that come again; then draft its first version."""
    model.requester = None
    model.case_owner = by


def discard(model: CaseModel, *, by: User, at: datetime, reason: Reason) -> Given:
    """Drop the version being written; it is kept as evidence and used nowhere."""
    return drafting.drop(model, reason)


def approve(
    model: CaseModel,
    *,
    by: User,
    at: datetime,
    version: Annotated[int | None, Asked("Version", "The one you have read.")] = None,
    next_review: Next = None,
) -> Given:
    """Put the drafted version in force; somebody else wrote it. Cases keep the one they cite."""
    drafted = drafting.found(model, version)
    if drafted.drafted_by_id == by.pk:
        raise Invalid({"": ["You drafted this version; somebody else approves it."]})
    model.versions.filter(standing=Standing.IN_FORCE).update(standing=Standing.SUPERSEDED)
    drafted.standing = Standing.IN_FORCE
    drafted.approved_by, drafted.approved_at = by, at
    drafted.save(update_fields=["standing", "approved_by", "approved_at"])
    model.edition += 1
    _reviewed(model, next_review, at)
    return {"version": drafted.number}


def flag_for_review(model: CaseModel, *, by: User, at: datetime, reason: Reason) -> Given:
    """Say why somebody should look at it again; until then it is used as it is."""
    if reason.strip() in model.review_because.splitlines():
        raise Invalid({"reason": [f"{model.number} waits for its review for this reason already."]})
    model.review_because = f"{model.review_because}\n{reason.strip()}".strip()
    return {"reason": reason.strip()}


def review(
    model: CaseModel,
    *,
    by: User,
    at: datetime,
    finding: Annotated[str, Asked("Finding", "What was looked at, and why it holds.", long=True)],
    next_review: Next = None,
) -> Given:
    """Say that it was looked at and holds as it is; what has to be other is drafted instead."""
    if model.open_draft():
        raise Invalid({"": ["A version is being drafted: approve or discard it instead."]})
    answered = model.review_because
    _reviewed(model, next_review, at)
    return {"finding": finding, "answered": answered}


def hand_over(
    model: CaseModel,
    *,
    by: User,
    at: datetime,
    owner: Owner,
) -> Given:
    """Let somebody else keep it up to date: they are told when it is to be reviewed."""
    if not permissions.INSIDE(owner, model):
        raise Invalid({"owner": [f"{owner} does not work in ISRM."]})
    model.case_owner = owner
    return {"owner": owner.pk}


def retire(model: CaseModel, *, by: User, at: datetime, reason: Reason) -> Given:
    """It is not used any more; cases that were handled by it keep it."""
    if model.open_draft():
        raise Invalid({"": ["A version is being drafted: discard it first."]})
    return {"reason": reason}


def lines(steps: str) -> list[str]:
    """The steps of a text, one a line."""
    found = [line.strip() for line in steps.splitlines() if line.strip()]
    if too_long := [line for line in found if len(line) > 300]:
        raise Invalid({"steps": [f"“{too_long[0][:40]}…” is longer than 300 letters."]})
    return found


def flag_due(at: datetime) -> int:
    """Flag every model in force whose day of review has come; says how many."""
    today = timezone.localdate(at)
    due = [
        model
        for kind in KINDS
        for model in kind.objects.filter(state=ModelState.IN_FORCE, review_on__lte=today).order_by(
            "pk"
        )
    ]
    for model in due:
        flag = registry[f"{model.collection}.flag_for_review"]
        flag(model, by=User.objects.the_sms(), at=at, via=Via.JOB, reason=OVERDUE)
    return len(due)


def _reviewed(model: CaseModel, next_review: date | None, at: datetime) -> None:
    today = timezone.localdate(at)
    if next_review and next_review <= today:
        raise Invalid({"next_review": ["The next review lies in the future."]})
    model.review_on = next_review or today + USUAL
    model.review_because = ""
