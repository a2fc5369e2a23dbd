"""Checkpoints: how far every chain had come, sealed at intervals in a chain of their own.

A chain by itself does not show that its end was cut off, or that it is gone as a whole. A
checkpoint names each chain that grew since the one before, with its length and its last hash.
"""

import hashlib
import time
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from typing import Any, NamedTuple

import msgspec
from django.db import connection, models, transaction
from django.utils import timezone

from evenkeel.core.people import trail
from evenkeel.core.people.trail import AccessEntry

MOST = 20_000  # entries that one checkpoint covers, so that a million make many small ones
PATIENCE = timedelta(seconds=30)  # for those who are writing when it begins
_LOCK = 0x65766D  # of the database: one at a time


class Line(NamedTuple):
    """How far a chain had come."""

    number: str
    position: int
    hash: str  # in hexadecimal digits


class Checkpoint(models.Model):
    """How far the chains had come at a moment; evidence, so never changed and never deleted."""

    position = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    up_to = models.BigIntegerField()  # the last entry that it covers
    door = models.PositiveBigIntegerField()  # how far the trail of the door had come
    door_hash = models.CharField(max_length=64)
    manifest = models.BinaryField()  # the lines, packed
    hash = models.BinaryField(max_length=32)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"checkpoint {self.position} of {self.at:%Y-%m-%d %H:%M}"

    def lines(self) -> list[Line]:
        """The chains that it names."""
        return msgspec.json.decode(zlib.decompress(bytes(self.manifest)), type=list[Line])

    def after(self, previous: bytes) -> bytes:
        """The hash: it covers the checkpoint before it and everything in this one."""
        facts = [
            self.position, self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.up_to, self.door, self.door_hash,
            hashlib.sha256(bytes(self.manifest)).hexdigest(),
        ]  # fmt: skip
        return hashlib.sha256(previous + msgspec.json.encode(facts)).digest()


def settled(patience: timedelta = PATIENCE) -> int | None:
    """The last entry before which none can appear any more; None while somebody still writes.

    Keys are given before transactions end, so one may appear below others that are seen already.
    Whoever has one of those keys has an older transaction than ours; so wait for the older ones.
    """
    newest, horizon = _row(
        "SELECT coalesce(max(id), 0), pg_current_xact_id()::text FROM core_entry"
    )
    deadline = time.monotonic() + patience.total_seconds()
    while True:
        (over,) = _row(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s::bigint", horizon
        )
        if over:
            return int(newest)
        if time.monotonic() > deadline:
            return None
        time.sleep(0.5)


def seal(up_to: int) -> int:
    """Seal what was written since the last checkpoint, up to that entry; how many were made."""
    made = 0
    while _seal_next(up_to):
        made += 1
    return made


def _seal_next(up_to: int) -> bool:
    with transaction.atomic():
        _row("SELECT pg_advisory_xact_lock(%s)", _LOCK)
        last = Checkpoint.objects.order_by("-position").defer("manifest").first()
        begin = last.up_to if last else 0
        (end,) = _row(
            "SELECT max(id) FROM (SELECT id FROM core_entry WHERE id > %s AND id <= %s"
            " ORDER BY id LIMIT %s) AS next",
            begin, up_to, MOST,
        )  # fmt: skip
        door = AccessEntry.objects.order_by("-position").values_list("position", "hash").first()
        moved = (door[0] if door else 0) > (last.door if last else 0)
        if end is None and not moved:
            return False
        made = Checkpoint(
            position=last.position + 1 if last else 1,
            at=timezone.now(),
            up_to=end or begin,
            door=door[0] if door else 0,
            door_hash=bytes(door[1]).hex() if door else "",
            manifest=zlib.compress(msgspec.json.encode(_lines(begin, end or begin))),
        )
        made.hash = made.after(bytes(last.hash) if last else b"")
        made.save(force_insert=True)
    return True


def _lines(begin: int, end: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (record.id) record.number, position, encode(hash, 'hex')"
            " FROM core_entry AS entry JOIN core_record AS record ON record.id = entry.record_id"
            " WHERE entry.id > %s AND entry.id <= %s ORDER BY record.id, position DESC",
            [begin, end],
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


_FOUND = """
SELECT line.number, line.position, record.id IS NOT NULL, encode(entry.hash, 'hex') = line.hash
FROM unnest(%s::text[], %s::int[], %s::text[]) AS line (number, position, hash)
LEFT JOIN core_record AS record ON record.number = line.number
LEFT JOIN core_entry AS entry ON entry.record_id = record.id AND entry.position = line.position
"""


def broken() -> Iterator[str]:
    """A sentence for each chain that is not as a checkpoint has it, and for a broken checkpoint."""
    head, told = b"", set[str]()
    everything = Checkpoint.objects.order_by("position").iterator(chunk_size=10)
    for position, one in enumerate(everything, 1):
        head = one.after(head)
        if one.position != position or bytes(one.hash) != head:
            yield f"Checkpoint {position} is missing or not as it was written."
            return
        for number, fault in (*_faults(one), *_faults_of_door(one)):
            if number not in told:
                told.add(number)
                yield f"{number}: {fault}; {_of(one)} has it."


def newest() -> Checkpoint | None:
    """The last one; who keeps its hash elsewhere knows later that none was taken away."""
    return Checkpoint.objects.order_by("-position").defer("manifest").first()


def is_known(digest: str) -> bool:
    """Is there a checkpoint with this hash?"""
    try:
        return Checkpoint.objects.filter(hash=bytes.fromhex(digest)).exists()
    except ValueError:
        return False


def _faults(checkpoint: Checkpoint) -> Iterable[tuple[str, str]]:
    columns = [list(column) for column in zip(*checkpoint.lines(), strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, columns)
        for number, position, is_there, fits in cursor.fetchall():
            if not is_there:
                yield number, f"the record is missing with its entries up to {position}"
            elif fits is None:
                yield number, f"entry {position} is missing"
            elif not fits:
                yield number, f"entry {position} is another one"


def _faults_of_door(checkpoint: Checkpoint) -> Iterable[tuple[str, str]]:
    if checkpoint.door > trail.gone():
        found = AccessEntry.objects.filter(position=checkpoint.door).values_list("hash", flat=True)
        if not found:
            yield "The door", f"entry {checkpoint.door} is missing"
        elif bytes(found[0]).hex() != checkpoint.door_hash:
            yield "The door", f"entry {checkpoint.door} is another one"


def _of(checkpoint: Checkpoint) -> str:
    return (
        f"checkpoint {checkpoint.position} of {timezone.localtime(checkpoint.at):%-d %b %Y, %H:%M}"
    )


def _row(query: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
