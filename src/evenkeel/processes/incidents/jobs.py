"""What the service desk does when the time has come."""

from django.utils import timezone

from evenkeel.core.jobs.declaring import every
from evenkeel.processes.incidents.actions import announcement, closing, major


@every("13 * * * *")
def close_unanswered() -> None:
    """Close what is done and whose user has not answered for so long as the rules allow."""
    closing.close_unanswered()


@every("* * * * *")
def tell_missing_coordinators() -> None:
    """Tell the process owner of major incidents that nobody coordinates in time."""
    major.tell_missing(timezone.now())


@every("* * * * *")
def remind_of_updates() -> None:
    """Remind whoever speaks for a major incident that those concerned wait for word."""
    announcement.remind_all(timezone.now())
