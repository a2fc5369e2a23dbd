"""What a person sees of announcements and of the reviews of major incidents, and their report."""

from datetime import datetime
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.web import words
from evenkeel.core.web.reports import Report, Section
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import chronicle
from evenkeel.processes.incidents.models import Announcement, MajorIncidentReview
from evenkeel.processes.incidents.queries.seams import OF_REVIEWS
from evenkeel.processes.incidents.screens import panels

Panel = tuple[str, str, dict[str, Any]]


def timeline(review: MajorIncidentReview, reader: User) -> Panel | None:
    """The course of the incident, minute by minute; as it was when the review was approved."""
    lines = [(words.exact(moment), who, what) for moment, who, what in _course(review)]
    return ("Timeline", "incidents/timeline.html", {"lines": lines}) if lines else None


def report(review: MajorIncidentReview, reader: User) -> Report:
    """The major incident review report (PR9.6)."""
    incident = review.about
    facts = [
        ("Major incident", f"{incident.number} {incident.title}"),
        ("Declared", _said(incident.declared_at, incident.declared_by)),
        ("Criteria met", ", ".join(incident.major_because.get("criteria", [])) or "none"),
        ("Coordinator", str(incident.coordinator or "–")),
        ("Restored", _said(incident.restored_at)),
        ("Services", ", ".join(queries.hurt_services(incident)) or "–"),
        ("Reports", str(1 + len(queries.joined(incident)))),
        ("Submitted by", str(review.submitted_by or "–")),
        ("Approved", _said(review.approved_at, review.approved_by)),
    ]
    tasks = review.tasks.select_related("assigned_to").order_by("pk")
    actions = [(task.title, str(task.assigned_to or "–"), _said(task.due_at)) for task in tasks]
    course = [(words.exact(moment), who, what) for moment, who, what in _course(review)]
    texts = [
        Section("Impact", review.effect),
        Section("Cause", review.cause),
        Section("Solution", incident.solution),
        Section("What went well", review.went_well),
        Section("What went badly", review.went_badly),
    ]
    tables = [
        Section("Actions", "", ("Action", "Who", "By"), actions),
        Section("Timeline", "", ("When", "Who", "What"), course),
    ]
    return Report(review.title, facts, [*texts, *tables])


def _course(review: MajorIncidentReview) -> list[tuple[datetime, str, str]]:
    """As it was approved; before, as it is now."""
    is_final = review.approved_at is not None
    lines = review.timeline if is_final else chronicle.lines(review.about)
    return [(datetime.fromisoformat(at), who, what) for at, who, what in lines]


def _said(moment: datetime | None, who: User | None = None) -> str:
    if moment is None:
        return "–"
    return f"{words.exact(moment)}, by {who}" if who else words.exact(moment)


REVIEW = Screen(
    MajorIncidentReview,
    columns=("number", "title", "state", "case_owner", "due_at", "approved_at", "recorded_at"),
    filters=("state", "case_owner", "approved_by"),
    groups=(
        Group("Review", ("about", "case_owner", "due_at")),
        Group("What is learnt", ("effect", "cause", "went_well", "went_badly")),
        Group("Approval", ("submitted_by", "approved_by", "approved_at")),
    ),
    below=(timeline,),
    later=tuple(panels.seam(one, "comment") for one in OF_REVIEWS),
    report=report,
)
ANNOUNCEMENT = Screen(
    Announcement,
    columns=("number", "title", "state", "service", "case_owner", "due_at", "recorded_at"),
    filters=("state", "service", "organisation", "is_breached"),
    groups=(
        Group("Announcement", ("text", "service", "organisation", "about", "case_owner", "due_at")),
    ),
)
