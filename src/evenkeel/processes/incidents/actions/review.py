"""The verbs of the review of a major incident: write it, submit it, approve it (PR9.6)."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import Actions, Asked, Invalid, confiding, registry
from evenkeel.processes.incidents import lifecycle, permissions
from evenkeel.processes.incidents.actions import chronicle, closing, criteria
from evenkeel.processes.incidents.models import Incident, MajorIncidentReview

Given = dict[str, Any]
Which = Annotated[Incident, Asked("Major incident", "Its number, e.g. INC-7.")]

action = Actions(
    MajorIncidentReview,
    lifecycle.REVIEW,
    permissions.REVIEW,
    visible=permissions.INSIDE,
    inside=permissions.INSIDE,
    confided=permissions.CONFIDED,
)
confiding.followers[MajorIncidentReview.kind()] = "about"


@action(fields=True)
def record(review: MajorIncidentReview, *, by: User, at: datetime, incident: Which) -> Given:
    """Begin the review of a major incident; resolving one does it by itself."""
    if not incident.is_major:
        raise Invalid({"incident": [f"{incident.number} is no major incident."]})
    if MajorIncidentReview.objects.filter(about=incident).exists():
        raise Invalid({"incident": [f"{incident.number} has a review already."]})
    review.about = incident
    confiding.follow(review, incident)
    review.title = review.title or f"Review of {incident.number} {incident.title}"[:200]
    review.requester = None
    review.case_owner = incident.coordinator or incident.case_owner
    review.due_at = _due(incident.resolved_at or at, at)
    return {"incident": incident.number}


@action
def submit(review: MajorIncidentReview, *, by: User, at: datetime) -> Given:
    """It is complete: what happened, why, what was learnt, and what is done about it."""
    actions = Task.objects.filter(record_id=review.pk)
    if not actions.exists():
        raise Invalid({"": ["Agree on an action first: a task with a name and a date."]})
    adrift = actions.filter(Q(assigned_to=None) | Q(due_at=None)).order_by("pk")
    if titles := ", ".join(f"“{task.title}”" for task in adrift):
        raise Invalid({"": [f"Say who does it and by when: {titles}."]})
    review.submitted_by = by
    review.timeline = chronicle.lines(review.about)
    return {}


@action
def send_back(
    review: MajorIncidentReview,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", "What is missing.", long=True)],
) -> Given:
    """Something is missing in it."""
    review.approved_by = review.approved_at = None
    return {"reason": reason}


@action
def approve(review: MajorIncidentReview, *, by: User, at: datetime) -> Given:
    """It is right and complete; the incident can be closed. Its timeline is kept as it is now."""
    review.approved_by, review.approved_at = by, at
    review.timeline = chronicle.lines(review.about)
    return {"lines": len(review.timeline)}


def begin(incident: Incident, *, at: datetime) -> None:
    """Begin the review of what is resolved; what was reviewed before is looked at again."""
    if incident._state.adding or not incident.is_major:
        return
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": at, "via": Via.JOB}
    review = MajorIncidentReview.objects.filter(about=incident).first()
    if review is None:
        registry["major_reviews.record"](MajorIncidentReview(), **how, incident=incident)
    elif review.state == "approved":
        reason = f"{incident.number} was reopened and is resolved anew."
        registry["major_reviews.send_back"](review, **how, reason=reason)


def demand_approved(incident: Incident, by: User) -> None:
    """Raise Invalid where a major incident is to be closed before its review is approved."""
    if not incident.is_major or incident._state.adding:
        return
    review = MajorIncidentReview.objects.filter(about=incident).first()
    if review and review.state == "approved":
        return
    if by.pk == incident.requester_id:
        why = "Thank you. We close it when we have reviewed what happened."
    else:
        known = f"its review {review.number} is" if review else "it has a review that is"
        why = f"A major incident is closed when {known} approved."
    raise Invalid({"": [why]})


def _due(resolved_at: datetime, at: datetime) -> datetime:
    version = criteria.scheme(at)
    days = version.read.review_days if version else 10
    return closing.after_working_days(resolved_at, days, closing.calendar_in_force(at))
