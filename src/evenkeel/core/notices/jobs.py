"""Work for later: to tell those who are to be told, and to send the mails that are due."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from evenkeel.core.jobs import every, job
from evenkeel.core.notices import letters, posting, spreading
from evenkeel.core.notices.models import Bounce, Notice
from evenkeel.core.records.entry import Entry
from evenkeel.core.schemes import retention


@job
def spread(entry: int) -> None:
    """Tell of an entry those whom it concerns."""
    found = Entry.objects.select_related("record", "actor").get(pk=entry)
    notices = spreading.spread(found, timezone.now())
    if any(notice.mail == Notice.Mail.WAITING for notice in notices):
        ask_for_mail()


@job
def send_mail() -> None:
    """Send the mails that are due; one that fails is due again, later each time."""
    posting.send_due(timezone.now())


@job
def send_letters() -> None:
    """Send suppliers what they are told; what is not taken is due again, later each time."""
    letters.send_due(timezone.now())


def ask_for_mail() -> None:
    """Let the mails that are due be sent soon; one such job that waits is enough."""
    try:
        with transaction.atomic():
            send_mail.configure(queueing_lock="core.send_mail").defer()
    except AlreadyEnqueued:
        pass


@every("* * * * *")
def send_due_mail() -> None:
    """Send the mails whose time has come: after a failure, after quiet hours, once a day."""
    posting.send_due(timezone.now())
    letters.send_due(timezone.now())


@every("37 3 * * *")
def remove_old_notices() -> None:
    """Remove notices, and bounces, of long ago: a year, or what retention says."""
    now = timezone.now()
    kept = timedelta(days=retention.rules(now).days("notices"))
    Notice.objects.filter(made_at__lt=now - kept).delete()
    Bounce.objects.filter(at__lt=now - kept).delete()
