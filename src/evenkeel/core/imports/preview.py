"""What an import would make of its files, shown on their first rows; and the rows it refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.text import capfirst

from evenkeel.core.imports import drafts
from evenkeel.core.imports.cells import FieldReader, Flaw
from evenkeel.core.imports.drafts import ImportDraft
from evenkeel.core.imports.fit import Fit
from evenkeel.core.imports.mapping import Mapper
from evenkeel.core.imports.profile import FileMapping, Profile
from evenkeel.core.imports.recognise import Source
from evenkeel.core.imports.refusals import ABOUT, KIND
from evenkeel.core.imports.rows import BrokenRow, Sheet

SHOWN = 3  # rows of a file
MENDED = 50  # refused rows that are mended on the page


@dataclass(frozen=True)
class Cell:
    """What a row says in a field: as it stands there, and what becomes of it."""

    text: str
    value: Any
    wrong: str = ""


@dataclass(frozen=True)
class Line:
    """One field of ours, where it comes from, and what the first rows say."""

    title: str
    column: str
    cells: list[Cell]


@dataclass(frozen=True)
class Look:
    """One file, seen through the profile."""

    file: str
    kind: str  # what the profile calls its rows
    becomes: str  # "incidents", "entries of incidents"
    lines: list[Line]
    unused: list[str]  # columns that become no field; they are kept with the row


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken, with the cells that are to be put right."""

    place: int  # in the refusals file
    kind: str
    file: str
    row: str
    reason: str
    cells: dict[str, str]  # of the columns that are wrong; all of them where none is named
    is_broken: bool  # it could not be taken apart: it is put right in the file


def looks(draft: ImportDraft) -> tuple[list[Look], list[str]]:
    """Each file, and a sentence for each that is none. Raises WrongProfile."""
    profile = drafts.profile_of(draft)
    sources, unknown = drafts.sources_of(draft, profile)
    return [_look(profile, source) for source in sources], unknown


def refused_rows(draft: ImportDraft, most: int = MENDED) -> list[RefusedRow]:
    """The first rows that were refused, as the refusals file has them."""
    if not draft.refusals.is_file():
        return []
    rows = Sheet(draft.refusals, ",", "utf-8").rows()
    return [_refused(place, row.cells) for place, row in enumerate(islice(rows, most))]


def _look(profile: Profile, source: Source) -> Look:
    mapping = source.mapping
    mapper = Mapper(profile, mapping, source.columns)
    model = Fit(mapping).model if mapping.becomes != "entries" else None
    rows = list(_first(source))
    readers = [("at", mapper.at), *mapper.fields]
    lines = [_line(_title(mapping, model, name), reader, rows) for name, reader in readers]
    named = {line.column for line in lines} | {*mapper.references, *mapper.identity, mapper.record}
    becomes = mapping.collection.replace("_", " ")
    return Look(
        file=source.path.name,
        kind=mapping.counted_as,
        becomes=becomes if model else f"entries of {becomes}",
        lines=lines,
        unused=[name for name in source.columns if name not in named],
    )


def _first(source: Source) -> Iterator[dict[str, str]]:
    whole = (row for row in source.rows() if not isinstance(row, BrokenRow))
    return (row.cells for row in islice(whole, SHOWN))


def _line(title: str, reader: FieldReader, rows: list[dict[str, str]]) -> Line:
    return Line(title, reader.column, [_cell(reader, cells) for cells in rows])


def _cell(reader: FieldReader, cells: dict[str, str]) -> Cell:
    flaws: list[Flaw] = []
    value = reader.read(cells, flaws)
    return Cell(reader.take(cells), value, flaws[0].reason if flaws else "")


def _title(mapping: FileMapping, model: Any, name: str) -> str:
    if name == "at":
        return {"records": "Recorded", "snapshots": "So since"}.get(mapping.becomes, "Done")
    return str(capfirst(model._meta.get_field(name).verbose_name if model else name))


def _refused(place: int, cells: dict[str, str]) -> RefusedRow:
    kind, file, row, fields, _, reason = (cells.get(name, "") for name in ABOUT[:6])
    own = {name: cell for name, cell in cells.items() if name not in ABOUT}
    wrong = {name: cell for name, cell in own.items() if f"{name} " in reason}
    return RefusedRow(
        place=place, kind=kind, file=file, row=row, reason=reason,
        cells=wrong or own, is_broken=not fields and bool(cells.get(KIND)),
    )  # fmt: skip
