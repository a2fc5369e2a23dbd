"""How many records of a kind were recorded on each day: where the n-th lies, without counting.

The database keeps the figures itself, by triggers, so that no way of writing escapes them. Their
sums are what a count would say at the same moment.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, NamedTuple

from django.db import connection, models

# One day fits, so the limit only ends the adding there; sums of int are whole numbers of 64 bits.
_DAY_OF = """
SELECT day, before, records FROM (
    SELECT day, records,
        sum(records::int) OVER (PARTITION BY kind ORDER BY day {order}) - records AS before
    FROM core_daytally WHERE kind = %s
) AS days
WHERE before <= %s AND before + records > %s LIMIT 1
"""


class DayTally(models.Model):
    """The records of a kind that were recorded on a day (UTC)."""

    kind = models.CharField(max_length=30)
    day = models.DateField()
    records = models.BigIntegerField()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "day"], name="one_tally_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.records} of {self.kind} on {self.day}"


class Stretch(NamedTuple):
    """The records of one day, and how many of the kind come before and are in it."""

    begins: datetime
    ends: datetime
    before: int
    records: int


def stretch(kind: str, place: int, *, newest_first: bool) -> Stretch | None:
    """The day in which the record at this place (0 is the first) was recorded."""
    query = _DAY_OF.format(order="DESC" if newest_first else "ASC")
    with connection.cursor() as cursor:
        cursor.execute(query, [kind, place, place])
        rows = cursor.fetchall()
    if not rows:
        return None
    day, before, records = rows[0]
    return Stretch(_midnight(day), _midnight(day + timedelta(days=1)), int(before), int(records))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
