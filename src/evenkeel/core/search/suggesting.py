"""Suggestions while somebody types which record they mean."""

import re

from django.db.models import QuerySet

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.search import asking, matching
from evenkeel.core.search.matching import Reader

_NUMBER = re.compile(r"[A-Za-z]+-\d+")


def suggest(user: User, kind: str, text: str, limit: int = 10) -> list[Record]:
    """The records whose number begins so, then those with titles in which every word does.

    Of one kind, or of every kind (""); the newest where nothing is typed yet.
    """
    reader = Reader(user, [kind] if kind else [])
    if not (text := text.strip()):
        return list(reader.visible.order_by("-recorded_at", "-pk")[:limit])
    found = _numbered(reader.visible, text)[:limit]
    if len(found) < limit:
        known = {record.pk for record in found}
        found += [record for record in _titled(reader, text, limit) if record.pk not in known]
    return found[:limit]


def _numbered(visible: "QuerySet[Record]", text: str) -> list[Record]:
    """The record of that number, and those with one digit more."""
    if not _NUMBER.fullmatch(text):
        return []
    number = text.upper()
    numbers = [number, *(f"{number}{digit}" for digit in range(10))]
    return sorted(visible.filter(number__in=numbers), key=lambda record: record.pk)


def _titled(reader: Reader, text: str, limit: int) -> list[Record]:
    query = asking.read_beginnings(text).query
    matches = reader.block(query, matching.beyond_newest()).matches[:limit]
    records = Record.objects.in_bulk([match.record for match in matches])
    return [records[match.record] for match in matches]
