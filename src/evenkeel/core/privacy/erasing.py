"""Erasure, the long part: out of every text, record by record, each with an entry that says so."""

from collections import Counter
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.privacy import names, searching
from evenkeel.core.privacy.models import Erasure
from evenkeel.core.privacy.names import Names
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.redaction import Broken, deep
from evenkeel.core.rules import Invalid
from evenkeel.core.rules.action import going_by
from evenkeel.core.rules.redacting import redact

REASON = "Personal data of {} was erased."
# A word that stands in no record any more is not compared with, either.
_FORGET = """
DELETE FROM core_searchword WHERE word IN (
    SELECT unnest(tsvector_to_array(to_tsvector('evenkeel', core_without_signs(%s))))
) AND NOT EXISTS (SELECT FROM core_searchrow WHERE words @@ quote_literal(word)::tsquery)
"""


def go_through(erasure: Erasure) -> None:
    """Take the person out of all texts. Done again from the start, it goes on where it ended."""
    person = erasure.person
    written = erasure.texts == Erasure.Texts.WRITTEN
    redactor = Names(erasure.names, person.title, account=person.user_id, written=written)
    reason = REASON.format(person.number)
    found, broken = Counter[str](), []
    for key in sorted(_records(erasure, written=written)):
        try:
            found["records"] += _one(key, redactor, reason)
        except (Broken, Invalid, DatabaseError) as fault:
            broken.append(str(fault))
    found["rows"] = _rest(redactor, broken)
    _forget(erasure.names)
    erasure.found = {**found, "broken": broken, "files": _files_naming(erasure)}
    erasure.names, erasure.done_at = [], timezone.now()
    erasure.save(update_fields=["found", "names", "done_at"])


def redact_one(record: Record, redactor: Any, reason: str) -> None:
    """One record. Raises Broken, or Invalid where it is not sound by itself."""
    with going_by(Via.JOB):
        sms = User.objects.the_sms()
        redact(record.in_full(), redactor, by=sms, at=timezone.now(), reason=reason)


def _records(erasure: Erasure, *, written: bool) -> set[int]:
    keys = searching.records(names.patterns(erasure.names)) if erasure.names else set()
    if written:
        account = erasure.person.user_id
        keys |= set(Comment.objects.filter(said_by=account).values_list("record_id", flat=True))
        keys |= set(Attachment.objects.filter(added_by=account).values_list("record_id", flat=True))
    return keys


def _one(key: int, redactor: Names, reason: str) -> int:
    record = Record.objects.filter(pk=key, of_kind__in=kinds()).first()
    if record is None:
        return 0
    redact_one(record, redactor, reason)
    return 1


def _rest(redactor: Names, broken: list[str]) -> int:
    changed = 0
    for row, columns in searching.rows(names.patterns(redactor.names)):
        now = {name: deep(getattr(row, name), redactor.text) for name in columns}
        moved = {name: value for name, value in now.items() if value != getattr(row, name)}
        if not moved:
            continue
        try:
            with transaction.atomic():
                type(row)._default_manager.filter(pk=row.pk).update(**moved)
            changed += 1
        except DatabaseError as fault:  # what was sealed for good, such as an approved report
            broken.append(f"{type(row)._meta.verbose_name} {row.pk}: {fault}".strip())
    return changed


def _forget(known: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [" ".join(known)])


def _files_naming(erasure: Erasure) -> list[str]:
    """Files that they added and that stay: whether they name them, a person has to look."""
    held = Attachment.objects.filter(added_by=erasure.person.user_id).select_related("record")
    return [f"{file.record.number} {file.filename}" for file in held.order_by("pk")[:200]]
