"""Cells become values, or are refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenkeel.core.imports.converters import decimal, html, number, one_of, scale
from evenkeel.core.imports.moments import Unreadable


class TestScale:
    @pytest.mark.parametrize("cell", ["5", " 5 ", "5 - Very Low", "5-very low"])
    def test_is_read_with_or_without_its_words(self, cell: str) -> None:
        assert scale(cell) == 5

    @pytest.mark.parametrize("cell", ["Very Low", "5th", "5.5", "-5"])
    def test_is_refused_without_a_place(self, cell: str) -> None:
        with pytest.raises(Unreadable, match="is not a place on a scale"):
            scale(cell)


class TestNumber:
    @given(st.integers(-(10**17), 10**17))
    def test_comes_back(self, value: int) -> None:
        assert number(f" {value} ") == value

    @pytest.mark.parametrize("cell", ["1,5", "1.000", "x", "1_000", "٣"])
    def test_is_refused_when_it_is_not_whole(self, cell: str) -> None:
        with pytest.raises(Unreadable, match="is not a whole number"):
            number(cell)


class TestDecimal:
    @given(st.decimals(-(10**9), 10**9, places=6))
    def test_comes_back_with_a_comma(self, value: Decimal) -> None:
        assert decimal(",")(f"{value:f}".replace(".", ",")) == value

    @pytest.mark.parametrize("cell", ["1.5", "1,5,0", "NaN", "1e5", "1.000,5", ","])
    def test_is_refused_when_it_is_written_otherwise(self, cell: str) -> None:
        with pytest.raises(Unreadable, match='with "," as its decimal mark'):
            decimal(",")(cell)


class TestValueMap:
    def test_is_read_in_any_case_and_spacing(self) -> None:
        read = one_of({"Work in progress": "in_progress"}, "refuse")
        assert read(" WORK  in Progress") == "in_progress"

    def test_refuses_what_it_does_not_name(self) -> None:
        with pytest.raises(Unreadable, match="is none of Closed, Open"):
            one_of({"Closed": 1, "Open": 2}, "refuse")("Pending")

    def test_keeps_what_it_does_not_name_when_told_to(self) -> None:
        assert one_of({"Overig": "Other"}, "keep")(" Software ") == "Software"

    def test_passes_over_what_it_does_not_name_when_told_to(self) -> None:
        assert one_of({"Awaiting User": "user"}, "nothing")("Active") is None


class TestHtml:
    @pytest.mark.parametrize(
        ("cell", "words"),
        [
            ("No marks", "No marks"),
            ("<p>One</p><p>two  <b>three</b></p>", "One\ntwo three"),
            ("a<br/>b<br>c", "a\nb\nc"),
            ("1 &lt; 2 &amp; &eacute;", "1 < 2 & é"),
            ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
            ("<script>alert(1)</script>safe<style>p {}</style>", "safe"),
            ("<img src=x onerror=alert(1)>seen", "seen"),
            ("<p>never closed <b>", "never closed"),
            ("2 < 3", "2 < 3"),
            ("<!-- hidden -->shown", "shown"),
            ("</script>still here", "still here"),
        ],
    )
    def test_becomes_the_words_that_one_would_read(self, cell: str, words: str) -> None:
        assert html(cell) == words
