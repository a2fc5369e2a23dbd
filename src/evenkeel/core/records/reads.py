"""That somebody read a restricted record (R-05), in the trail of the door."""

from datetime import timedelta

from django.utils import timezone

from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind, Visitor
from evenkeel.core.records.record import Record

ANEW = timedelta(minutes=15)  # a page asks for its parts, and is looked at again after each verb


def note(record: Record, reader: User | None, visitor: Visitor, *, what: str = "") -> None:
    """Write it down: once in a quarter of an hour, of a file each time."""
    if not record.is_restricted:
        return
    now, said = timezone.now(), f"{record.number}{what and f': {what}'}"
    lately = AccessEntry.objects.filter(kind=Kind.READ, person=reader, at__gt=now - ANEW)
    if what or not lately.filter(said=said).exists():
        trail.append(Kind.READ, visitor, person=reader, said=said, at=now)
