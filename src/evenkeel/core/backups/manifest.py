"""What a backup says of itself: enough to prove that it is whole, and to refuse a misfit."""

import hashlib
from datetime import datetime
from importlib.metadata import version
from typing import IO, Any

import msgspec
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

DUMP, MANIFEST, ATTACHMENTS = "database.dump", "manifest.json", "attachments/"
FORMAT = 1
_PIECE = 1 << 20
_HEADS = "SELECT number, chain_length, chain_head FROM core_record ORDER BY id"


class Chains(msgspec.Struct, frozen=True):
    """Where all chains of entries stand: two databases with the same hold the same evidence."""

    records: int
    entries: int
    sha256: str  # over number, length and head of each


class Manifest(msgspec.Struct):
    """Of one backup; `members` are the SHA-256 of its other members by their name."""

    format: int
    made_at: datetime
    evenkeel: str
    postgresql: str
    migrations: list[str]
    chains: Chains
    settings: dict[str, str]
    members: dict[str, str]


def describe(made_at: datetime, settings: dict[str, str]) -> Manifest:
    """Of what the transaction sees that is open now; members are still to come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (server,) = cursor.fetchone()
    return Manifest(
        FORMAT,
        made_at,
        version("evenkeel"),
        server,
        [".".join(name) for name in sorted(MigrationRecorder(connection).applied_migrations())],
        chains(),
        settings,
        {},
    )


def chains() -> Chains:
    """Of the records that the transaction sees that is open now."""
    records, entries, digest = 0, 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(_HEADS)
        while rows := cursor.fetchmany(2_000):
            for number, length, head in rows:
                records, entries = records + 1, entries + length
                digest.update(f"{number} {length} {bytes(head).hex()}\n".encode())
    return Chains(records, entries, digest.hexdigest())


def copied(source: IO[bytes], target: IO[bytes] | None) -> str:
    """The SHA-256 of all that can be read, after it was written to the target."""
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
        if target:
            target.write(piece)
    return digest.hexdigest()


def encode(manifest: Manifest) -> bytes:
    """As it stands in the file."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decode(text: bytes) -> Manifest:
    """Raises msgspec.ValidationError or DecodeError for anything else."""
    return msgspec.json.decode(text, type=Manifest)


def server() -> tuple[str, dict[str, str]]:
    """The database as PostgreSQL's programs want it named, and the variables that hold secrets."""
    from psycopg import conninfo, pq  # noqa: PLC0415  (seldom needed)

    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given: dict[str, Any] = connection.get_connection_params()
    parts = {name: value for name, value in given.items() if name in known and value}
    secret = {"PGPASSWORD": str(parts.pop("password"))} if parts.get("password") else {}
    return conninfo.make_conninfo(**parts), secret
