"""Rows come out whole, or are refused alone."""

import csv
import io
import lzma
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenkeel.core.imports.rows import BrokenRow, Row, Sheet, named


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


def sheet(path: Path, text: str | bytes, delimiter: str = ";") -> Sheet:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return Sheet(path, delimiter, "utf-8")


class TestRows:
    def test_are_numbered_as_a_spreadsheet_does(self, path: Path) -> None:
        rows = list(sheet(path, "number;title\r\nA;one\r\nB;two\r\n").rows())
        assert rows == [
            Row(2, {"number": "A", "title": "one"}),
            Row(3, {"number": "B", "title": "two"}),
        ]

    def test_pass_over_rows_that_are_all_delimiters(self, path: Path) -> None:
        found = sheet(path, "number;title\n;\nA;one\n\n;\n")
        assert list(found.rows()) == [Row(3, {"number": "A", "title": "one"})]
        assert found.empty_rows == 3

    def test_leave_out_surplus_columns_without_a_name(self, path: Path) -> None:
        rows = list(sheet(path, "number;title;;;\nA;one;;;\nB;two\n").rows())
        assert rows == [
            Row(2, {"number": "A", "title": "one"}),
            Row(3, {"number": "B", "title": "two"}),
        ]

    def test_keep_what_stands_in_a_column_without_a_name(self, path: Path) -> None:
        (row,) = sheet(path, "number;;\nA;;lost?\n").rows()
        assert row.cells == {"number": "A", "(column 3)": "lost?"}

    def test_keep_both_columns_of_one_name(self) -> None:
        assert named(["number", "team", "team"]) == ["number", "team", "team (2)"]

    def test_read_names_through_blanks(self) -> None:
        assert named([" CI  Name\n(aff) "]) == ["CI Name (aff)"]

    def test_may_hold_line_ends_inside_quotation_marks(self, path: Path) -> None:
        (row,) = sheet(path, 'number;title\nA;"one\r\ntwo;three"\n').rows()
        assert row.cells["title"] == "one\r\ntwo;three"


class TestBrokenRows:
    def test_are_refused_when_a_cell_is_missing(self, path: Path) -> None:
        first, second = sheet(path, "number;title;team\nA;one\nB;two;x\n").rows()
        assert isinstance(first, BrokenRow)
        assert first.reason == "The row ends after 2 cells; the header names 3."
        assert isinstance(second, Row)

    def test_are_refused_when_there_is_a_cell_too_many(self, path: Path) -> None:
        first, second = sheet(path, "number;title\nA;one;more\nB;two\n").rows()
        assert isinstance(first, BrokenRow)
        assert (first.surplus, first.reason) == (("more",), "The row has 3 cells, the header 2.")
        assert isinstance(second, Row)

    def test_do_not_swallow_the_rows_after_them(self, path: Path) -> None:
        rows = list(sheet(path, 'number;title\nA;"one\nB;two\nC;three\n').rows())
        assert [type(row) for row in rows] == [BrokenRow, Row, Row]
        assert [row.number for row in rows] == [2, 3, 4]
        assert rows[0].cells == {"number": "A", "title": "one"}

    def test_do_not_swallow_rows_up_to_the_next_mark(self, path: Path) -> None:
        rows = list(sheet(path, 'number;title\nA;"one\nB;two\nC;"three"\nD;four\n').rows())
        assert [(type(row), row.cells["number"]) for row in rows] == [
            (BrokenRow, "A"),
            (Row, "B"),
            (Row, "C"),
            (Row, "D"),
        ]

    def test_are_refused_when_they_are_no_text(self, path: Path) -> None:
        first, second = sheet(path, b"number;title\nA;caf\xe9\nB;caf\xc3\xa9\n").rows()
        assert isinstance(first, BrokenRow)
        assert "bytes that are no text" in first.reason
        assert second.cells["title"] == "café"

    @pytest.mark.parametrize("title", ["o\0ne", "ö\0ne"])
    def test_are_refused_when_they_hold_a_nul(self, path: Path, title: str) -> None:
        (row,) = sheet(path, f"number;title\nA;{title}\n").rows()
        assert isinstance(row, BrokenRow)
        assert "NUL" in row.reason

    def test_stand_for_the_rest_of_a_damaged_archive(self, path: Path) -> None:
        lines = "".join(f"{n};{n * n:x}\n" for n in range(50_000))
        packed = lzma.compress(f"number;title\n{lines}".encode())
        *whole, last = sheet(path, packed[: len(packed) // 2]).rows()
        assert len(whole) > 1_000
        assert all(isinstance(row, Row) for row in whole)
        assert isinstance(last, BrokenRow)
        assert last.reason.startswith("The file is damaged from here on")


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)
table = st.lists(st.lists(cell, min_size=3, max_size=3).filter(any), max_size=8)


class TestAnyTable:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(table=table, delimiter=st.sampled_from(";,\t|"))
    def test_comes_out_as_it_went_in(
        self, path: Path, table: list[list[str]], delimiter: str
    ) -> None:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([["a", "b", "c"], *table])
        rows = list(sheet(path, out.getvalue(), delimiter).rows())
        assert [[row.cells.get(name, "") for name in "abc"] for row in rows] == table

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(lines=st.lists(st.text('ab";', max_size=6), max_size=8))
    def test_loses_no_line_however_marks_stand(self, path: Path, lines: list[str]) -> None:
        text = "".join(f"{line}\n" for line in ["x;y", *lines])
        sound = [line for line in lines if '"' not in line and line.strip(";")]
        rows = list(sheet(path, text).rows())
        told = [
            part for row in rows for part in (*row.cells.values(), *getattr(row, "surplus", ()))
        ]
        for line in sound:
            for part in filter(None, line.split(";")):
                assert any(part in one for one in told)
