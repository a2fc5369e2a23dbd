"""What is looked at while it runs: sound or not, and a sentence. Nothing of it is secret or of
anybody; yet all but the first two are for those who answer for the installation."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from evenkeel.core.backups.keeping import OLD_AFTER
from evenkeel.core.database import tables
from evenkeel.core.jobs.stalled import SILENT_FOR
from evenkeel.core.operation import standing

Looked = tuple[bool, str]
LATE = timedelta(minutes=10)  # for a job whose time has come
LEAST_SPACE = 1_000_000_000  # bytes


def database() -> Looked:
    """Does it answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as fault:
        return False, f"does not answer ({type(fault).__name__})."
    return True, "answers."


def migrations() -> Looked:
    """Is it made for this version of the software?"""
    if pending := tables.pending():
        return False, f"{len(pending)} are missing; `evenkeel run` makes them."
    return True, "all are applied."


def worker() -> Looked:
    """Does anybody do the jobs?"""
    alive, silent_for = standing.workers()
    if not alive:
        last = f"for {span(silent_for)}" if silent_for is not None else "yet"
        return False, f"none has given a sign of life {last}; see the log of the worker."
    return True, f"{alive} at work, within the last {SILENT_FOR:.0f} seconds."


def jobs() -> Looked:
    """Do they get done?"""
    found = standing.jobs()
    if found.oldest is not None and found.oldest > LATE.total_seconds():
        return False, f"the oldest of {found.queued} has waited for {span(found.oldest)}."
    if found.failed:
        return False, f"{found.failed} failed; see why, and try again or give up."
    return True, f"{found.queued} wait, {found.running} running."


def thresholds() -> Looked:
    """Are those who must hear of a target that is nearly over told in time?"""
    late = standing.thresholds()
    if late.oldest is not None and late.oldest > LATE.total_seconds():
        return False, f"{late.many} passed and untold, the first for {span(late.oldest)}."
    return True, "told in time."


def mail() -> Looked:
    """Do the notices get out?"""
    waiting, refused = standing.mails(), standing.mails_not_taken()
    if not settings.EMAIL_HOST:
        return True, "none is sent from here; EVENKEEL_MAIL_URL names no server."
    if refused:
        return (
            False,
            f"{refused} of {waiting.many} were not taken by the server; tried again later.",
        )
    if waiting.oldest is not None and waiting.oldest > LATE.total_seconds():
        return False, f"{waiting.many} wait, the oldest for {span(waiting.oldest)}."
    return True, f"{waiting.many} wait."


def backup() -> Looked:
    """Is the last good one young?"""
    if not settings.BACKUPS_KEPT:
        return True, "none by the timetable; EVENKEEL_BACKUPS_KEPT is 0."
    age = standing.backup_age()
    if age is None:
        return False, "there is none yet; the worker makes one every night."
    return age < OLD_AFTER, f"the last is {span(age.total_seconds())} old."


def space() -> Looked:
    """Is there room for attachments?"""
    free = standing.free_space()
    said = f"{free / 1e9:.1f} GB are free for attachments"
    return free >= LEAST_SPACE, f"{said}." if free >= LEAST_SPACE else f"only {said}; make room."


def span(seconds: float) -> str:
    """In the largest unit that says something."""
    for name, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}"
    return f"{seconds:.0f} seconds"


# Without these it cannot serve; the others say what somebody should look after.
READY: dict[str, Callable[[], Looked]] = {"database": database, "migrations": migrations}
SOUND: dict[str, Callable[[], Looked]] = {
    "worker": worker,
    "jobs": jobs,
    "thresholds": thresholds,
    "mail": mail,
    "backup": backup,
    "space": space,
}


def ready() -> dict[str, Looked]:
    """What it cannot do without, up to the first that is missing."""
    found = {}
    for name, look in READY.items():
        found[name] = look()
        if not found[name][0]:
            break
    return found


def sound() -> dict[str, Looked]:
    """The rest, where the database answers."""
    return {name: look() for name, look in SOUND.items()}
