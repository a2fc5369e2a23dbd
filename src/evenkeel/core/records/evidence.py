"""The evidence as a file, and its verification with nothing but that file.

One JSON list a line: ["entry", number, chain_length, chain_head, facts…, hash] for each entry,
["door", …] for each entry of the door, ["checkpoint", …] for each checkpoint. Hashes in
hexadecimal digits, moments in UTC; the hashes are made as `chain.py`, `trail.py` and
`checkpoints.py` say.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from evenkeel.core.people import trail
from evenkeel.core.people.trail import AccessEntry
from evenkeel.core.records import chain, sealing
from evenkeel.core.records.checkpoints import Checkpoint

_DOOR = (
    *("position", "kind", "person_id", "at", "address", "source", "device", "login", "said"),
    "hash",
)
_CHECKPOINT = ("position", "at", "up_to", "door", "door_hash", "manifest", "hash")


def lines() -> Iterator[bytes]:
    """All evidence of one moment, a line each."""
    with transaction.atomic():
        for line in sealing.every_line():
            yield _packed("entry", *line)
        for name, model, columns in (
            ("door", AccessEntry, _DOOR),
            ("checkpoint", Checkpoint, _CHECKPOINT),
        ):
            for one in model.objects.order_by("position").iterator(chunk_size=100):
                yield _packed(name, *(getattr(one, column) for column in columns))


def faults(given: Iterable[bytes]) -> Iterator[str]:
    """A sentence for each chain in the file that does not hold."""
    check, read = _Check(), 0
    for line in given:
        read += 1
        try:
            kind, *values = msgspec.json.decode(line)
            yield from getattr(check, f"_{kind}")(*values)
        except (msgspec.DecodeError, AttributeError, TypeError, ValueError):
            yield f"Line {read} is no evidence."
    yield from check.end()
    yield from filter(None, [check.door.end()])
    if not read:
        yield "The file is empty."


def _packed(*values: Any) -> bytes:
    plain = [bytes(v).hex() if isinstance(v, bytes | memoryview) else v for v in values]
    return msgspec.json.encode(plain) + b"\n"


class _Check:
    """What is known of the file so far."""

    def __init__(self) -> None:
        self.chained, self.expected, self.end_hash = chain.Following(""), 0, b""
        self.seen: dict[str, dict[int, str]] = {}  # number -> position -> hash
        self.door, self.doors = trail.Following(), dict[int, str]()  # position -> hash
        self.checkpoint, self.checkpoints = b"", 0

    def _entry(self, number: str, length: int, head: str, *rest: Any) -> Iterator[str]:
        *facts, digest = rest
        if number != self.chained.number:
            yield from self.end()
            self.chained = chain.Following(number)
            self.expected, self.end_hash = length, bytes.fromhex(head)
        if facts[0] is None:
            return
        position, verb, actor, at, written_at, via, audience, difference, given = facts
        moments = datetime.fromisoformat(at), datetime.fromisoformat(written_at)
        told = (verb, actor, *moments, via, audience, _tree(difference), _tree(given))
        self.chained.add(chain.Facts(number, position, *told), bytes.fromhex(digest))
        self.seen.setdefault(number, {})[position] = digest

    def _door(self, *values: Any) -> Iterator[str]:
        told = dict(zip(_DOOR, values, strict=True))
        digest, at = told.pop("hash"), datetime.fromisoformat(told.pop("at"))
        entry = AccessEntry(at=at, hash=bytes.fromhex(digest), **told)
        self.doors[entry.position] = digest
        if fault := self.door.add(entry):
            self.door.head, self.door.position = bytes.fromhex(digest), entry.position
            yield fault

    def _checkpoint(self, *values: Any) -> Iterator[str]:
        told = dict(zip(_CHECKPOINT, values, strict=True))
        digest, at = told.pop("hash"), datetime.fromisoformat(told.pop("at"))
        told["manifest"] = bytes.fromhex(told["manifest"])
        one = Checkpoint(at=at, **told)
        self.checkpoints += 1
        self.checkpoint = one.after(self.checkpoint)
        if self.checkpoint.hex() != digest or one.position != self.checkpoints:
            self.checkpoint = bytes.fromhex(digest)
            yield f"Checkpoint {one.position} is not as it was written, or one is missing."
            return
        for line in one.lines():
            if self.seen.get(line.number, {}).get(line.position) != line.hash:
                yield (
                    f"{line.number}: entry {line.position} is missing or another one;"
                    f" checkpoint {one.position} has it."
                )
        if one.door > self.door.gone and self.doors.get(one.door) != one.door_hash:
            yield f"The door: entry {one.door} is missing; checkpoint {one.position} has it."

    def end(self) -> Iterator[str]:
        """Of the record whose entries are over."""
        if self.chained.number:
            fault = self.chained.fault(self.expected, self.end_hash)
            yield from [fault] if fault else []
        self.chained = chain.Following("")


def _tree(text: Any) -> Any:
    return msgspec.json.decode(text)
