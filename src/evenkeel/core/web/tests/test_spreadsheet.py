"""A workbook says what the rows say, whole, runs nothing, and is never held as a whole."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evenkeel.core.web import spreadsheet
from evenkeel.core.web.tests.workbooks import read, texts

BERLIN = ZoneInfo("Europe/Berlin")


def written(*rows: list[Any], names: tuple[str, ...] = ("number", "title")) -> bytes:
    return b"".join(spreadsheet.written(names, iter(rows), BERLIN))


def cell(value: Any) -> tuple[str, str]:
    ((_, (found,)),) = read(written([value], names=("value",)))
    return found


class TestCell:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
    def test_with_the_text_of_a_formula_is_that_text_and_no_formula(self, text: str) -> None:
        assert cell(text) == ("inlineStr", text)
        assert b"<f>" not in written([text, text])

    @pytest.mark.parametrize(
        "text", ["007", "1e5", " two  blanks ", "a\nb", "<b>&amp;</b>", "Ärger"]
    )
    def test_keeps_a_text_as_it_is(self, text: str) -> None:
        assert cell(text) == ("inlineStr", text)

    @pytest.mark.parametrize(
        ("text", "spelled"),
        [("a\x07b", "a_x0007_b"), ("a\rb", "a_x000D_b"), ("_x0041_", "_x005F_x0041_")],
    )
    def test_spells_what_xml_cannot_hold_as_spreadsheets_do(self, text: str, spelled: str) -> None:
        assert cell(text) == ("inlineStr", spelled)

    def test_holds_as_much_of_a_text_as_the_format_does(self) -> None:
        assert cell("a" * 32_767)[1] == "a" * 32_767
        assert cell("a" * 32_768)[1] == "a" * 32_766 + "…"
        assert cell("🖨" * 16_384)[1] == "🖨" * 16_383 + "…"  # two units each

    def test_is_a_number_or_a_truth_where_the_value_is(self) -> None:
        assert cell(42) == ("n", "42")
        assert cell(Decimal("99.95")) == ("n", "99.95")
        assert cell(True) == ("b", "1")
        assert cell(None) == ("n", "")

    def test_is_a_text_where_a_spreadsheet_would_round_the_number(self) -> None:
        assert cell(9_007_199_254_740_993) == ("inlineStr", "9007199254740993")

    def test_says_days_and_moments_as_dates_in_the_zone_of_the_reader(self) -> None:
        assert cell(date(2026, 3, 1)) == ("n", "46082")
        summer = cell(datetime(2026, 7, 1, 10, 0, tzinfo=UTC))  # noon in Berlin
        assert (summer[0], float(summer[1])) == ("n", 46204.5)
        assert cell(date(1899, 5, 1)) == ("inlineStr", "1899-05-01")


class TestWorkbook:
    def test_without_rows_has_a_head(self) -> None:
        assert texts(written()) == [["number", "title"]]

    def test_goes_on_in_another_sheet_when_one_has_all_the_rows_it_can(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(spreadsheet, "ROWS", 3)  # a head and two
        for count, sheets in ((2, 1), (3, 2), (4, 2), (5, 3)):
            found = read(written(*([str(n), "x"] for n in range(count))))
            assert len(found) == sheets
            assert all(len(sheet) <= 3 and sheet[0][0][1] == "number" for sheet in found)
            assert [row[0][1] for sheet in found for row in sheet[1:]] == list("01234"[:count])

    def test_goes_on_in_another_sheet_before_one_is_too_large(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(spreadsheet, "_BATCH", 2)
        monkeypatch.setattr(spreadsheet, "_BYTES", 100)
        found = read(written(*([str(n), "x"] for n in range(5))))
        assert [len(sheet) for sheet in found] == [3, 3, 2]
        assert [row[0][1] for sheet in found for row in sheet[1:]] == list("01234")

    def test_needs_no_more_memory_for_many_rows_than_for_few(self) -> None:
        def peak(count: int) -> int:
            rows: Iterator[list[Any]] = ([f"INC-{n}", f"Trouble {n}"] for n in range(count))
            tracemalloc.start()
            for _ in spreadsheet.written(("number", "title"), rows, BERLIN):
                pass
            _, highest = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return highest

        peak(1_000)  # what is made once
        assert peak(40_000) < 1.2 * peak(2_000)

    def test_comes_in_pieces_and_may_be_left_in_the_middle(self) -> None:
        rows: Iterator[list[Any]] = ([str(n), "x" * 50] for n in range(10_000))
        pieces = spreadsheet.written(("number", "title"), rows, BERLIN)
        assert next(pieces)
        assert int(next(rows)[0]) < 2_000
        pieces.close()  # type: ignore[attr-defined]
