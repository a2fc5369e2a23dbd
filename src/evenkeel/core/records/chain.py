"""The hash chain over the entries of one record: each entry's hash covers the one before it."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")
REDACTS = (".redact", ".erase")  # how verbs end whose entries say what was redacted


class Facts(NamedTuple):
    """What an entry's hash covers besides the hash before it."""

    number: str  # of the record
    position: int  # 1 for the first entry of the record
    verb: str
    actor: int | None  # the account's key; nobody means the SMS itself
    at: datetime  # when it was done
    written_at: datetime  # when it was written down
    via: str
    audience: str
    difference: dict[str, Any]
    given: dict[str, Any]


def link(previous: bytes, facts: Facts) -> bytes:
    """The hash of an entry, 32 bytes: SHA-256 of the hash before it and the entry's facts."""
    plain = [_moment(fact) if isinstance(fact, datetime) else fact for fact in facts]
    return hashlib.sha256(previous + _encoder.encode(plain)).digest()


def _moment(moment: datetime) -> str:
    """One spelling for one moment, whatever zone it was read in."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Following:
    """The entries of one record, one after the other: what fits, and what does not.

    What was redacted does not fit its hash any more. It passes where a later entry that fits, of
    such a verb, says the hash that it had, and what is left of it now: see `redaction.py`.
    """

    def __init__(self, number: str) -> None:
        self.number, self.head, self.position = number, b"", 0
        self.unfit: dict[int, tuple[str, str, str]] = {}  # position -> verb, its hash, what is left
        self.told: dict[int, tuple[str, str]] = {}  # position -> the hash it had, what was left
        self.missing = 0  # the position at which the first one is

    def add(self, facts: Facts, digest: bytes) -> None:
        """The next entry, with the hash that it was given."""
        self.position += 1
        if self.missing or facts.position != self.position:
            self.missing = self.missing or self.position
            return
        if link(self.head, facts) == digest:
            self._hear(facts)
        else:
            self.unfit[facts.position] = facts.verb, digest.hex(), link(digest, facts).hex()
        self.head = digest

    def _hear(self, facts: Facts) -> None:
        if facts.verb.endswith(REDACTS):
            for position, had, left in facts.given.get("redacted", ()):
                self.told[position] = had, left

    def fault(self, length: int, head: bytes) -> str | None:
        """Why the chain does not hold, given how long it is and where it ends; None if it does."""
        for position, (verb, *now) in sorted(self.unfit.items()):
            if self.told.get(position) != tuple(now):
                return f"{self.number}: entry {position} ({verb}) is not as it was written."
        if self.missing:
            return f"{self.number}: entry {self.missing} is missing."
        if self.position != length or self.head != head:
            return f"{self.number}: entries after {self.position} are missing."
        return None
