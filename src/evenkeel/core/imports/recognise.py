"""Which file is which: told by the header, never by the file's name."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evenkeel.core.imports.opening import first_lines, is_text
from evenkeel.core.imports.profile import FileMapping, Profile
from evenkeel.core.imports.refusals import ABOUT, KIND, SURPLUS
from evenkeel.core.imports.rows import BrokenRow, Row, Sheet, named

ABOVE = 2  # rows that may stand above the header, as the title of a sheet does


class Unrecognised(Exception):
    """No mapping of the profile fits the file; the message says what was looked for."""


@dataclass
class Source:
    """A file, or the part of a refusals file, that one mapping reads."""

    path: Path
    mapping: FileMapping
    columns: list[str]
    sheet: Sheet
    of_refusals: bool = False

    def rows(self) -> Iterator[Row | BrokenRow]:
        """Its rows; of a refusals file those of this mapping, without what was told about them."""
        for row in self.sheet.rows():
            if not self.of_refusals:
                yield row
            elif row.cells.get(KIND) == self.mapping.name:
                yield _as_it_was(row)


def recognise(profile: Profile, path: Path) -> list[Source]:
    """What the file holds. Raises Unrecognised when the profile does not know it."""
    if refused := _of_refusals(profile, path):
        return refused
    for mapping, delimiter in [(one, mark) for one in profile.files for mark in one.delimiters]:
        for above, columns in enumerate(_headers(path, mapping.encoding, delimiter, ABOVE + 1)):
            known = {name.casefold() for name in columns}
            if all(name.casefold() in known for name in mapping.known_by):
                sheet = Sheet(path, delimiter, mapping.encoding, above)
                return [Source(path, mapping, columns, sheet)]
    kinds = "; ".join(f"{one.name} by {', '.join(one.known_by)}" for one in profile.files)
    raise Unrecognised(
        f"{path.name} is none of the files that {profile.title} knows by their headers ({kinds})."
        f"{_about_encoding(profile, path)}"
    )


def recognise_all(profile: Profile, paths: Iterable[Path]) -> tuple[list[Source], list[str]]:
    """What files hold, and a sentence for each that the profile does not know."""
    sources, unknown = [], []
    for path in paths:
        try:
            sources += recognise(profile, path)
        except Unrecognised as told:
            unknown.append(f"{told} Nothing of it is imported.")
    return sources, unknown


def _about_encoding(profile: Profile, path: Path) -> str:
    """A hint, where the file cannot be read in any encoding that the profile names."""
    encodings = dict.fromkeys(mapping.encoding for mapping in profile.files)
    if any(is_text("".join(first_lines(path, one))) for one in encodings):
        return ""
    return f" It is no text in {' or '.join(encodings)}; name its encoding in the profile."


def _headers(path: Path, encoding: str, delimiter: str, most: int) -> list[list[str]]:
    """What may be the header: the first rows that hold anything."""
    lines = first_lines(path, encoding, 2 * most)
    split = (next(csv.reader([line], delimiter=delimiter), []) for line in lines)
    return [named(cells) for cells in split if any(cells)][:most]


def _of_refusals(profile: Profile, path: Path) -> list[Source]:
    """A refusals file holds rows of several kinds, each with the columns of its own."""
    columns = next(iter(_headers(path, "utf-8", ",", 1)), [])
    if KIND not in columns:
        return []
    kinds = {row.cells.get(KIND) for row in Sheet(path, ",", "utf-8").rows()}
    own = [name for name in columns if name not in ABOUT]
    return [
        Source(path, mapping, own, Sheet(path, ",", "utf-8"), of_refusals=True)
        for mapping in profile.files
        if mapping.name in kinds
    ]


def _as_it_was(row: Row | BrokenRow) -> Row | BrokenRow:
    cells = {name: cell for name, cell in row.cells.items() if name not in ABOUT}
    if surplus := row.cells.get(SURPLUS):
        told = f'The row has more cells than the header; put them right and empty "{SURPLUS}".'
        return BrokenRow(row.number, cells, told, (surplus,))
    if isinstance(row, BrokenRow):
        return BrokenRow(row.number, cells, row.reason, row.surplus)
    return Row(row.number, cells)
