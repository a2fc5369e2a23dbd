"""The text of a file, read by a process of its own: `python filetext.py FILE NAME`.

What people attach may be broken, or made to harm: an archive that unpacks to terabytes, a PDF that
is read for ever. So this runs alone, with the time and memory that it may have, knows nothing of
the rest, and needs no Django. It prints {"text": …, "unread": "why not, in a sentence"}.
"""

import codecs
import json
import logging
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO
from xml.parsers import expat

LONGEST = 100_000  # characters; the search reads no further
SECONDS = 20  # of processor time
MEMORY = 1 << 30  # bytes
UNPACKED = 100_000_000  # bytes of one archive
MEMBERS = 5_000  # parts of one archive
PAGES = 1_000  # of a PDF
_PIECE = 1 << 16

# Told by their names, for every other sort of file says by its first bytes what it is.
PLAIN = frozenset(
    {
        *("cfg", "conf", "css", "csv", "eml", "htm", "html", "ics", "ini", "json", "log", "md"),
        *("rst", "sql", "text", "toml", "tsv", "txt", "xml", "yaml", "yml"),
    }
)
# The parts that hold what people wrote, of DOCX, XLSX, PPTX and of the formats of LibreOffice.
_PARTS = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
    r"|xl/(workbook|sharedStrings|worksheets/sheet\d+)\.xml|ppt/slides/slide\d+\.xml|content\.xml"
)
_BREAKS = frozenset(
    {"p", "h", "br", "tab", "tr", "row", "c", "si", "table-cell", "s", "line-break"}
)


class Unreadable(Exception):
    """Why there is no text; a sentence."""


class _Enough(Exception):
    """As much was read as the search takes."""


class _Text:
    """What was read so far."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)
        if self.length >= LONGEST:
            raise _Enough

    def __str__(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.pieces).splitlines())
        whole = "\n".join(line for line in lines if line)[:LONGEST].replace("\0", " ")
        return whole.encode(errors="replace").decode()


def text_of(path: Path, name: str) -> str:
    """The text of a file of that name. Raises Unreadable, or whatever a broken file leads to."""
    with path.open("rb") as file:
        start = file.read(8)
    read = _reader(start, name)
    found = _Text()
    with suppress(_Enough):
        read(path, found)
    return str(found)


def _reader(start: bytes, name: str) -> Callable[[Path, _Text], None]:
    if start.startswith(b"%PDF-"):
        return _pdf
    if start.startswith(b"PK\x03\x04"):
        return _office
    if name.rpartition(".")[2].lower() in PLAIN:
        return _plain
    return _nothing


def _nothing(path: Path, found: _Text) -> None:
    """A picture, say: that it has no text is no fault of it."""


def _plain(path: Path, found: _Text) -> None:
    with path.open("rb") as file:
        raw = file.read(4 * LONGEST)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found.add(raw.decode("utf-16", errors="replace"))
        return
    if b"\0" in raw:
        raise Unreadable("It holds no text, although its name says so.")
    try:
        found.add(codecs.getincrementaldecoder("utf-8-sig")().decode(raw))
    except UnicodeDecodeError:
        found.add(raw.decode("cp1252", errors="replace"))


def _pdf(path: Path, found: _Text) -> None:
    from pypdf import PdfReader  # noqa: PLC0415  (only where there is one)

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    document = PdfReader(path)
    if document.is_encrypted and not document.decrypt(""):
        raise Unreadable("It is locked with a password.")
    for place, page in enumerate(document.pages):
        if place >= PAGES:
            break
        found.add(page.extract_text() + "\n")
    if not str(found):
        raise Unreadable("Its pages hold no text; perhaps they are pictures.")


def _office(path: Path, found: _Text) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            raise Unreadable(f"It is an archive of more than {MEMBERS:,} parts.")
        parts = [one for one in members if _PARTS.fullmatch(one.filename)]
        left = UNPACKED
        for part in parts:
            with archive.open(part) as member:
                left -= _Words(found, part.filename).read(member, left)


class _Words:
    """The words in one part of an office file; its structure only parts them."""

    def __init__(self, found: _Text, part: str) -> None:
        self.found, self.whole = found, part == "content.xml"
        self.is_taken, self.is_cited = self.whole, False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        # No such file has a document type; one could name entities that grow, or files of ours.
        self.parser.StartDoctypeDeclHandler = _refuse

    def read(self, member: IO[bytes], most: int) -> int:
        """How many bytes it unpacked to."""
        size = 0
        for piece in iter(lambda: member.read(_PIECE), b""):
            size += len(piece)
            if size > most:
                raise Unreadable(f"It unpacks to more than {UNPACKED // 1_000_000} MB.")
            self.parser.Parse(piece)
        self.parser.Parse(b"", True)
        self.found.add("\n")
        return size

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in _BREAKS:
            self.found.add("\n" if name in {"p", "tr", "row", "si", "h"} else " ")
        if name == "c":  # a cell that cites the table of texts, which is read by itself
            self.is_cited = attributes.get("t") == "s"
        if name == "sheet":
            self.found.add(f"{attributes.get('name', '')}\n")
        self.is_taken = self.whole or name == "t" or (name == "v" and not self.is_cited)

    def _end(self, tag: str) -> None:
        self.is_taken = self.whole

    def _said(self, text: str) -> None:
        if self.is_taken:
            self.found.add(text)


def _refuse(*_: object) -> None:
    raise Unreadable("It declares a document type, which no such file has.")


def _limits() -> Iterator[tuple[int, int]]:
    yield resource.RLIMIT_CPU, SECONDS
    yield resource.RLIMIT_AS, MEMORY
    yield resource.RLIMIT_FSIZE, 0  # it writes no file
    yield resource.RLIMIT_CORE, 0


def main(path: str, name: str) -> int:
    """Print what was found. Whatever a file does to its reader is a fault of the file."""
    for limit, most in _limits():
        resource.setrlimit(limit, (most, most))
    answer = {"text": "", "unread": ""}
    try:
        answer["text"] = text_of(Path(path), name)
    except Unreadable as why:
        answer["unread"] = str(why)
    except MemoryError:
        answer["unread"] = "Reading it takes too much memory."
    except Exception:
        answer["unread"] = "The file is broken, or of a sort that it does not say."
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
