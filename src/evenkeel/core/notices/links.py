"""Links by mail to choose a password: asked for by whoever forgot theirs, or an invitation.

The link is made when the mail is sent, so no queue and no log ever holds it. It ends after three
days, with the first use, and with every other change of the password.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from evenkeel.core.jobs import job
from evenkeel.core.notices import addresses, names
from evenkeel.core.notices.posting import NoMailbox, hand_over, one_line
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within

_SUBJECTS = {"reset": "Choose a new password", "invite": "Your account in Evenkeel"}


@job
def send_link(person: int, reason: str) -> None:
    """Send somebody a link to choose a password; tried again while the mail server fails."""
    account = User.objects.get(pk=person)
    if not account.is_active or not account.email or not settings.EMAIL_HOST:
        return
    shown = {"person": account, "link": link(account), "days": settings.PASSWORD_RESET_DAYS}
    message = EmailMessage(
        one_line(_SUBJECTS[reason]),
        render_to_string(f"mail/{reason}.txt", shown),
        to=[account.email],
        headers={
            "Message-ID": names.message_id(names.ACCOUNT, account.pk),
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        hand_over(message)
    except NoMailbox as fault:  # however often it is tried
        addresses.keep(account, account.email, str(fault), timezone.now())


def link(account: User) -> str:
    """Where this person, and nobody else, chooses a password."""
    key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
    return f"{settings.EVENKEEL_URL}/accounts/password/reset/key/{key}/"


def _on_action(record: Record, entry: Entry) -> None:
    if entry.verb == "people.invite":
        send_link.defer(person=record.user_id, reason="invite")  # type: ignore[attr-defined]


within.append(_on_action)
