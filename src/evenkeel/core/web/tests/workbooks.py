"""Reads a workbook as a spreadsheet would, far enough to compare it."""

import io
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(file: bytes) -> list[list[list[tuple[str, str]]]]:
    """Per sheet, in the order of the workbook, the rows; of each cell its type and what it says."""
    archive = zipfile.ZipFile(io.BytesIO(file))
    assert archive.testzip() is None
    names = [one.attrib["name"] for one in _tree(archive, "xl/workbook.xml").iter(f"{MAIN}sheet")]
    assert names == [f"Rows {place}" for place in range(1, len(names) + 1)]
    sheets = [f"xl/worksheets/sheet{place}.xml" for place in range(1, len(names) + 1)]
    types = _tree(archive, "[Content_Types].xml")
    assert {f"/{sheet}" for sheet in sheets} <= {one.get("PartName") for one in types}
    return [
        [[_cell(cell) for cell in row] for row in _tree(archive, sheet).iter(f"{MAIN}row")]
        for sheet in sheets
    ]


def texts(file: bytes) -> list[list[str]]:
    """The rows of the only sheet, head first, as what they say."""
    (sheet,) = read(file)
    return [[said for _, said in row] for row in sheet]


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))


def _cell(cell: ElementTree.Element) -> tuple[str, str]:
    return cell.get("t", "n"), "".join(cell.itertext())
