"""A table as an XLSX workbook, sent while it is read, in the memory that a few rows need.

A workbook is a zip archive of XML. Ours says each text in its cell (`inlineStr`), not in a table of
texts that would have to be held to the end. A text is marked as one, so nothing in it is ever run.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from evenkeel.core.records.plain import as_plain

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 1_048_576  # of a sheet, by the format
_BYTES = 2_000_000_000  # of a sheet: beyond 2 GiB the archive needs extensions few readers know
_TEXT = 32_767  # UTF-16 units in a cell, by the format
_EXACT = 10**15  # a spreadsheet reckons with 15 digits
_BATCH = 500  # rows between two pieces of the file
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets count a day that never was
_DAY_0 = date(1899, 12, 30)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PLAIN, _HEAD, _MOMENT, _DATE = range(4)  # styles of cells: font and form of a number
_XF = [
    f'<xf numFmtId="{form}" fontId="{font}" fillId="0" borderId="0"/>'
    for form, font in ((0, 0), (0, 1), (164, 0), (165, 0))
]
_STYLES = (
    f'<styleSheet {_MAIN}><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    f'<borders count="1"><border/></borders><cellStyleXfs count="1">{_XF[0]}</cellStyleXfs>'
    f'<cellXfs count="{len(_XF)}">{"".join(_XF)}</cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_BEGIN = (
    f'{_XML}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultColWidth="20" defaultRowHeight="15"/>'
    "<sheetData>"
).encode()
_END = b"</sheetData></worksheet>"
# What XML cannot hold, and what would be read as the spelling of it.
_SPELLED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def written(names: Sequence[str], rows: Iterator[Sequence[Any]], zone: tzinfo) -> Iterator[bytes]:
    """The workbook piece by piece. Moments stand in the zone: a spreadsheet has none of its own."""
    pieces, sheets = _Pieces(), 0
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        first = next(rows, None)
        while first is not None or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                begun = chain([] if first is None else [first], rows)
                for _ in _fill(sheet, names, islice(begun, ROWS - 1), zone):
                    yield pieces.taken()
            first = next(rows, None)
        for name, text in _around(sheets):
            archive.writestr(name, _XML + text)
    yield pieces.taken()


def _fill(
    sheet: IO[bytes], names: Sequence[str], rows: Iterator[Sequence[Any]], zone: tzinfo
) -> Iterator[None]:
    """Head and rows, until there is no more or the sheet is full; pauses between some of them."""
    sheet.write(_BEGIN + f"<row>{''.join(_text(name, _HEAD) for name in names)}</row>".encode())
    size = 0
    while size < _BYTES and (some := list(islice(rows, _BATCH))):
        text = "".join([f"<row>{''.join([_cell(it, zone) for it in row])}</row>" for row in some])
        size += sheet.write(text.encode())
        yield
    sheet.write(_END)


def _cell(value: Any, zone: tzinfo) -> str:
    """The cell of a value as a spreadsheet knows it; what it has no notion of is a text."""
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, datetime):
        return _moment(value.astimezone(zone) if value.tzinfo else value)
    if isinstance(value, date):
        return _text(str(value)) if value < _FIRST_DAY else _number((value - _DAY_0).days, _DATE)
    if not isinstance(value, Decimal):
        value = as_plain(value)
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | Decimal) and -_EXACT < value < _EXACT:
        return _number(value)
    return _text(str(value))


def _moment(value: datetime) -> str:
    if value.date() < _FIRST_DAY:
        return _text(value.isoformat())
    into = value.hour * 3600 + value.minute * 60 + value.second
    return _number(f"{(value.date() - _DAY_0).days + into / 86400:.10f}", _MOMENT)


def _number(value: int | Decimal | str, style: int = _PLAIN) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def _text(value: str, style: int = _PLAIN) -> str:
    if len(value) > _TEXT // 2:  # it could be too long: letters beyond the first plane count twice
        units = value.encode("utf-16-le")
        if len(units) > 2 * _TEXT:
            value = units[: 2 * (_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    value = _SPELLED.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def _around(sheets: int) -> Iterator[tuple[str, str]]:
    """The parts that say which sheets there are. They may come last, when it is known."""
    numbers = range(1, sheets + 1)
    yield "xl/styles.xml", _STYLES
    listed = "".join(f'<sheet name="Rows {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    yield (
        "xl/workbook.xml",
        f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    targets = [(f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    targets.append((f"{_OFFICE}/styles", "styles.xml"))
    yield "xl/_rels/workbook.xml.rels", _related(targets)
    yield "_rels/.rels", _related([(f"{_OFFICE}/officeDocument", "xl/workbook.xml")])
    parts = [("workbook", "sheet.main"), ("styles", "styles")]
    parts += [(f"worksheets/sheet{n}", "worksheet") for n in numbers]
    kinds = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}.{kind}+xml"/>'
        for part, kind in parts
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{kinds}</Types>",
    )


def _related(targets: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{place}" Type="{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


class _Pieces(io.RawIOBase):
    """A file that cannot go back; what was written to it is taken and forgotten."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.waiting.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        piece = b"".join(self.waiting)
        self.waiting.clear()
        return piece
