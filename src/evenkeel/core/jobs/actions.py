"""What people may do to a job: let it be tried again now, or give it up. Each is in the trail."""

from django.db import IntegrityError, connection, transaction

from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.rules import Denied
from evenkeel.core.rules.permissions import sms_manager, sms_owner

_keepers = (sms_owner | sms_manager).named("the SMS owner or the SMS manager")
_LOCKED = "SELECT task_name, status::text FROM procrastinate_jobs WHERE id = %s FOR UPDATE"
_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_NOW = "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE id = %s"
_NEVER = "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s"


class NotNow(Exception):
    """The job is in no state for this; the message says why."""


def may(user: User) -> bool:
    """May this user do either?"""
    return user.is_active and _keepers.everywhere(user)


def try_again(job: int, *, by: User, visitor: Visitor) -> str:
    """Let it be tried again now, whether it was given up or waits for its time."""
    return _do(job, by, visitor, {"failed": _AGAIN, "todo": _NOW}, "tried again")


def give_up(job: int, *, by: User, visitor: Visitor) -> str:
    """Let it be tried no more."""
    return _do(job, by, visitor, {"failed": _NEVER, "todo": _NEVER}, "given up")


VERBS = {"try_again": try_again, "give_up": give_up}


def _do(job: int, by: User, visitor: Visitor, ways: dict[str, str], what: str) -> str:
    """The name of the job. Raises Denied or NotNow."""
    if not may(by):
        raise Denied(_keepers(by, None).reason)  # type: ignore[arg-type]  # it is of no record
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LOCKED, [job])
            name, state = cursor.fetchone() or ("", "")
            if state not in ways:
                raise NotNow(_why_not(job, state))
            cursor.execute(ways[state], [job])
            trail.append(Kind.JOB, visitor, person=by, said=f"{name} {job} {what}")
    except IntegrityError:
        said = f"The next {name} waits already and does the same; give this one up."
        raise NotNow(said) from None
    return str(name)


def _why_not(job: int, state: str) -> str:
    if state == "doing":
        return f"Job {job} is being done now, or waits to be taken from a worker that fell."
    return f"There is no job {job} that waits or failed; it may be done by now."
