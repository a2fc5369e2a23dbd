"""Jobs whose worker was killed: they wait again, so that nothing is lost."""

from django.db import connection, transaction

from evenkeel.core.jobs.declaring import every

SILENT_FOR = 30.0  # seconds without a sign of life; a worker gives one every ten
MOST_ATTEMPTS = 5  # a job that took five workers with it is not given to a sixth

_STALLED = """
SELECT job.id, job.attempts, EXISTS (
    SELECT FROM procrastinate_jobs AS next
    WHERE next.queueing_lock = job.queueing_lock AND next.status = 'todo'
)
FROM procrastinate_jobs AS job
WHERE job.status = 'doing' AND NOT EXISTS (
    SELECT FROM procrastinate_workers AS worker
    WHERE worker.id = job.worker_id
      AND worker.last_heartbeat >= now() - make_interval(secs => %s)
)
FOR UPDATE OF job SKIP LOCKED
"""
_WAIT_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_FINISH = "SELECT procrastinate_finish_job_v1(%s, 'failed', %s)"


@every("* * * * *")
def requeue_stalled() -> None:
    """Give the jobs of workers that fell silent to others."""
    requeue(SILENT_FOR)


def requeue(silent_for: float) -> int:
    """Let the jobs of workers that were silent for so many seconds wait again; how many did."""
    waiting = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STALLED, [silent_for])
        for job, attempts, is_waiting in cursor.fetchall():
            if is_waiting:  # a job of the timetable, whose next time has come
                cursor.execute(_FINISH, [job, True])
            elif attempts >= MOST_ATTEMPTS:
                cursor.execute(_FINISH, [job, False])
            else:
                cursor.execute(_WAIT_AGAIN, [job])
                waiting += 1
    return waiting
