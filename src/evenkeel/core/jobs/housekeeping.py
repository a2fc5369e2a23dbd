"""What has to be tidied up so that the database does not fill with what nobody needs."""

from importlib import import_module

from django.conf import settings
from django.db import connection
from django.utils import timezone

from evenkeel.core.clocks import days_off, thresholds
from evenkeel.core.jobs.declaring import LONG, every, long_job
from evenkeel.core.records import checkpoints, presence
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within
from evenkeel.core.schemes import retention
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.search import learning

_LONE_FAULTS = """
DELETE FROM core_jobfault AS fault
WHERE NOT EXISTS (SELECT FROM procrastinate_jobs WHERE id = fault.job)
"""
_OLD_FAILURES = """
DELETE FROM procrastinate_jobs WHERE status IN ('failed', 'cancelled') AND NOT EXISTS (
    SELECT FROM procrastinate_events AS event
    WHERE event.job_id = procrastinate_jobs.id AND event.at > now() - make_interval(days => %s)
)
"""


@every("17 3 * * *")
def remove_expired_sessions() -> None:
    """Remove the sessions of people who did not come back."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@every("31 3 * * *")
def forget_presence() -> None:
    """Forget who had which record open until yesterday."""
    presence.forget(timezone.now())


@every("27 3 * * *")
def remove_old_failures() -> None:
    """Remove jobs that failed or were given up long ago: thirty days, or what retention says."""
    days = retention.rules(timezone.now()).days("job_failures")
    with connection.cursor() as cursor:
        cursor.execute(_OLD_FAILURES, [days])
        cursor.execute(_LONE_FAULTS)


@every("23 * * * *", LONG)
def seal_chains() -> None:
    """Seal how far every chain of entries has come, so that a cut end shows."""
    if (up_to := checkpoints.settled()) is not None:
        checkpoints.seal(up_to)


@every("* * * * *")
def learn_words() -> None:
    """Learn the words of new texts, so that the search knows beginnings and forgives errors."""
    learning.learn()


@every("* * * * * */20")
def tell_thresholds() -> None:
    """Warn of targets that are nearly over, and say which are breached."""
    thresholds.tell_all()


@every("50 2 * * *", LONG)
def read_feeds() -> None:
    """Read the feeds of days off; where one names others, a version of the calendars is drafted."""
    days_off.read_feeds(timezone.now(), private=settings.PRIVATE_FEEDS)


@long_job
def read_new_feeds() -> None:
    """The same as soon as somebody named a feed that was never read."""
    days_off.read_feeds(timezone.now(), private=settings.PRIVATE_FEEDS)


def _hear(record: Record, entry: Entry) -> None:
    if entry.verb == "schemes.draft" and isinstance(record, Scheme) and days_off.unread(record):
        read_new_feeds.defer()


within.append(_hear)
