"""One row through its mapping: the values of our fields, the references, or all that is wrong."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenkeel.core.imports.cells import Cells, Columns, FieldReader, Flaw
from evenkeel.core.imports.profile import FieldMapping, FileMapping, Profile

LONGEST_NAME = 120  # of a record or a thing in the other system


class Refused(Exception):
    """The row is not taken; `flaws` says what is wrong with it."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("; ".join(f'{flaw.column} "{flaw.value}" {flaw.reason}' for flaw in flaws))
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something outside that a row points to."""

    relation: str
    outside_name: str
    place: int  # of its mapping among the references of the file
    is_named: bool  # false: the other system says that there are several, not which


@dataclass(slots=True)
class Reading:
    """What one row says, in our words."""

    outside_id: str
    at: datetime
    fields: dict[str, Any]
    pointers: list[Pointer]
    cells: Cells
    fingerprint: bytes
    source: str  # what makes this row this row, short
    order: tuple[Any, ...] = ()
    record: str = ""


class Mapper:
    """The mapping of a file, fitted to the columns that the file really has."""

    def __init__(self, profile: Profile, mapping: FileMapping, names: Iterable[str]) -> None:
        self.profile, self.mapping = profile, mapping
        self.columns = columns = Columns(mapping.name, names)
        self.identity = [columns.find([name]) for name in mapping.identity]
        self.record = columns.find([mapping.record]) if mapping.record else ""
        at = FieldMapping("at", (mapping.at,), mapping.read_at, required=True)
        self.at = self._reader(at)
        self.fields = [(one.name, self._reader(one)) for one in mapping.fields]
        self.order = [self._reader(one) for one in mapping.order]
        self.references = [columns.find(one.columns) for one in mapping.references]
        self.only_in = {one.name: one.only_in for one in mapping.fields if one.only_in}
        there = [f for f in mapping.fields if not f.optional or columns.has(f.columns)]
        named = [*(f.columns for f in there), *(r.columns for r in mapping.references)]
        sources = [columns_named for columns_named in named if columns_named]
        self.spellings = {
            one.casefold(): columns.find(spelt) for spelt in sources for one in spelt
        } | columns.by_folded
        self.counted = self._counted({columns.find(spelt): spelt[0] for spelt in sources})

    def read(self, cells: Cells) -> Reading:
        """The row in our words. Raises Refused with everything that is wrong with it."""
        flaws: list[Flaw] = []
        fields = {name: reader.read(cells, flaws) for name, reader in self.fields}
        for name, states in self.only_in.items():
            if fields.get("state") not in states:
                fields[name] = None
        at = self.at.read(cells, flaws)
        order = tuple(reader.read(cells, flaws) for reader in self.order)
        named = [self._needed(cells, column, flaws) for column in self.identity]
        record = self._needed(cells, self.record, flaws) if self.record else ""
        if flaws:
            raise Refused(flaws)
        outside_id = named[0] if len(named) == 1 else _digest(named).hex()
        mark = _digest([f"{own}\0{cells[name]}" for name, own in self.counted if name in cells])
        source = mark.hex()[:32] if self.mapping.becomes == "snapshots" else outside_id[:32]
        pointers = self._pointers(cells) if self.references else []
        return Reading(outside_id, at, fields, pointers, cells, mark, source, order, record)

    def read_again(self, row: Cells) -> Reading:
        """A row that came before, perhaps from a file that spells its columns otherwise."""
        spelt = self.spellings
        return self.read({spelt.get(name.casefold(), name): cell for name, cell in row.items()})

    def _reader(self, one: FieldMapping) -> FieldReader:
        return FieldReader(one, self.columns, self.mapping.nothing)

    def _counted(self, spelt: dict[str, str]) -> list[tuple[str, str]]:
        """The columns that make a row the same as before, however this file spells them."""
        aside = {self.columns.find([name]) for name in self.mapping.aside}
        counted = {name: spelt.get(name, name) for name in self.columns.names if name not in aside}
        return sorted(counted.items(), key=lambda pair: pair[1])

    def _needed(self, cells: Cells, column: str, flaws: list[Flaw]) -> str:
        cell = cells.get(column, "").strip()
        if not cell or cell in self.mapping.nothing:
            flaws.append(Flaw("identity", column, cell, "is empty, but names the row"))
        elif len(cell) > LONGEST_NAME:
            told = f"is longer than {LONGEST_NAME} characters"
            flaws.append(Flaw("identity", column, cell, told))
        return cell

    def _pointers(self, cells: Cells) -> list[Pointer]:
        found, nothing, several = [], self.mapping.nothing, self.profile.several
        for place, column in enumerate(self.references):
            cell = cells.get(column)
            if cell and (name := cell.strip()[:LONGEST_NAME]) and name not in nothing:
                relation = self.mapping.references[place].relation
                found.append(Pointer(relation, name, place, name not in several))
        return found


def _digest(parts: list[str]) -> bytes:
    return hashlib.sha256("\1".join(parts).encode("utf-8", "surrogateescape")).digest()
