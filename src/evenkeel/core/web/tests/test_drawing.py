"""A short table of a PDF is not torn apart by the end of a page."""

import pytest

from evenkeel.core.web import drawing


@pytest.mark.parametrize(
    ("from_the_top", "rows", "page"),
    [(40, 6, 1), (240, 6, 2), (240, 1, 1), (240, 60, 1)],
    ids=["has room", "moves to the next page", "just fits", "is too long for any page"],
)
def test_a_table_stands_whole_where_it_can(from_the_top: int, rows: int, page: int) -> None:
    pdf = drawing._empty("Report", "REP-1")
    pdf.add_page()
    pdf.set_y(from_the_top)
    drawing._keep_whole(pdf, rows)
    assert pdf.page_no() == page
