"""Personal data that goes by itself: after an erasure, and when its time is over."""

import logging
from datetime import timedelta

from django.utils import timezone

from evenkeel.core.jobs import LONG, every, long_job
from evenkeel.core.people import trail
from evenkeel.core.privacy import erasing, retention
from evenkeel.core.privacy.models import Erasure
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within
from evenkeel.core.schemes import retention as schemes

_log = logging.getLogger(__name__)


@long_job
def go_through(person: int) -> None:
    """Take somebody who was erased out of every text."""
    waiting = Erasure.objects.filter(person_id=person, done_at=None)
    for erasure in waiting.select_related("person", "person__user"):
        erasing.go_through(erasure)


@every("33 2 * * *", LONG)
def anonymise() -> None:
    """Take the people out of records that were closed long ago, as the retention rules say."""
    for fault in retention.anonymise(timezone.now()):
        _log.warning("Not anonymised: %s", fault)


@every("53 3 * * *")
def forget_sign_ins() -> None:
    """Remove what the door wrote down long ago, as the retention rules say."""
    now = timezone.now()
    if days := schemes.rules(now).days("sign_ins"):
        trail.forget(now - timedelta(days=days), at=now)


def _on_action(record: Record, entry: Entry) -> None:
    if entry.verb == "people.erase":
        go_through.defer(person=record.pk)


within.append(_on_action)
