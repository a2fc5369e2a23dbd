"""Files are known by their headers, and refused rows come back to be read again."""

import csv
from pathlib import Path

import pytest

from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.recognise import Unrecognised, recognise
from evenkeel.core.imports.refusals import Refusal, RefusalsFile
from evenkeel.core.imports.rows import BrokenRow, Row
from evenkeel.core.imports.tests.made_up import CASES, MADE_UP


class TestRecognise:
    def test_tells_a_file_by_its_header(self, tmp_path: Path) -> None:
        path = tmp_path / "whatever.txt"
        path.write_text(CASES)
        (source,) = recognise(MADE_UP, path)
        assert source.mapping.name == "cases"
        assert [row.number for row in source.rows()] == [2, 4, 5]

    def test_passes_over_the_title_of_a_sheet_above_the_header(self, tmp_path: Path) -> None:
        path = tmp_path / "sheet.csv"
        path.write_text(f"Cases of October;;\n;;\nAll teams;;\n{CASES}")
        (source,) = recognise(MADE_UP, path)
        assert [row.number for row in source.rows()] == [5, 7, 8]
        path.write_text(f"One\nTwo\nThree\n{CASES}")
        with pytest.raises(Unrecognised):
            recognise(MADE_UP, path)

    @pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "Case,Status\n"])
    def test_says_what_it_looked_for(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "other.csv"
        path.write_text(text)
        with pytest.raises(Unrecognised, match=r"other\.csv is none .*cases by Case, Status"):
            recognise(MADE_UP, path)


def refused(kind: str, **more: object) -> Refusal:
    flaws = (Flaw("priority", "Prio", "high", "is not a place on a scale"),)
    cells = {"Case": "C1", "Status": "Open"} if kind == "cases" else {"Case": "C2", "Step": "a;b"}
    return Refusal(kind, "f.csv", 7, flaws, cells, **more)  # type: ignore[arg-type]


class TestRefusalsFile:
    def test_is_not_made_when_nothing_was_refused(self, tmp_path: Path) -> None:
        assert RefusalsFile(tmp_path / "r.csv", ["Case"]).close() is None
        assert not list(tmp_path.iterdir())

    def test_says_row_field_value_and_reason(self, tmp_path: Path) -> None:
        file = RefusalsFile(tmp_path / "r.csv", ["Case", "Status"])
        file.add(refused("cases"))
        path = file.close()
        assert path
        with path.open(newline="") as told:
            (row,) = csv.DictReader(told)
        assert row["refused: row"] == "7"
        assert row["refused: field"] == "priority"
        assert row["refused: value"] == "high"
        assert row["refused: reason"] == "Prio is not a place on a scale"
        assert row["Case"] == "C1"

    def test_is_read_again_kind_by_kind(self, tmp_path: Path) -> None:
        file = RefusalsFile(tmp_path / "r.csv", ["Case", "Status", "Case", "Step"])
        file.add(refused("cases"))
        file.add(refused("steps"))
        file.close()
        read = {one.mapping.name: list(one.rows()) for one in recognise(MADE_UP, file.path)}
        assert read == {
            "cases": [Row(2, {"Case": "C1", "Status": "Open"})],
            "steps": [Row(3, {"Case": "C2", "Step": "a;b"})],
        }

    def test_is_not_taken_with_cells_too_many_until_somebody_put_them_right(
        self, tmp_path: Path
    ) -> None:
        file = RefusalsFile(tmp_path / "r.csv", ["Case", "Status"])
        file.add(refused("cases", surplus=("lost",)))
        file.close()
        ((row,),) = (list(one.rows()) for one in recognise(MADE_UP, file.path))
        assert isinstance(row, BrokenRow)
        assert 'empty "refused: surplus"' in row.reason

    def test_keeps_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        file = RefusalsFile(tmp_path / "r.csv", ["Case"])
        file.add(
            Refusal("cases", "f", 2, (), {"Case": b"caf\xe9".decode("utf-8", "surrogateescape")})
        )
        assert file.close()
        assert b"caf\xe9" in file.path.read_bytes()

    def test_may_replace_the_file_that_was_read(self, tmp_path: Path) -> None:
        path = tmp_path / "r.csv"
        path.write_text("before")
        file = RefusalsFile(path, ["Case"])
        file.add(refused("cases"))
        assert path.read_text() == "before"
        file.close()
        assert path.read_text() != "before"
