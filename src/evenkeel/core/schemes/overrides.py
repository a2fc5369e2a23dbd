"""Where somebody set aside what a scheme gave: who, when, from what to what, and why (R-06).

A verb that lets people decide otherwise says so in its entry: `given["overrides"]` maps the field
to what the scheme gave and what was chosen instead, and `given["reason"]` says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record

GIVEN = "overrides"
kinds: set[str] = set()  # of records whose verbs let people decide otherwise


class Place(NamedTuple):
    """After the override of this moment and key; newest first."""

    at: datetime
    key: int


@dataclass(frozen=True)
class Override:
    """One of them: the entry that tells it, and what it set aside."""

    entry: Entry
    field: str
    computed: int
    chosen: int

    @property
    def reason(self) -> str:
        """Why, in the words of whoever decided."""
        return str(self.entry.given.get("reason", ""))


class Overrides:
    """Those of a period of which a reader may see the cases; None: all, for who is on the host."""

    def __init__(
        self, reader: User | None, since: datetime, until: datetime, by: User | None = None
    ) -> None:
        self._entries = Entry.objects.filter(given__has_key=GIVEN, at__gte=since, at__lt=until)
        if by:
            self._entries = self._entries.filter(actor=by)
        if reader:
            seen = Record.objects.visible_to(reader).filter(of_kind__in=_inside(reader))
            self._entries = self._entries.filter(record__in=seen)

    def count(self) -> int:
        """How many they are."""
        return self._entries.count()

    def rows(self, after: Place | None = None, most: int | None = None) -> Iterator[Override]:
        """The newest first, from a place on."""
        found = self._entries
        if after:
            found = found.filter(Q(at=after.at, pk__lt=after.key) | Q(at__lt=after.at))
        ordered = found.select_related("record", "actor").order_by("-at", "-pk")
        for entry in ordered[:most] if most else ordered.iterator(chunk_size=500):
            yield _read(entry)


def may_see(user: User) -> bool:
    """Is there anything of which this person sees the inside?"""
    return bool(_inside(user))


def _inside(user: User) -> list[str]:
    return [kind for kind in sorted(kinds) if visibility.is_inside(user, kind)]


def _read(entry: Entry) -> Override:
    said: dict[str, Any] = entry.given[GIVEN]
    field, (computed, chosen) = next(iter(said.items()))
    return Override(entry, field, computed, chosen)
