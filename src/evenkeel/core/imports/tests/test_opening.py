"""Files are opened whatever they are packed in."""

import gzip
import hashlib
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from evenkeel.core.imports.opening import Lines, first_lines, sha256_of

TEXT = "number;title\r\nINC1;Ärger\r\n"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "xz": lzma.compress,
}


def every(path: Path, encoding: str = "utf-8") -> list[str]:
    with Lines(path, encoding) as lines:
        return list(lines)


class TestOpening:
    @pytest.mark.parametrize("packing", PACKED)
    def test_reads_a_file_whatever_its_name_says(self, tmp_path: Path, packing: str) -> None:
        path = tmp_path / "export.csv"
        path.write_bytes(PACKED[packing](TEXT.encode()))
        assert every(path) == ["number;title\r\n", "INC1;Ärger\r\n"]

    def test_reads_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_bytes(TEXT.encode("cp1252"))
        assert "".join(every(path, "cp1252")) == TEXT

    def test_drops_byte_order_marks_at_the_start_and_inside(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text("\ufeffnumber\n\ufeffINC1\n", encoding="utf-8")
        assert every(path) == ["number\n", "INC1\n"]

    def test_gives_back_the_lines_that_a_row_swallowed(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text("a\nb\nc\n")
        with Lines(path, "utf-8") as lines:
            assert (next(lines), next(lines)) == ("a\n", "b\n")
            assert lines.give_back() == "a\n"
            assert list(lines) == ["b\n", "c\n"]

    def test_finds_the_first_line_that_says_something(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text("\n\nnumber;title\nINC1;x\n")
        assert first_lines(path, "utf-8") == ["number;title"]

    def test_finds_no_line_in_what_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_bytes(lzma.compress(TEXT.encode())[:20])
        assert first_lines(path, "utf-8") == []

    def test_knows_how_far_it_has_read(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text(TEXT)
        with Lines(path, "utf-8") as lines:
            assert list(lines)
            assert lines.bytes_read() == path.stat().st_size

    def test_names_a_file_by_its_hash(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_bytes(b"abc")
        assert sha256_of(path) == hashlib.sha256(b"abc").hexdigest()
