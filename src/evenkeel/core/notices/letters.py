"""Mail to parties of the SMS that have no account: a supplier that a case waits for.

A verb says what is written, in its entry; beside it stands a letter with how its delivery goes.
Nothing is sent but the text of the entry, which was written for them.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction

from evenkeel.core.directory.models import Organisation
from evenkeel.core.notices import names
from evenkeel.core.notices.posting import (
    GIVEN_UP_AFTER,
    LONGEST_PAUSE,
    PAUSE,
    Busy,
    Undeliverable,
    Unreachable,
    hand_over,
    one_line,
)
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid

VERB = "tell_supplier"
AT_ONCE = 100


class Letter(models.Model):
    """One mail to one party about one entry, and how far it came."""

    class Mail(models.TextChoices):
        NONE = "none", "Not sent: it happened elsewhere"
        WAITING = "waiting", "Waits to be sent"
        SENT = "sent", "Taken by their mail server"
        FAILED = "failed", "Not delivered"
        BOUNCED = "bounced", "Came back"

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="letter")
    record = models.ForeignKey(Record, models.PROTECT, related_name="letters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    made_at = models.DateTimeField()
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.WAITING)
    due_at = models.DateTimeField()  # when it is tried, or tried again
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)  # what the mail server said

    class Meta:
        app_label = "core"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="letters_to_send", condition=models.Q(mail="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.address}"


def address_of(party: Organisation) -> str:
    """Where mail to it goes. Raises Invalid where nobody said."""
    person = party.contact_person
    found = party.email or (person.email if person and person.is_active else "")
    if not found:
        raise Invalid(
            {"": [f"{party.title} has no e-mail address; write one into {party.number}."]}
        )
    return found


def told(record: Record, party: Organisation, text: str) -> dict[str, Any]:
    """What the entry of a verb keeps of a letter: to whom, where, and each word of it."""
    return {
        "supplier": party.title,
        "organisation": party.pk,
        "to": address_of(party),
        "text": text,
    }


def write(record: Record, entry: Entry) -> bool:
    """Put the letter of an entry into the post, where it has one and it is of these days."""
    if not entry.verb.endswith(f".{VERB}"):
        return False
    given = entry.given
    silent = entry.via in {Via.DEMO, Via.IMPORT}
    Letter.objects.create(
        entry=entry,
        record_id=record.pk,
        organisation_id=given["organisation"],
        address=given["to"],
        subject=f"{record.number}: we wait for you",
        text=given["text"],
        made_at=entry.at,
        due_at=entry.at,
        mail=Letter.Mail.NONE if silent else Letter.Mail.WAITING,
    )
    return not silent


def send_due(now: datetime) -> None:
    """Send what is due, each by itself; a server that takes nothing is left alone for a while."""
    if not settings.EMAIL_HOST:
        return
    due = Letter.objects.filter(mail=Letter.Mail.WAITING, due_at__lte=now).order_by("due_at")
    for key in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        if not _send(key, now):
            return


def _send(key: int, now: datetime) -> bool:
    """False when the server takes no mail at all."""
    with transaction.atomic():
        taken = Letter.objects.select_for_update(skip_locked=True, of=("self",))
        letter = taken.filter(pk=key, mail=Letter.Mail.WAITING).select_related("record").first()
        if letter is None:  # another worker has it in hand
            return True
        try:
            hand_over(_message(letter))
        except Undeliverable as fault:
            _keep(letter, Letter.Mail.FAILED, now, str(fault))
        except (Busy, Unreachable) as fault:
            given_up = now - letter.made_at > GIVEN_UP_AFTER
            pause = min(PAUSE * 4 ** min(letter.tries, 6), LONGEST_PAUSE)
            _keep(letter, _STILL[given_up], now, str(fault), pause)
            return not isinstance(fault, Unreachable)
        else:
            _keep(letter, Letter.Mail.SENT, now)
        return True


_STILL = {True: Letter.Mail.FAILED, False: Letter.Mail.WAITING}


def _keep(
    letter: Letter, mail: str, now: datetime, fault: str = "", pause: timedelta = PAUSE
) -> None:
    letter.mail, letter.tried_at, letter.fault = mail, now, fault[:200]
    letter.tries, letter.due_at = letter.tries + 1, now + pause
    letter.save(update_fields=["mail", "tried_at", "fault", "tries", "due_at"])


def _message(letter: Letter) -> EmailMessage:
    return EmailMessage(
        one_line(letter.subject),
        letter.text,
        to=[letter.address],
        headers={
            "Message-ID": names.message_id(names.LETTER, letter.pk),
            "References": f"<{letter.record.number}@{names.domain()}>",
        },
    )
