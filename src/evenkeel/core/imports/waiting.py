"""Rows about records that have not come yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from evenkeel.core.imports.models import WaitingRow
from evenkeel.core.records.copying import as_json, copy

_COLUMNS = ["system", "file", "outside_id", "source", "at", "given", "arrived_at"]


class Waited(NamedTuple):
    """A row that waits no longer: when it was done, and what its entry says."""

    at: datetime
    given: dict[str, Any]


class Waiting:
    """The rows of one system that wait."""

    def __init__(self, system: str) -> None:
        self.rows = WaitingRow.objects.filter(system=system)
        self.system = system
        self.any = self.rows.exists()  # most imports have none; then nobody asks again

    def sources(self, file: str, sources: Iterable[str]) -> set[str]:
        """Which of these rows wait already."""
        if not self.any:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT source FROM core_waitingrow"
                " WHERE system = %s AND file = %s AND source = ANY(%s)",
                [self.system, file, list(sources)],
            )
            return {row[0] for row in cursor.fetchall()}

    def add(self, file: str, rows: Iterable[tuple[str, str, Waited]], now: datetime) -> None:
        """Let rows wait: the record that each is about, what makes it this row, what it says."""
        ready = [
            (self.system, file, outside_id, source, row.at, as_json(row.given), now)
            for outside_id, source, row in rows
        ]
        copy(WaitingRow, _COLUMNS, ready)
        self.any = self.any or bool(ready)

    def take(self, files: Iterable[str], outside_ids: Iterable[str]) -> dict[str, list[Waited]]:
        """The rows of these files about these records, oldest first; they wait no longer."""
        if not self.any:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM core_waitingrow"
                " WHERE system = %s AND file = ANY(%s) AND outside_id = ANY(%s)"
                " RETURNING outside_id, at, given::text, id",
                [self.system, list(files), list(outside_ids)],
            )
            rows = sorted(cursor.fetchall(), key=lambda row: (row[1], row[3]))
        found: dict[str, list[Waited]] = {}
        for outside_id, at, given, _ in rows:
            found.setdefault(outside_id, []).append(Waited(at, msgspec.json.decode(given)))
        return found
