"""Rows that tell what was done to a record: each becomes an entry, at its original moment."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from evenkeel.core.imports import origins
from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.fit import kind_of
from evenkeel.core.imports.intake import Intake, Taken
from evenkeel.core.imports.mapping import Mapper, Reading
from evenkeel.core.imports.waiting import Waited, Waiting
from evenkeel.core.records import bulk
from evenkeel.core.records.plain import as_plain

VERB = "imported_activity"


class EntryLoader:
    """Takes the rows of one mapping, batch by batch."""

    def __init__(self, intake: Intake, mapper: Mapper, waiting: Waiting) -> None:
        self.intake, self.mapper, self.waiting = intake, mapper, waiting
        self.mapping, self.name = mapper.mapping, mapper.mapping.name
        self.model = kind_of(self.mapping)
        self.verb = f"{self.model.collection}.{VERB}"

    def take(self, batch: Sequence[Taken]) -> None:
        """Write what is new of these rows."""
        records = origins.here(self.intake.profile.system, {one.reading.record for one in batch})
        here, rest = [], []
        for one in batch:
            found = records.get(one.reading.record)
            if found and found.kind != self.model.kind():
                self._refuse(one, found.kind)
            elif found:
                here.append((found.pk, one.reading))
            else:
                rest.append(one.reading)
        figures = self.intake.of(self.name)
        written = self._write(here) + self._wait(rest)
        figures.created += written
        figures.unchanged += len(here) + len(rest) - written

    def _write(self, here: list[tuple[int, Reading]]) -> int:
        seen = known_sources([self.verb], {pk for pk, _ in here})
        by_source = {(pk, one.source): (pk, one) for pk, one in here}
        new = [pair for key, pair in by_source.items() if key not in seen]
        if new and self.intake.writes:
            additions: dict[int, bulk.Addition] = {}
            for pk, reading in sorted(new, key=lambda pair: pair[1].at):
                given = given_of(reading, reading.cells)
                entry = self.intake.entry(self.verb, reading.at, difference={}, given=given)
                additions.setdefault(pk, bulk.Addition([])).entries.append(entry)
            bulk.append(self.model, additions)
        return len(new)

    def _wait(self, rest: list[Reading]) -> int:
        seen = self.waiting.sources(self.name, [one.source for one in rest])
        new = {one.source: one for one in rest if one.source not in seen}
        if new and self.intake.writes:
            rows = [
                (one.record, source, Waited(one.at, given_of(one, one.cells)))
                for source, one in new.items()
            ]
            self.waiting.add(self.name, rows, self.intake.at)
            self.intake.note(f"{self.name} wait for their record", len(new))
        return len(new)

    def _refuse(self, one: Taken, kind: str) -> None:
        told = f"came as {kind.replace('_', ' ')}, which these rows are not about"
        self.intake.refuse(
            self.mapping, one, [Flaw("record", self.mapping.record, one.reading.record, told)]
        )


def given_of(reading: Reading, row: dict[str, str]) -> dict[str, Any]:
    """What an entry says of the row that it comes from."""
    said = {name: as_plain(value) for name, value in reading.fields.items() if value is not None}
    return {**said, "row": row, "source": reading.source}


def known_sources(verbs: Sequence[str], records: Iterable[int]) -> set[tuple[int, str]]:
    """Which rows these records have as entries already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, given ->> 'source' FROM core_entry"
            " WHERE record_id = ANY(%s) AND verb = ANY(%s)",
            [list(records), list(verbs)],
        )
        return set(cursor.fetchall())
