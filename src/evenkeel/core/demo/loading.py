"""Fills an empty database with the people of the demonstration and what each process adds."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evenkeel.core.demo.people import record_people
from evenkeel.core.demo.replies import record_replies
from evenkeel.core.demo.scope import decide_scope
from evenkeel.core.process import demonstrations, endings


@transaction.atomic
def load(now: datetime | None = None) -> None:
    """Load the whole demonstration as it stands at a moment, the same for every load."""
    moment = now or timezone.now()
    people = record_people(at=moment)
    record_replies(people, at=moment)
    decide_scope(people, at=moment)
    for fill in (*demonstrations, *endings):
        fill(people, moment)
