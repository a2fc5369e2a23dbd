"""Where the text of a field stands in a file, and what that text is read as."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from evenkeel.core.imports.moments import Unreadable
from evenkeel.core.imports.profile import FieldMapping, WrongProfile

Cells = dict[str, str]
Take = Callable[[Cells], str]

_HOLE = re.compile(r"\{([^{}]+)\}")
_REMEMBERED = 4_096  # texts of a field whose values are kept: most columns say few things often
_NEVER_READ = object()


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell."""

    field: str
    column: str
    value: str
    reason: str


class Columns:
    """The columns that a file has, found under any of the spellings that a profile knows."""

    def __init__(self, kind: str, names: Iterable[str]) -> None:
        self.kind, self.names = kind, list(names)
        self.by_folded = {name.casefold(): name for name in self.names}

    def has(self, spellings: Iterable[str]) -> bool:
        """Is there such a column?"""
        return any(" ".join(name.split()).casefold() in self.by_folded for name in spellings)

    def find(self, spellings: Iterable[str]) -> str:
        """The name of a column as this file spells it."""
        for name in spellings:
            if found := self.by_folded.get(" ".join(name.split()).casefold()):
                return found
        tried = " or ".join(f'"{name}"' for name in spellings)
        raise WrongProfile(f"The file of {self.kind} has no column {tried}.")


class FieldReader:
    """Reads one field from the cells of a row."""

    def __init__(self, mapping: FieldMapping, columns: Columns, nothing: Collection[str]) -> None:
        self.mapping, self.nothing = mapping, nothing
        self.remembered: dict[str, Any] = {}
        if mapping.made_of:
            self.column, self.take = mapping.made_of, _together(mapping.made_of, columns, nothing)
        elif mapping.optional and not columns.has(mapping.columns):
            self.column, self.take = mapping.columns[0], _nothing
        else:
            self.column = columns.find(mapping.columns)
            self.take = _one(self.column)

    def read(self, cells: Cells, flaws: list[Flaw]) -> Any:
        """The value, or None; what is wrong is added to the flaws."""
        cell = self.take(cells)
        value = self.remembered.get(cell, _NEVER_READ)
        if value is _NEVER_READ:
            before = len(flaws)
            value = self._read(cell, flaws)
            if len(flaws) == before and len(self.remembered) < _REMEMBERED:
                self.remembered[cell] = value
        return value

    def _read(self, cell: str, flaws: list[Flaw]) -> Any:
        mapping = self.mapping
        if not cell or cell in self.nothing or cell.isspace():
            if mapping.required:
                flaws.append(Flaw(mapping.name, self.column, cell, "is empty, but needed"))
            return None
        try:
            return mapping.convert(cell)
        except Unreadable as told:
            flaws.append(Flaw(mapping.name, self.column, cell, str(told)))
            return None


def _nothing(cells: Cells) -> str:
    return ""


def _one(column: str) -> Take:
    return lambda cells: cells.get(column, "")


def _together(made_of: str, columns: Columns, nothing: Collection[str]) -> Take:
    """A text with holes for cells: "{CI Type} {CI Name} fails"."""
    texts, holes = _HOLE.split(made_of)[::2], _HOLE.split(made_of)[1::2]
    pieces = list(zip(texts, [columns.find([hole]) for hole in holes], strict=False))

    def take(cells: Cells) -> str:
        found: list[str] = []
        for text, column in pieces:
            cell = cells.get(column, "")
            found += text, "unknown" if not cell or cell in nothing else cell
        return "".join([*found, texts[-1]])

    return take
