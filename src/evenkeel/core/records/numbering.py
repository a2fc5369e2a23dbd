"""Numbers of records: one counter row per kind, so a number is never given twice or skipped."""

from typing import ClassVar

from django.db import connection, models


class Counter(models.Model):
    """How many numbers of a kind have been given."""

    kind = models.CharField(max_length=30, primary_key=True)
    given = models.BigIntegerField(default=0)

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(given__gte=0), name="counter_counts_up"),
        ]

    def __str__(self) -> str:
        return f"{self.given} of {self.kind}"


def take(kind: str, count: int = 1) -> int:
    """Take the next `count` numbers of a kind; answers the first of them.

    The counter row stays locked until the transaction ends: another writer waits, and a rollback
    gives the numbers back. So there are no duplicates and no gaps.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter AS c (kind, given) VALUES (%s, %s)"
            " ON CONFLICT (kind) DO UPDATE SET given = c.given + EXCLUDED.given"
            " RETURNING given",
            [kind, count],
        )
        (row,) = cursor.fetchall()
    return int(row[0]) - count + 1
