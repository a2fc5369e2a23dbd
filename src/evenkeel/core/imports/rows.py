"""Rows of a delimited file: each is a set of named cells, or is refused with its reason."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evenkeel.core.imports.opening import BROKEN, Lines


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, and by column the cells that are not empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be taken apart, with as much of it as there is."""

    number: int
    cells: dict[str, str]
    reason: str
    surplus: tuple[str, ...] = ()


@dataclass
class Sheet:
    """A file of rows with a header."""

    path: Path
    delimiter: str
    encoding: str
    above: int = 0  # rows that hold something, before the header
    empty_rows: int = 0
    columns: list[str] = field(default_factory=list)
    least: int = 0  # how many cells a row must have: unnamed columns at the end may be left out
    lines: Lines | None = None

    def bytes_read(self) -> int:
        return self.lines.bytes_read() if self.lines else 0

    def rows(self) -> Iterator[Row | BrokenRow]:
        """Every row that holds anything, from the first to the last."""
        self.lines = Lines(self.path, self.encoding)
        number, above = 0, self.above
        try:
            for cells, reason in _split(self.lines, self.delimiter):
                number += 1
                if not any(cells):
                    self.empty_rows += bool(self.columns)
                elif above:
                    above -= 1
                elif not self.columns:
                    self._head(cells)
                else:
                    yield self._row(number, cells, reason)
        except BROKEN as broken:
            yield BrokenRow(number + 1, {}, f"The file is damaged from here on: {broken}.")
        finally:
            self.lines.close()

    def _head(self, cells: list[str]) -> None:
        self.columns = named(cells)
        self.least = max(place for place, cell in enumerate(cells, 1) if cell.strip())

    def _row(self, number: int, cells: list[str], reason: str) -> Row | BrokenRow:
        least = self.least
        by_name = {
            name: cell for name, cell in zip(self.columns, cells[:least], strict=False) if cell
        }
        if any(cells[least:]):
            rest = zip(self.columns[least:], cells[least:], strict=False)
            by_name |= {name: cell for name, cell in rest if cell}
        count = len(self.columns)
        if reason:
            return BrokenRow(number, by_name, reason, tuple(cells[count:]))
        if any(cells[count:]):
            told = f"The row has {len(cells)} cells, the header {count}."
            return BrokenRow(number, by_name, told, tuple(cells[count:]))
        if len(cells) < least:
            told = f"The row ends after {len(cells)} cells; the header names {least}."
            return BrokenRow(number, by_name, told)
        return Row(number, by_name)


def named(header: list[str]) -> list[str]:
    """One name for each column: unnamed ones by their place, a repeated name with its count."""
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"(column {place})"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _split(lines: Lines, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """The cells of each row, with the reason if the row is not sound."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The reader may have run on through good rows in search of the closing mark.
            line = lines.give_back()
            yield next(csv.reader([line.replace('"', "")], delimiter=delimiter)), _told(error)
            continue
        yield cells, _unsound(lines.taken)


def _unsound(taken: list[str]) -> str:
    for line in taken:
        if line.isascii():
            if "\0" in line:
                return "The row holds a NUL character."
        elif any("\ud800" <= letter <= "\udfff" for letter in line):
            return "The row holds bytes that are no text in the encoding of the file."
        elif "\0" in line:
            return "The row holds a NUL character."
    return ""


def _told(error: csv.Error) -> str:
    return f"A quotation mark in the row is not closed or stands in a wrong place ({error})."
