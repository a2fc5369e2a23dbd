"""The hash chain over the entries of one record: each entry's hash covers the one before it."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")


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
