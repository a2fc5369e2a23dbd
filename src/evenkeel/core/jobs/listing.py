"""What the worker has to do, does and failed at."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from evenkeel.core.jobs.declaring import timetable
from evenkeel.core.jobs.stalled import SILENT_FOR


class Waiting(NamedTuple):
    """A job that is not done."""

    id: int
    name: str
    state: str  # queued, running, stalled or failed
    attempts: int
    since: datetime  # its last change of state
    asked_at: datetime | None
    due_at: datetime | None  # when it is tried, where that is to come
    said: str  # why it failed the last time

    @property
    def may_be_tried(self) -> bool:
        """Would it make a difference to try it now?"""
        return self.state == "failed" or (self.state == "queued" and self.due_at is not None)

    @property
    def may_be_given_up(self) -> bool:
        """Has no worker got it?"""
        return self.state in {"queued", "failed"}


class Line(NamedTuple):
    """A line of the timetable, and when it was last due."""

    name: str
    cron: str
    does: str
    last_due: datetime | None


_JOBS = """
SELECT job.id, job.task_name,
       CASE WHEN job.status = 'todo' THEN 'queued'
            WHEN job.status = 'failed' THEN 'failed'
            WHEN worker.last_heartbeat > now() - make_interval(secs => %s) THEN 'running'
            ELSE 'stalled' END,
       job.attempts,
       event.last, event.first,
       CASE WHEN job.status = 'todo' AND job.scheduled_at > now() THEN job.scheduled_at END,
       CASE WHEN fault.said IS NOT NULL THEN fault.said
            WHEN job.status = 'failed' THEN 'Its worker fell each time.' ELSE '' END
FROM procrastinate_jobs AS job
LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
LEFT JOIN core_jobfault AS fault ON fault.job = job.id
LEFT JOIN LATERAL (
    SELECT min(at) AS first, max(at) AS last FROM procrastinate_events WHERE job_id = job.id
) AS event ON true
WHERE job.status IN ('todo', 'doing', 'failed')
ORDER BY job.id DESC LIMIT %s
"""


def not_done(limit: int = 100) -> list[Waiting]:
    """The newest jobs that are queued, running, stalled or failed."""
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, [SILENT_FOR, limit])
        return [Waiting(*row) for row in cursor.fetchall()]


def lines() -> Iterator[Line]:
    """The timetable, in the order of its names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY 1"
        )
        last = dict(cursor.fetchall())
    for name, timed in sorted(timetable.items()):
        due = last.get(name)
        yield Line(name, timed.cron, timed.does, datetime.fromtimestamp(due, UTC) if due else None)
