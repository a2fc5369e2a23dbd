"""How many records of a kind were recorded on each day: where the n-th lies, without counting.

The database keeps the figures itself, by triggers, so that no way of writing escapes them. Their
sums are what a count would say at the same moment.
"""

import functools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, NamedTuple

from django.db import connection, models

from evenkeel.core.database import numbered
from evenkeel.core.records.confided import Hidden

# One day fits, so the limit only ends the adding there; sums of int are whole numbers of 64 bits.
_DAY_OF = """
SELECT day, before, records FROM (
    SELECT day, records,
        sum(records::int) OVER (PARTITION BY kind ORDER BY day {order}) - records AS before
    FROM {days} WHERE kind = %s
) AS days
WHERE before <= %s AND before + records > %s LIMIT 1
"""
# The days without what is hidden from somebody.
_SEEN = """(
    SELECT kind, day, records - coalesce(hidden, 0) AS records FROM core_daytally LEFT JOIN (
        SELECT (recorded_at AT TIME ZONE 'UTC')::date AS day, count(*) AS hidden
        FROM ({hidden}) AS kept GROUP BY 1
    ) AS hidden USING (day)
) AS seen"""


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


def given(kind: str, hidden: Hidden | None = None) -> tuple[int, int]:
    """How many of a kind were recorded, and how many of them are hidden from somebody."""
    sql, values = hidden.sql("count(*)") if hidden else ("SELECT 0", ())
    with numbered.cursor() as cursor:
        cursor.execute(_given(sql), [*values, kind])
        rows = cursor.fetchall()
    return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)


@functools.cache
def _given(hidden: str) -> str:
    asked = f"SELECT given, ({hidden}) FROM core_counter WHERE kind = %s"  # noqa: S608 (ours)
    return numbered.numbered(asked)


def stretch(
    kind: str, place: int, *, newest_first: bool, hidden: Hidden | None = None
) -> Stretch | None:
    """The day in which the record at this place (0 is the first) was recorded."""
    days: str = "core_daytally"
    values: tuple[Any, ...] = ()
    if hidden:
        sql, values = hidden.sql("kept.recorded_at")
        days = _SEEN.format(hidden=sql)
    query = _DAY_OF.format(order="DESC" if newest_first else "ASC", days=days)
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, kind, place, place])
        rows = cursor.fetchall()
    if not rows:
        return None
    day, before, records = rows[0]
    return Stretch(_midnight(day), _midnight(day + timedelta(days=1)), int(before), int(records))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
