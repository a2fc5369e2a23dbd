"""The trail of the door: who came in, who was turned away, who left, whose session was ended.

A chain of its own, for a failed attempt belongs to no record. A login that is no account's is kept
as a keyed hash alone: people type passwords into that field.
"""

import hashlib
import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple, NoReturn

import msgspec
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.people.tokens import key_for

_LOCK = 0x65766B  # of the database: one writer at a time, so that the chain does not fork
_ALLOW = "SELECT set_config('evenkeel.redacting', %s, true)"


class Kind(models.TextChoices):
    """What happened at the door."""

    SIGNED_IN = "signed_in", "Signed in"
    FAILED = "failed", "Attempt failed"
    REFUSED = "refused", "Attempt refused"
    SIGNED_OUT = "signed_out", "Signed out"
    ENDED = "ended", "Sessions ended"
    PASSWORD = "password", "Password chosen"
    LINK = "link", "Link sent"
    SECOND = "second", "Second proof"
    EXPORTED = "exported", "List exported"
    TOKEN = "token", "Token used"
    JOB = "job", "Job"
    READ = "read", "Restricted read"
    FORGOTTEN = "forgotten", "Old entries removed"


class Visitor(NamedTuple):
    """From where somebody comes."""

    address: str | None
    device: str

    @property
    def source(self) -> str:
        """What counts as one place: an address; of IPv6 the network, for a host has all of it."""
        if self.address is None or ":" not in self.address:
            return self.address or ""
        return str(ipaddress.IPv6Network((self.address, 64), strict=False))


class AccessEntry(models.Model):
    """One thing that happened at the door; evidence, so never edited and never deleted."""

    position = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    source = models.CharField(max_length=50)  # what counts as one place
    device = models.CharField(max_length=200)
    login = models.CharField(max_length=32)  # the keyed hash of what was typed
    said = models.CharField(max_length=200)  # the rest, in words
    hash = models.BinaryField(max_length=32)

    class Meta:
        app_label = "core"
        verbose_name_plural: ClassVar[str] = "access entries"
        indexes: ClassVar = [
            models.Index(fields=["person", "-position"], name="access_of_person"),
            models.Index(
                fields=["source", "at"],
                condition=models.Q(kind__in=["failed", "refused"]),
                name="access_failures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Entries are evidence; they are never edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Entries are evidence; they are never deleted.")

    def after(self, previous: bytes) -> bytes:
        """The hash of this entry: it covers the one before it and all that is said here."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        who, where = (self.person_id, self.login), (self.address, self.source, self.device)
        facts = [self.position, self.kind, *who, moment, *where, self.said]
        return hashlib.sha256(previous + msgspec.json.encode(facts)).digest()


def login_key(login: str) -> str:
    """By which attempts for the same login are told to be the same."""
    key = key_for("logins tried", settings.SECRET_KEY)
    return hashlib.blake2b(login.strip().lower().encode(), key=key, digest_size=16).hexdigest()


def append(
    kind: Kind,
    visitor: Visitor,
    *,
    person: User | None = None,
    login: str = "",
    said: str = "",
    at: datetime | None = None,
) -> AccessEntry:
    """Write down what happened, at the end of the chain."""
    login = login or (person.username if person else "")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = AccessEntry.objects.order_by("-position").only("position", "hash").first()
        entry = AccessEntry(
            position=last.position + 1 if last else 1,
            kind=kind,
            person=person,
            at=at or timezone.now(),
            address=visitor.address,
            source=visitor.source,
            device=visitor.device[:200],
            login=login_key(login) if login else "",
            said=said[:200],
        )
        entry.hash = entry.after(bytes(last.hash) if last else b"")
        entry.save(force_insert=True)
    return entry


def forget(before: datetime, *, at: datetime) -> int:
    """Remove what was written down before a moment, from the beginning on; how many entries.

    The last entry removed is named with its hash in a new one, so that the rest still hangs
    together and nobody can take more away unseen.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        newer = AccessEntry.objects.filter(at__gte=before).order_by("position").first()
        held = AccessEntry.objects.order_by("-position")
        old = held.filter(position__lt=newer.position) if newer else held[1:]
        if (last := old.first()) is None:
            return 0
        said = f"{last.position} {bytes(last.hash).hex()}"
        append(Kind.FORGOTTEN, Visitor(None, "evenkeel"), said=said, at=at)
        cursor.execute(_ALLOW, ["on"])
        cursor.execute("DELETE FROM core_accessentry WHERE position <= %s", [last.position])
        gone = int(cursor.rowcount)
        cursor.execute(_ALLOW, ["off"])
    return gone


class Following:
    """The entries of the door, one after the other: what fits, and where they begin."""

    def __init__(self) -> None:
        self.head, self.position = b"", 0
        self.first: AccessEntry | None = None  # where older ones were removed
        self.gone = 0  # how many were removed from the beginning

    def add(self, entry: AccessEntry) -> str:
        """Why the next entry does not fit, or nothing."""
        if not self.position and entry.position > 1:
            self.first, self.position = entry, entry.position
            self.head = bytes(entry.hash)
            return ""
        self.position += 1
        if entry.position != self.position:
            return f"The door: entry {self.position} is missing."
        self.head = entry.after(self.head)
        if bytes(entry.hash) != self.head:
            return f"The door: entry {self.position} ({entry.kind}) is not as it was written."
        self._hear(entry)
        return ""

    def _hear(self, entry: AccessEntry) -> None:
        """An entry that says what was removed before the first one vouches for that one."""
        position, _, digest = entry.said.partition(" ")
        if self.first is None or entry.kind != Kind.FORGOTTEN:
            return
        if position != str(self.first.position - 1):
            return
        if self.first.after(bytes.fromhex(digest)) == bytes(self.first.hash):
            self.gone = int(position)

    def end(self) -> str:
        """Why the beginning is not as it was, or nothing."""
        if self.first is None or self.gone:
            return ""
        return f"The door: entry {self.first.position - 1} is missing, and no entry says why."


def gone() -> int:
    """How many entries were removed from the beginning, by the retention rules."""
    first = AccessEntry.objects.order_by("position").values_list("position", flat=True).first()
    return (first or 1) - 1


def broken() -> Iterator[str]:
    """A sentence that names the first entry of the door that does not fit, if one does not."""
    followed = Following()
    with transaction.atomic():
        for entry in AccessEntry.objects.order_by("position").iterator(chunk_size=2000):
            if fault := followed.add(entry):
                yield fault
                return
    if fault := followed.end():
        yield fault
