"""A form that makes something is taken once, however often it is sent."""

import secrets
from datetime import timedelta
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from evenkeel.core.people.models import User

KEPT_FOR = timedelta(days=1)


class Submission(models.Model):
    """That a form was taken, and where it led; kept for a day."""

    token = models.CharField(max_length=40, primary_key=True)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Submission"]] = models.Manager()

    class Meta:
        app_label = "core"
        indexes: ClassVar = [models.Index(fields=["taken_at"], name="submissions_by_age")]

    def __str__(self) -> str:
        return self.token


class SentBefore(Exception):
    """The same form was taken already; `address` is where it led."""

    def __init__(self, address: str) -> None:
        super().__init__("This form was sent before.")
        self.address = address


def token() -> str:
    """The mark of one form that is handed out."""
    return secrets.token_urlsafe(18)


def claim(mark: str, person: User) -> None:
    """Take the form in the transaction that is open; a second copy waits and is then refused.

    Raises SentBefore. A form without a mark (from a script) is always taken.
    """
    if not mark:
        return
    Submission.objects.filter(taken_at__lt=timezone.now() - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            Submission.objects.create(token=mark[:40], person=person)
    except IntegrityError:
        earlier = Submission.objects.filter(token=mark[:40], person=person).first()
        raise SentBefore(earlier.address if earlier else "/") from None


def keep(mark: str, address: str) -> None:
    """Note where the form led."""
    if mark:
        Submission.objects.filter(token=mark[:40]).update(address=address)
