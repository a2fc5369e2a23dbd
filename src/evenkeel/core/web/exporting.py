"""A list as a file: exactly what it shows, all of it, in the memory that a few rows need.

Read page by page from the key of the last row, so it needs no cursor that stays open, and a record
that comes or goes meanwhile neither repeats another nor hides it.
"""

import csv
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from evenkeel.core.database import lacking
from evenkeel.core.database.lacking import Lack
from evenkeel.core.people import manner
from evenkeel.core.records.plain import as_plain
from evenkeel.core.rules import Invalid
from evenkeel.core.web import place, spreadsheet
from evenkeel.core.web.columns import plain_path
from evenkeel.core.web.listing import Listing

BATCH = 1000
PAUSES = (1, 2, 4, 8, 16)  # seconds; a database that was killed is there again by then
NOT_WHOLE = b'"NOT WHOLE: the server could not write this list to its end. Export it again."\r\n'
BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
# A spreadsheet takes a text that begins so for a formula, and would run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def stream(listing: Listing, form: str) -> StreamingHttpResponse:
    """The file as a download; csv with `bom=yes` for Excel. Raises Invalid for other forms."""
    pieces = written(listing, form, bom=listing.params.get("bom") == "yes")
    day = timezone.localdate().isoformat()
    name = f"{listing.screen.model.collection}-{day}.{form}"
    return StreamingHttpResponse(
        _owning_up(pieces, form),
        content_type=_MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def table(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table that is no list, as a download."""
    return HttpResponse(
        as_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "",
            "Cache-Control": "private, no-store",
        },
    )


def written(listing: Listing, form: str, *, bom: bool = False) -> Iterator[bytes]:
    """The bytes of the file, piece by piece. Raises Invalid before the first piece."""
    if form not in FORMS:
        raise Invalid({"format": [f"One of: {', '.join(FORMS)}."]})
    _ = listing.matching  # a filter that cannot be is refused now, not in the middle of a file
    names = list(dict.fromkeys(["number", *(column.name for column in listing.columns)]))
    pieces = FORMS[form](names, _rows(listing, names))
    return _with_bom(pieces) if bom and form == "csv" else pieces


def _rows(listing: Listing, names: list[str]) -> Iterator[list[Any]]:
    """Every row, in the order of the list."""
    paths = tuple(plain_path(listing.screen, name) for name in names)
    here: place.Place | None = None
    while True:
        found = _taken(listing, here, paths)
        for row in found:
            yield list(row[3:])
        if len(found) < BATCH:
            return
        here = place.Place(found[-1][:3])


def _taken(
    listing: Listing, here: place.Place | None, paths: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """The next rows; a database that falls meanwhile is waited for, and the file goes on there."""
    for pause in PAUSES:
        try:
            return place.take(listing.matching, listing.sort, here, paths, BATCH)
        except (OperationalError, InterfaceError) as fault:
            if lacking.of(fault) is not Lack.DATABASE:
                raise
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(pause)
    return place.take(listing.matching, listing.sort, here, paths, BATCH)


def _owning_up(pieces: Iterator[bytes], form: str) -> Iterator[bytes]:
    """The web server ends a file that broke off as if it were whole; so the file itself says so.

    A workbook or JSON that lacks its end is read by nothing; of CSV nobody would see it.
    """
    try:
        yield from pieces
    except Exception:
        if form == "csv":
            yield NOT_WHOLE
        raise


def as_csv(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Line by line, and so that no spreadsheet runs what stands in a cell."""
    write = csv.writer(_Echo()).writerow
    for row in rows:
        yield write([_harmless(value) for value in row]).encode()


def _as_csv(names: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    return as_csv(chain([names], _plain(rows)))


def _as_json(names: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    before = b"[\n"
    for row in _plain(rows):
        yield before + msgspec.json.encode(dict(zip(names, row, strict=True)))
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _as_xlsx(names: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    # No generator: when its first piece is asked for, the reader's time zone is gone.
    return spreadsheet.written(names, rows, manner.current().zone)


def _plain(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    return ([as_plain(value) for value in row] for row in rows)


FORMS: dict[str, Callable[[list[str], Iterator[list[Any]]], Iterator[bytes]]] = {
    "csv": _as_csv,
    "json": _as_json,
    "xlsx": _as_xlsx,
}
_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": spreadsheet.MEDIA_TYPE,
}


def _with_bom(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield BOM
    yield from pieces


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


class _Echo:
    """A file for csv.writer that hands each line straight on."""

    def write(self, line: str) -> str:
        return line
