"""Where records came from: the row of the other system by which each is known again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from evenkeel.core.imports.mapping import Reading
from evenkeel.core.records.copying import as_json, copy
from evenkeel.core.records.links import Origin


@dataclass(frozen=True, slots=True)
class Known:
    """A record that came from the other system before."""

    pk: int
    kind: str
    fingerprint: bytes
    row: dict[str, str]


def known(system: str, outside_ids: Iterable[str]) -> dict[str, Known]:
    """The records that came under these names."""
    found = _found("origin.fingerprint, origin.row::text", system, outside_ids)
    return {
        name: Known(pk, kind, bytes(mark), msgspec.json.decode(row))
        for name, pk, kind, mark, row in found
    }


@dataclass(frozen=True, slots=True)
class Here:
    """A record that came from the other system, without its row."""

    pk: int
    kind: str
    number: str


def here(system: str, outside_ids: Iterable[str]) -> dict[str, Here]:
    """The records that came under these names, where the row itself is not needed."""
    found = _found("record.number", system, outside_ids)
    return {name: Here(*rest) for name, *rest in found}


def _found(columns: str, system: str, outside_ids: Iterable[str]) -> list[tuple[Any, ...]]:
    """Asked in one array: thousands of single parameters cost more than the answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT origin.outside_id, record.id, record.of_kind, {columns}"  # noqa: S608 (ours)
            " FROM core_origin AS origin JOIN core_record AS record ON record.id = origin.record_id"
            " WHERE origin.system = %s AND origin.outside_id = ANY(%s)",
            [system, list(outside_ids)],
        )
        return list(cursor.fetchall())


def keep(system: str, readings: Mapping[int, Reading], at: datetime) -> None:
    """Remember, by the key of the record, the row that it came from."""
    columns = ["record_id", "system", "outside_id", "fingerprint", "row", "imported_at"]
    rows: list[tuple[Any, ...]] = [
        (pk, system, one.outside_id, one.fingerprint, as_json(one.cells), at)
        for pk, one in readings.items()
    ]
    copy(Origin, columns, rows)


def replace(system: str, readings: Iterable[Reading], at: datetime) -> None:
    """The records that came under these names now stand as these rows say."""
    rows = list(readings)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_origin AS it SET fingerprint = new.mark, row = new.row, imported_at = %s"
            " FROM unnest(%s::text[], %s::bytea[], %s::jsonb[]) AS new (name, mark, row)"
            " WHERE it.system = %s AND it.outside_id = new.name",
            [
                at,
                [one.outside_id for one in rows],
                [one.fingerprint for one in rows],
                [as_json(one.cells) for one in rows],
                system,
            ],
        )
