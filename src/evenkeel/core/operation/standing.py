"""How work stands: jobs, mails, thresholds, backups, space. Figures alone, of nobody."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from evenkeel.core.backups import keeping
from evenkeel.core.clocks.models import Clock
from evenkeel.core.jobs import LONG
from evenkeel.core.jobs.stalled import SILENT_FOR
from evenkeel.core.notices.models import Notice

_JOBS = """
SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
       count(*) FILTER (WHERE status = 'failed'),
       extract(epoch FROM now() - min(coalesce(scheduled_at, asked.at)) FILTER (
           WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()
           AND queue_name <> %s))::float
FROM procrastinate_jobs AS job
LEFT JOIN procrastinate_events AS asked ON asked.job_id = job.id AND asked.type = 'deferred'
WHERE status IN ('todo', 'doing', 'failed')
"""
_WORKERS = """
SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),
       extract(epoch FROM now() - max(last_heartbeat))::float
FROM procrastinate_workers
"""


class Jobs(NamedTuple):
    """What waits for a worker, is in hand, or was given up."""

    queued: int
    running: int
    failed: int
    oldest: float | None  # seconds that one waits whose time has come; not of the long ones


class Workers(NamedTuple):
    """Those that give signs of life, and the last sign of any."""

    alive: int
    silent_for: float | None  # seconds


class Waiting(NamedTuple):
    """What should be done by now and is not."""

    many: int
    oldest: float | None  # seconds past its time


def jobs() -> Jobs:
    """Of all queues."""
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, [LONG])
        return Jobs(*cursor.fetchone())


def workers() -> Workers:
    """On every machine; they share a database."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, [SILENT_FOR])
        return Workers(*cursor.fetchone())


def mails() -> Waiting:
    """Notices that wait to be mailed, quiet hours and pauses after a failure included."""
    return _waiting(Notice.objects.filter(mail=Notice.Mail.WAITING), "mail_due_at")


def mails_not_taken() -> int:
    """Those of them that the mail server did not take when they were tried last."""
    return Notice.objects.filter(mail=Notice.Mail.WAITING).exclude(mail_fault="").count()


def thresholds() -> Waiting:
    """Thresholds of targets that have passed and nobody was told of yet."""
    return _waiting(Clock.objects.filter(next_at__lte=timezone.now()), "next_at")


def backup_age() -> timedelta | None:
    """Of the last good backup, if there is one."""
    found = keeping.last()
    return timezone.now() - found.made_at if found else None


def free_space() -> int:
    """Bytes that are left for attachments."""
    folder = Path(settings.MEDIA_ROOT)  # made with the first file
    return shutil.disk_usage(folder if folder.exists() else settings.EVENKEEL_HOME).free


def memory(process: int) -> int | None:
    """Bytes of memory that a process holds, shared ones included; None where that is not told."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return None
    return int(pages) * 4096


def _waiting(rows: "models.QuerySet[Any]", column: str) -> Waiting:
    first: datetime | None = rows.order_by(column).values_list(column, flat=True).first()
    late = max((timezone.now() - first).total_seconds(), 0.0) if first else None
    return Waiting(rows.count(), late)
