"""Suggestions while somebody types which record they mean."""

import re

from django.db.models import QuerySet
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.search import asking, matching

_NUMBER = re.compile(r"[A-Za-z]+-\d+")


def suggest(user: User, kind: str, text: str, limit: int = 10) -> list[Record]:
    """The records whose number begins so, then those with titles in which every word does.

    Of one kind, or of every kind (""); the newest where nothing is typed yet.
    """
    visible: QuerySet[Record] = Record.objects.visible_to(user)
    if kind:
        visible = visible.filter(of_kind=kind)
    text = text.strip()
    if not text:
        return list(visible.order_by("-recorded_at", "-pk")[:limit])
    found = _numbered(visible, text)[:limit]
    if len(found) < limit:
        known = {record.pk for record in found}
        found += [record for record in _titled(user, kind, text, limit) if record.pk not in known]
    return found[:limit]


def _numbered(visible: "QuerySet[Record]", text: str) -> list[Record]:
    """The record of that number, and those with one digit more."""
    if not _NUMBER.fullmatch(text):
        return []
    number = text.upper()
    numbers = [number, *(f"{number}{digit}" for digit in range(10))]
    return sorted(visible.filter(number__in=numbers), key=lambda record: record.pk)


def _titled(user: User, kind: str, text: str, limit: int) -> list[Record]:
    query = asking.read_beginnings(text).query
    kinds = [kind] if kind else []
    below = matching.beyond_newest()
    matches = matching.block(user, kinds, query, below=below, at=timezone.now()).matches[:limit]
    records = Record.objects.in_bulk([match.record for match in matches])
    return [records[match.record] for match in matches]
