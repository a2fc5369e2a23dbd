"""Files as lines of text: plain, .gz or .xz, in any encoding, without stray byte order marks."""

import gzip
import hashlib
import io
import lzma
import zlib
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Self, cast

# What a damaged archive, or a file in another encoding than said, raises.
BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error, UnicodeError)
MARK = "\ufeff"  # byte order mark; exports that were joined from pieces carry it inside, too


class Lines(Iterator[str]):
    """The physical lines of a file, remembering those that the current row has taken.

    A row with an unclosed quotation mark swallows the lines after it; `give_back` returns them.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self.size = path.stat().st_size
        self.raw = path.open("rb")
        # Bytes that are no text come through as they are, so that only their own row is refused.
        self.text = io.TextIOWrapper(
            _unpacked(path, self.raw), encoding, errors="surrogateescape", newline=""
        )
        self.waiting: deque[str] = deque()
        self.taken: list[str] = []

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.text)
        if MARK in line:
            line = line.replace(MARK, "")
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """Return all lines of the current row but the first, which is answered."""
        first, *rest = self.taken
        self.waiting.extendleft(reversed(rest))
        self.taken = [first]
        return first

    def bytes_read(self) -> int:
        """How far into the file as it lies on disk; for the progress bar."""
        return self.size if self.raw.closed else self.raw.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.text.close()
        self.raw.close()

    def __del__(self) -> None:
        # Whoever stops reading early drops the lines; the file must not stay open.
        if hasattr(self, "text"):
            self.close()


def first_lines(path: Path, encoding: str, most: int = 1) -> list[str]:
    """The first lines that are not blank; none when the file is empty or not in this encoding."""
    with Lines(path, encoding) as lines:
        try:
            return list(islice(filter(None, (line.strip("\r\n") for line in lines)), most))
        except BROKEN:
            return []


def is_text(line: str) -> bool:
    """Does it hold letters only, and nothing that came through undecoded?"""
    return "\0" not in line and not any("\ud800" <= letter <= "\udfff" for letter in line)


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file as it lies on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(path: Path, raw: BinaryIO) -> BinaryIO:
    """Told by the first bytes, not by the name."""
    start = raw.read(6)
    raw.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if start == b"\xfd7zXZ\x00":
        return cast(BinaryIO, lzma.LZMAFile(raw))
    return raw
