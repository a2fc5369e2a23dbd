"""What rows point to: kept by its name outside, joined to the record when that is here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from evenkeel.core.imports import origins
from evenkeel.core.imports.intake import Intake
from evenkeel.core.imports.mapping import Pointer, Reading
from evenkeel.core.imports.origins import Here
from evenkeel.core.imports.profile import ReferenceMapping
from evenkeel.core.records import bulk
from evenkeel.core.records.copying import copy
from evenkeel.core.records.links import Reference
from evenkeel.core.records.record import Record, kinds

_COLUMNS = ["record_id", "relation", "system", "outside_name", "target_id"]

Mappings = tuple[ReferenceMapping, ...]
Targets = Mapping[tuple[str, str], Here]  # (system, name there) -> the record here


@dataclass(frozen=True)
class Pairing:
    """Two records that a row says belong together, by their keys."""

    source: int
    target: int
    kind: str


class References:
    """Keeps the references of one import."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.linking = {
            one.relation: one
            for file in intake.profile.files
            for one in file.references
            if one.link
        }

    def targets(self, readings: Iterable[Reading], mappings: Mappings) -> Targets:
        """The records that rows point to and that could be linked, as far as they are here."""
        asked: dict[str, set[str]] = {}
        for reading in readings:
            for pointer in reading.pointers:
                mapping = mappings[pointer.place]
                if mapping.link and pointer.is_named:
                    asked.setdefault(mapping.of_system, set()).add(pointer.outside_name)
        return {
            (system, name): one
            for system, names in asked.items()
            for name, one in origins.here(system, names).items()
        }

    def entries_ahead(
        self, verb: str, reading: Reading, mappings: Mappings, targets: Targets
    ) -> list[bulk.NewEntry]:
        """The entries of the links that a record to be will start with."""
        aims = {
            (target.number, mapping.link)
            for _, mapping, target in _aims(reading, mappings, targets)
            if target and not mapping.reverse
        }
        return [self._entry(verb, number, kind) for number, kind in sorted(aims)]

    def keep(self, readings: Mapping[int, Reading], mappings: Mappings, targets: Targets) -> None:
        """Write what these records, by key, point to, and join what can be joined.

        The links from these records to others have their entries already.
        """
        rows: list[tuple[Any, ...]] = []
        own: list[Any] = []
        others: list[Any] = []
        for pk, reading in readings.items():
            for pointer, mapping, target in _aims(reading, mappings, targets):
                aim = target.pk if target else None
                name = pointer.outside_name
                rows.append((pk, pointer.relation, mapping.of_system, name, aim))
                if aim and aim != pk:
                    (others if mapping.reverse else own).append(_paired(mapping, pk, aim))
        copy(Reference, _COLUMNS, rows)
        self._insert(own)
        names = {reading.outside_id: pk for pk, reading in readings.items()}
        self.join(others + self._arrived(names))

    def exchange(
        self, model: type[Record], news: Mapping[int, tuple[Reading, Reading]], mappings: Mappings
    ) -> None:
        """Rows, by record, point elsewhere than before. Links that were made stay: they were."""
        gone: list[tuple[int, str, str]] = []
        fresh: dict[int, Reading] = {}
        for pk, (old, new) in news.items():
            before = {(one.relation, one.outside_name) for one in old.pointers}
            after = {(one.relation, one.outside_name) for one in new.pointers}
            gone += [(pk, *names) for names in before - after]
            if after - before:
                pointers = [
                    one for one in new.pointers if (one.relation, one.outside_name) not in before
                ]
                fresh[pk] = replace(new, pointers=pointers)
        _remove(gone)
        targets = self.targets(fresh.values(), mappings)
        verb = f"{model.collection}.link"
        entries = {
            pk: bulk.Addition(self.entries_ahead(verb, reading, mappings, targets))
            for pk, reading in fresh.items()
        }
        bulk.append(model, {pk: addition for pk, addition in entries.items() if addition.entries})
        self.keep(fresh, mappings, targets)

    def join(self, pairings: Iterable[Pairing]) -> None:
        """Link records, with an entry on the record that the link starts from."""
        made = self._insert(pairings)
        keys = {key for one in made for key in (one.source, one.target)}
        named = Record.objects.filter(pk__in=keys).values_list("pk", "of_kind", "number")
        about = {pk: (kind, number) for pk, kind, number in named}
        by_kind: dict[str, dict[int, bulk.Addition]] = {}
        for one in made:
            kind, target = about[one.source][0], about[one.target][1]
            entry = self._entry(f"{kinds()[kind].collection}.link", target, one.kind)
            additions = by_kind.setdefault(kind, {})
            additions.setdefault(one.source, bulk.Addition([])).entries.append(entry)
        for kind, additions in by_kind.items():
            bulk.append(kinds()[kind], additions)

    def _entry(self, verb: str, target: str, kind: str) -> bulk.NewEntry:
        given = {"target": target, "kind": kind}
        return self.intake.entry(verb, self.intake.at, difference={}, given=given)

    def _insert(self, pairings: Iterable[Pairing]) -> Sequence[Pairing]:
        """Write the links that are not there yet, and answer them."""
        wanted = list(dict.fromkeys(pairings))
        if not wanted:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_link (source_id, target_id, kind, made_by_id, made_at)"
                " SELECT new.*, %s::bigint, %s::timestamptz"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS new"
                " ON CONFLICT (source_id, target_id, kind) DO NOTHING"
                " RETURNING source_id, target_id, kind",
                [
                    self.intake.by.pk,
                    self.intake.at,
                    [one.source for one in wanted],
                    [one.target for one in wanted],
                    [one.kind for one in wanted],
                ],
            )
            return [Pairing(*row) for row in cursor.fetchall()]

    def _arrived(self, names: Mapping[str, int]) -> list[Pairing]:
        """Give earlier references the records that have come now."""
        with connection.cursor() as cursor:
            cursor.execute(
                # One look into the index for each name, whatever the statistics say of the table.
                "UPDATE core_reference AS it SET target_id = found.pk FROM ("
                " SELECT one.id, new.pk FROM unnest(%s::text[]) AS of (relation)"
                " CROSS JOIN unnest(%s::text[], %s::bigint[]) AS new (name, pk)"
                " CROSS JOIN LATERAL (SELECT id FROM core_reference"
                " WHERE relation = of.relation AND outside_name = new.name AND system = %s"
                " AND target_id IS NULL OFFSET 0) AS one) AS found"
                " WHERE it.id = found.id RETURNING it.record_id, it.relation, found.pk",
                [
                    list(self.linking),
                    list(names),
                    list(names.values()),
                    self.intake.profile.system,
                ],
            )
            found = cursor.fetchall()
        return [
            _paired(self.linking[relation], record, target)
            for record, relation, target in found
            if record != target
        ]


def _remove(gone: Sequence[tuple[int, str, str]]) -> None:
    """Forget references: record, relation, name outside."""
    if not gone:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_reference AS it"
            " USING unnest(%s::bigint[], %s::text[], %s::text[]) AS gone (record, relation, name)"
            " WHERE it.record_id = gone.record AND it.relation = gone.relation"
            " AND it.outside_name = gone.name",
            [list(column) for column in zip(*gone, strict=True)],
        )


def _aims(
    reading: Reading, mappings: Mappings, targets: Targets
) -> list[tuple[Pointer, ReferenceMapping, Here | None]]:
    """What a row points to, each once, with the record if it is here."""
    found = []
    for pointer in {(one.relation, one.outside_name): one for one in reading.pointers}.values():
        mapping = mappings[pointer.place]
        can_link = mapping.link and pointer.is_named
        key = (mapping.of_system, pointer.outside_name)
        found.append((pointer, mapping, targets.get(key) if can_link else None))
    return found


def _paired(mapping: ReferenceMapping, record: int, target: int) -> Pairing:
    if mapping.reverse:
        return Pairing(target, record, mapping.link)
    return Pairing(record, target, mapping.link)
