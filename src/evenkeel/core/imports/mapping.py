"""One row through its mapping: the values of our fields, the references, or all that is wrong."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenkeel.core.imports.moments import Unreadable
from evenkeel.core.imports.profile import FieldMapping, FileMapping, Profile, WrongProfile

_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell."""

    field: str
    column: str
    value: str
    reason: str


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
    cells: dict[str, str]
    fingerprint: bytes
    order: tuple[Any, ...] = ()
    record: str = ""


class Mapper:
    """The mapping of a file, fitted to the columns that the file really has."""

    def __init__(self, profile: Profile, mapping: FileMapping, columns: Iterable[str]) -> None:
        self.profile, self.mapping = profile, mapping
        self.columns = list(columns)
        self.by_folded = {name.casefold(): name for name in self.columns}
        self.identity = [self._column((name,)) for name in mapping.identity]
        self.at = FieldMapping("at", (self._column((mapping.at,)),), mapping.read_at, required=True)
        self.record = self._column((mapping.record,)) if mapping.record else ""
        self.fields = [(one, self._source(one)) for one in mapping.fields]
        self.order = [(one, self._source(one)) for one in mapping.order]
        self.references = [self._column(one.columns) for one in mapping.references]
        aside = {self._column((name,)) for name in mapping.aside}
        spelt = {
            self._column(one.columns): one.columns[0]
            for one in (*mapping.fields, *mapping.references)
            if one.columns
        }
        # What makes a row the same as before, however this file spells its columns.
        self.counted = {name: spelt.get(name, name) for name in self.columns if name not in aside}

    def read(self, cells: dict[str, str]) -> Reading:
        """The row in our words. Raises Refused with everything that is wrong with it."""
        flaws: list[Flaw] = []
        value = self._value
        fields = {one.name: value(one, take(cells), flaws) for one, take in self.fields}
        at = value(self.at, cells.get(self.at.columns[0], ""), flaws)
        order = tuple(value(one, take(cells), flaws) for one, take in self.order)
        named = [self._needed(cells, column, flaws) for column in self.identity]
        record = self._needed(cells, self.record, flaws) if self.record else ""
        if flaws:
            raise Refused(flaws)
        outside_id = named[0] if len(named) == 1 else _digest(named).hex()
        counted = self.counted
        print_of = sorted(f"{counted[k]}\0{v}" for k, v in cells.items() if k in counted)
        return Reading(
            outside_id, at, fields, self._pointers(cells), cells, _digest(print_of), order, record
        )

    def _value(self, one: FieldMapping, cell: str, flaws: list[Flaw]) -> Any:
        if not cell or cell in self.mapping.nothing or cell.isspace():
            if one.required:
                flaws.append(Flaw(one.name, _first(one), cell, "is empty, but needed"))
            return None
        try:
            return one.convert(cell)
        except Unreadable as told:
            flaws.append(Flaw(one.name, _first(one), cell, str(told)))
            return None

    def _needed(self, cells: dict[str, str], column: str, flaws: list[Flaw]) -> str:
        cell = cells.get(column, "").strip()
        if not cell or cell in self.mapping.nothing:
            flaws.append(Flaw("identity", column, cell, "is empty, but names the row"))
        elif len(cell) > 120:
            flaws.append(Flaw("identity", column, cell, "is longer than 120 characters"))
        return cell

    def _pointers(self, cells: dict[str, str]) -> list[Pointer]:
        found = []
        for place, column in enumerate(self.references):
            cell = cells.get(column, "").strip()
            if cell and cell not in self.mapping.nothing:
                relation = self.mapping.references[place].relation
                is_named = cell not in self.profile.several
                found.append(Pointer(relation, cell[:120], place, is_named))
        return found

    def _source(self, one: FieldMapping) -> Callable[[dict[str, str]], str]:
        if not one.made_of:
            column = self._column(one.columns)
            return lambda cells: cells.get(column, "")
        named = _HOLE.findall(one.made_of)
        holes = {hole: self._column((" ".join(hole.split()),)) for hole in named}
        return lambda cells: self._made(one.made_of, holes, cells)

    def _made(self, made_of: str, holes: dict[str, str], cells: dict[str, str]) -> str:
        def filled(hole: re.Match[str]) -> str:
            cell = cells.get(holes[hole[1]], "")
            return "unknown" if not cell or cell in self.mapping.nothing else cell

        return _HOLE.sub(filled, made_of)

    def _column(self, names: Iterable[str]) -> str:
        """The name of a column as this file spells it."""
        for name in names:
            if found := self.by_folded.get(name.casefold()):
                return found
        tried = " or ".join(f'"{name}"' for name in names)
        raise WrongProfile(f"The file of {self.mapping.name} has no column {tried}.")


def _first(one: FieldMapping) -> str:
    return one.columns[0] if one.columns else one.made_of


def _digest(parts: list[str]) -> bytes:
    return hashlib.sha256("\1".join(parts).encode("utf-8", "surrogateescape")).digest()
