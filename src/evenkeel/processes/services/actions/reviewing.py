"""What services and agreements have alike: a day on which somebody looks at them again."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.db.models import F
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Asked, Invalid, registry
from evenkeel.processes.services.models import Agreement, Service

Given = dict[str, Any]
USUAL = timedelta(days=365)  # until the next review, where nobody says another day
Finding = Annotated[str, Asked("Finding", "What was looked at, and what follows.", long=True)]
Next = Annotated[date | None, Asked("Next review", "A year from now if empty.")]


def review(
    record: Service | Agreement,
    *,
    by: User,
    at: datetime,
    finding: Finding,
    next_review: Next = None,
) -> Given:
    """Say that it was looked at and what was found; “it holds as it is” is a finding, too."""
    today = timezone.localdate(at)
    if next_review and next_review <= today:
        raise Invalid({"next_review": ["The next review lies in the future."]})
    due, record.review_on = record.review_on, next_review or today + USUAL
    return {"finding": finding, "was_due": str(due) if due else ""}


def remind(record: Service | Agreement, *, by: User, at: datetime) -> Given:
    """Tell whoever looks after it, once, that the day of its review has come."""
    if not record.is_due(timezone.localdate(at)) or record.reminded_for == record.review_on:
        raise Invalid({"": [f"Nobody has to be told of a review of {record.number} now."]})
    record.reminded_for = record.review_on
    return {"due": str(record.review_on)}


def remind_due(at: datetime) -> int:
    """Remind of every review whose day has come, and of each day once; says of how many."""
    by, today, told = User.objects.the_sms(), timezone.localdate(at), 0
    for kind in (Service, Agreement):
        due: Any = kind.objects.filter(is_open=True, review_on__lte=today)
        for found in due.exclude(reminded_for=F("review_on")).order_by("pk"):
            registry[f"{kind.collection}.remind"](found, by=by, at=at, via=Via.JOB)
            told += 1
    return told
