"""A mail to whoever was signed in from a device that is not known: they know whether it was they.

It is sent at once and to everybody with an address, whatever they chose for notices. What it says
stands in the trail of the door, too.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from evenkeel.core.jobs import job
from evenkeel.core.notices import addresses, names
from evenkeel.core.notices.posting import NoMailbox, hand_over, one_line
from evenkeel.core.people import manner
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry

SUBJECT = "A sign-in from a new device"


@job
def tell_of_device(entry: int) -> None:
    """Tell somebody of a sign-in from a new device; tried again while the mail server fails."""
    found = AccessEntry.objects.select_related("person").filter(pk=entry).first()
    if found is None or found.person is None or not is_told(found.person):
        return
    reads = manner.of(found.person.language, found.person.time_zone)
    shown = {
        "person": found.person,
        "at": f"{reads.exact(found.at)} {reads.here(found.at):%Z}",
        "device": found.device or "unknown",
        "address": found.address or "unknown",
        "page": f"{settings.EVENKEEL_URL}/accounts/sessions/",
    }
    message = EmailMessage(
        one_line(SUBJECT),
        render_to_string("mail/device.txt", shown),
        to=[found.person.email],
        headers={
            "Message-ID": names.message_id(names.ACCOUNT, found.person.pk),
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        hand_over(message)
    except NoMailbox as fault:  # however often it is tried
        addresses.keep(found.person, found.person.email, str(fault), timezone.now())


def is_told(person: User) -> bool:
    """Can this person be told by mail?"""
    return bool(person.is_active and person.email and settings.EMAIL_HOST)
