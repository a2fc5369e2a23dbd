"""Who has the page of a record open just now, and who is writing there: known for a minute.

It is no evidence and nobody's history: a row for each person and record, written over again and
again, and gone the next day.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import connection, models

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record

SEEN_FOR = timedelta(seconds=50)  # a page tells every twenty that it is open
KEPT_FOR = timedelta(days=1)
MOST = 5  # names that are said
_SEEN = """
    INSERT INTO core_presence (record_id, person_id, seen_at, is_writing) VALUES (%s, %s, %s, %s)
    ON CONFLICT (record_id, person_id)
    DO UPDATE SET seen_at = excluded.seen_at, is_writing = excluded.is_writing
"""


class Presence(models.Model):
    """This person has this record open."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField()
    is_writing = models.BooleanField(default=False)

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "person"], name="one_presence_each"),
        ]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="presence_by_age")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.record_id}"


def note(record: Record, person: User, at: datetime, *, is_writing: bool) -> None:
    """They have it open, and write there or only read."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [record.pk, person.pk, at, is_writing])


def others(record: Record, person: User, at: datetime) -> list[Presence]:
    """Who else has it open, those who write first."""
    there = Presence.objects.filter(record=record.pk, seen_at__gt=at - SEEN_FOR)
    others = there.exclude(person=person.pk).select_related("person")
    return list(others.order_by("-is_writing", "person__full_name", "person_id")[:MOST])


def forget(at: datetime) -> None:
    """Remove what is older than a day."""
    Presence.objects.filter(seen_at__lt=at - KEPT_FOR).delete()
