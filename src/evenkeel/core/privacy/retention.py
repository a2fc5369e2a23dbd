"""What is over loses the people in it, kind by kind and in its time; each with an entry."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry
from evenkeel.core.privacy.models import Anonymised
from evenkeel.core.privacy.names import WORDS
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.entry import Via
from evenkeel.core.records.links import Origin
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.redaction import MARK, Broken, deep
from evenkeel.core.records.tasks import Watch
from evenkeel.core.rules import Invalid
from evenkeel.core.rules.action import going_by
from evenkeel.core.rules.redacting import redact
from evenkeel.core.schemes import retention
from evenkeel.core.schemes.retention import Retention

REASON = "Closed long ago: anonymised as the retention rules say."
AT_ONCE = 5_000  # records of a kind in one night


class Whole:
    """Takes out every word of people, and who asked; a `Redactor` of one record."""

    def __init__(self, record: Record, columns: tuple[str, ...]) -> None:
        self.columns, self.account = frozenset(columns), record.requester_id

    def text(self, text: str) -> str:
        """Of what hangs on the record."""
        return MARK if text else text

    def field(self, record: Record, column: str, value: Any) -> Any:
        """Only its columns with words; of who asked, in what was before, nothing."""
        if column == "requester_id":
            return None
        return deep(value, self.text) if column in self.columns else value

    def given(self, key: str, value: Any) -> Any:
        """What a verb was told in words; keys and hashes stay."""
        return deep(value, self.text) if key in WORDS else value

    def comment(self, said: Comment) -> str:
        """Nothing is left of it."""
        return MARK

    def drops(self, file: Attachment) -> bool:
        """Every file goes."""
        return True

    def forgets(self, account: int | None) -> bool:
        """Who asked."""
        return account is not None and account == self.account


def due(kind: str, rules: Retention, at: datetime) -> "QuerySet[Record]":
    """The records of a kind whose time is over and that are not anonymised yet."""
    months = rules.months(kind)
    if not months:
        return Record.objects.none()
    over = Record.objects.filter(of_kind=kind, is_open=False, closed_at__lt=before(at, months))
    return over.exclude(Exists(Anonymised.objects.filter(record=OuterRef("pk"))))


def counts(rules: Retention, at: datetime) -> list[tuple[str, int]]:
    """How much would go now, kind by kind, and of the door; nothing is done."""
    found = [(kept.title, due(kind, rules, at).count()) for kind, kept in retention.KINDS.items()]
    days = rules.days("sign_ins")
    old = AccessEntry.objects.filter(at__lt=at - timedelta(days=days)).count() if days else 0
    return [*found, (retention.DAYS["sign_ins"][0], old)]


def before(at: datetime, months: int) -> datetime:
    """So many months earlier; of a day that the month has not, its 28th."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=max(year, 1), month=month + 1, day=min(at.day, 28))


def anonymise(at: datetime) -> Iterator[str]:
    """Anonymise what is due now, each record in a transaction; yields why one was left as it is."""
    rules = retention.rules(at)
    for kind in retention.KINDS:
        over = due(kind, rules, at).order_by("closed_at").values_list("pk", flat=True)
        for key in list(over[:AT_ONCE]):
            try:
                _one(kind, key, at)
            except (Broken, Invalid, DatabaseError) as fault:
                yield f"{kind} {key}: {fault}"


def _one(kind: str, key: int, at: datetime) -> None:
    with transaction.atomic(), going_by(Via.JOB):
        record = kinds()[kind].objects.get(pk=key)
        redactor = Whole(record, retention.KINDS[kind].columns)
        redact(record, redactor, by=User.objects.the_sms(), at=at, reason=REASON)
        Origin.objects.filter(record_id=key).update(row={})
        Watch.objects.filter(record_id=key).delete()
        Anonymised.objects.create(record_id=key, at=at)
