"""Jobs: work that the worker does, later or by a timetable; kept in the database, as records are.

A job may run more than once (its worker was killed), so it must do no harm the second time. One
that changes a record calls an action, as `User.objects.the_sms()` and via `Via.JOB`.
"""

from evenkeel.core.jobs import housekeeping, reading, stalled  # noqa: F401  (declare what they do)
from evenkeel.core.jobs.declaring import LONG, USUAL, every, job, long_job, timetable

__all__ = ["LONG", "USUAL", "every", "job", "long_job", "timetable"]
