"""Notice: that somebody is told of an entry; its words are read from the entry. Bounce: beside."""

from typing import ClassVar

from django.db import models

from evenkeel.core.notices.telling import As
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record


class Notice(models.Model):
    """One person is told of one entry: on the page, and as far as they wish by e-mail."""

    class Mail(models.TextChoices):
        NONE = "none", "On the page only"
        WAITING = "waiting", "E-mail waits"
        SENT = "sent", "E-mail sent"
        FAILED = "failed", "E-mail failed"
        BOUNCED = "bounced", "E-mail came back"
        WITHHELD = "withheld", "Withheld: may no longer see it"

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="notices")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="notices")
    told_as = models.CharField(max_length=12, choices=As.choices)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.NONE)
    mail_due_at = models.DateTimeField(null=True)  # when it is tried, or tried again
    mail_tried_at = models.DateTimeField(null=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_fault = models.CharField(max_length=200, blank=True)  # what the mail server said

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "recipient"], name="one_notice_of_an_entry"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-made_at", "-id"], name="notices_newest"),
            models.Index(
                fields=["recipient"], name="notices_unseen", condition=models.Q(seen_at=None)
            ),
            models.Index(
                fields=["mail_due_at"], name="notices_to_mail", condition=models.Q(mail="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} of {self.entry}"


class Bounce(models.Model):
    """The last mail to somebody that was refused for good or came back: from which address, why."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    address = models.EmailField()
    reason = models.CharField(max_length=200)  # the words of a mail server
    at = models.DateTimeField()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"
