"""Notices by e-mail: whatever the mail server does, a mail is delayed, not lost.

A mail may reach somebody twice if the machine fails between the server's "taken" and our note of
it; it then bears the same Message-ID, by which mail programs know it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from evenkeel.core.notices import addresses, names
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.spreading import may_hear
from evenkeel.core.notices.wording import Said, said
from evenkeel.core.people.models import User

PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=5)  # as mail servers do
MOST = 50  # notices in one mail


class Undeliverable(Exception):
    """The server will not take this mail, however often it is asked."""


class NoMailbox(Undeliverable):
    """There is nobody at this address who takes mail."""


class Busy(Exception):
    """This mail was not taken now."""


class Unreachable(Exception):
    """The server takes no mail at all now."""


def send_due(now: datetime) -> None:
    """Send what is due, a mail for each person; a server that fails is left alone for a while."""
    if not settings.EMAIL_HOST or _failed_lately(now):
        return
    due = Notice.objects.filter(mail=Notice.Mail.WAITING, mail_due_at__lte=now)
    for recipient in list(due.order_by("recipient").values_list("recipient", flat=True).distinct()):
        if not _send_to(recipient, now):
            return


def _failed_lately(now: datetime) -> bool:
    """Several jobs that each wait for a dead server would keep all others waiting."""
    waiting = Notice.objects.filter(mail=Notice.Mail.WAITING, mail_tried_at__gt=now - PAUSE / 2)
    return waiting.filter(mail_fault__startswith=_UNREACHABLE).exists()


_UNREACHABLE = "No mail server: "


def _send_to(recipient: int, now: datetime) -> bool:
    """Send somebody what is due to them; False when the server takes no mail at all."""
    with transaction.atomic():
        due = _locked(recipient, now)
        hear = [n for n in due if may_hear(n.recipient, n.entry, n.told_as)]
        _keep([n for n in due if n not in hear], Notice.Mail.WITHHELD, now)
        if not hear:
            return True
        try:
            _send(hear[0].recipient, said(hear))
        except Undeliverable as fault:
            _keep(hear, Notice.Mail.FAILED, now, str(fault))
            if isinstance(fault, NoMailbox):
                addresses.keep(hear[0].recipient, hear[0].recipient.email, str(fault), now)
        except Busy as fault:
            _later(hear, now, str(fault))
        except Unreachable as fault:
            _later(hear, now, f"{_UNREACHABLE}{fault}")
            return False
        else:
            _keep(hear, Notice.Mail.SENT, now)
        return True


def _locked(recipient: int, now: datetime) -> list[Notice]:
    """What is due to somebody, unless another worker has it in hand."""
    due = Notice.objects.filter(recipient=recipient, mail=Notice.Mail.WAITING, mail_due_at__lte=now)
    taken = due.select_for_update(skip_locked=True, of=("self",))
    return list(taken.select_related("recipient", "record", "entry__actor").order_by("pk")[:MOST])


def _keep(notices: Sequence[Notice], mail: str, now: datetime, fault: str = "") -> None:
    for notice in notices:
        notice.mail, notice.mail_tried_at, notice.mail_fault = mail, now, fault[:200]
        notice.mail_tries += 1
        notice.save(update_fields=["mail", "mail_tried_at", "mail_fault", "mail_tries"])


def _later(notices: Sequence[Notice], now: datetime, fault: str) -> None:
    """Try again after a pause that grows; after five days it has failed."""
    for notice in notices:
        given_up = now - notice.made_at > GIVEN_UP_AFTER
        notice.mail_due_at = now + min(PAUSE * 4 ** min(notice.mail_tries, 6), LONGEST_PAUSE)
        notice.save(update_fields=["mail_due_at"])
        _keep([notice], Notice.Mail.FAILED if given_up else Notice.Mail.WAITING, now, fault)


def _send(recipient: User, told: list[Said]) -> None:
    """Raises Undeliverable, Busy or Unreachable with the words of the server."""
    hand_over(message(recipient, told))


def hand_over(mail: EmailMessage) -> None:
    """To the server. Raises Undeliverable, Busy or Unreachable with its words."""
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        code, text = next(iter(refused.recipients.values()))
        refusal = NoMailbox if 500 <= code < 600 else Busy
        raise refusal(_words(code, text)) from refused
    except SMTPDataError as refused:
        raise _refusal(refused.smtp_code)(
            _words(refused.smtp_code, refused.smtp_error)
        ) from refused
    except (SMTPException, OSError) as fault:
        raise Unreachable(one_line(str(fault)) or type(fault).__name__) from fault


def _refusal(code: int) -> type[Exception]:
    return Undeliverable if 500 <= code < 600 else Busy


def _words(code: int, text: bytes | str) -> str:
    return one_line(f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}")


def message(recipient: User, told: list[Said]) -> EmailMultiAlternatives:
    """One mail with all that is told, as text and as HTML."""
    subject = told[0].sentence if len(told) == 1 else f"{len(told)} notices from Evenkeel"
    shown = {"recipient": recipient, "told": told, "address": settings.EVENKEEL_URL}
    made = EmailMultiAlternatives(
        one_line(subject),
        render_to_string("mail/notices.txt", shown),
        to=[recipient.email],
        headers={
            "Message-ID": names.message_id(names.NOTICE, told[0].notice.pk),
            "References": f"<{told[0].notice.record.number}@{names.domain()}>",
            "Auto-Submitted": "auto-generated",  # so that no absence notice answers
        },
    )
    made.attach_alternative(render_to_string("mail/notices.html", shown), "text/html")
    return made


def one_line(text: str) -> str:
    """Without line breaks and signs that cannot be printed: nothing of it can be a header."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
