"""A program of its own: what a report says comes in as JSON, its PDF goes out.

It knows neither the database nor Django, so that it begins at once and needs little memory.
"""

import json
import sys
from typing import Any, TypedDict

from fpdf import FPDF
from fpdf.fonts import FontFace

from evenkeel.core.web.assets import DIST
from evenkeel.core.web.pictures import HIGH, LEFT, WIDE, Picture

FONT, WIDER = "inter-latin-wght-normal", "inter-latin-ext-wght-normal"
MARGIN, LABEL = 20, 40  # mm
SMALL, TEXT, HEADING, TITLE = 8, 10, 13, 18  # points
LINE, ROW = 5.2, 6.4  # mm
GREY = 90
STROKES: dict[str, dict[str, float]] = {
    "solid": {},
    "dashed": {"dash": 2, "gap": 1},
    "dotted": {"dash": 0.5, "gap": 0.8},
}


class Section(TypedDict):
    """As `reports.Section`, in what JSON knows."""

    title: str
    text: str
    heads: list[str]
    rows: list[list[str]]
    figures: bool
    pictures: list[dict[str, Any]]  # as `pictures.Picture`


class Sheet(FPDF):
    """A4, with the number of the record and of the page at its foot."""

    def __init__(self, number: str) -> None:
        super().__init__(format="A4")
        self.number = number

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FONT, size=SMALL)
        self.cell(0, 8, f"{self.number} · {self.page_no()} of {{nb}}", align="R")


def main() -> None:
    sys.stdout.buffer.write(_drawn(**json.load(sys.stdin.buffer)))


def _drawn(report: dict[str, Any], number: str) -> bytes:
    pdf = _empty(report["title"], number)
    pdf.add_page()
    _write(pdf, report["title"], TITLE, 8)
    pdf.ln(3)
    for name, said in report["facts"]:
        _beside(pdf, name, said)
    for section in report["sections"]:
        _section(pdf, section)
    return bytes(pdf.output())


def _empty(title: str, number: str) -> Sheet:
    pdf = Sheet(number)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_title(title)
    pdf.set_lang("en-GB")
    for name in (FONT, WIDER):
        pdf.add_font(name, fname=next(DIST.glob(f"{name}-*.woff2")))
    pdf.set_fallback_fonts([WIDER], exact_match=False)
    return pdf


def _section(pdf: FPDF, section: Section) -> None:
    pdf.ln(5)
    if not section["pictures"] and not section["text"]:
        _keep_whole(pdf, len(section["rows"]) + 3)
    _write(pdf, section["title"], HEADING, 6.5)
    pdf.ln(1)
    if section["text"] or not section["rows"]:
        _write(pdf, section["text"] or "Nothing is said.", TEXT, LINE)
    for picture in section["pictures"]:
        _picture(pdf, Picture(**picture))
    if section["rows"]:
        _keep_whole(pdf, len(section["rows"]) + 1)
        _table(pdf, section)


def _keep_whole(pdf: FPDF, rows: int) -> None:
    """A short table stands on one page; a long one goes on on the next, with its heads again."""
    if rows * ROW < pdf.eph / 2 and pdf.will_page_break(rows * ROW):
        pdf.add_page()


def _picture(pdf: FPDF, picture: Picture) -> None:
    """The lines of a picture, told apart by their strokes, with the words of its page."""
    scale = (pdf.w - 2 * MARGIN) / WIDE
    if pdf.will_page_break(HIGH * scale + 3 * LINE):
        pdf.add_page()
    names = ", ".join(
        f"{name} ({how})" for (name, _), how in zip(picture.series, STROKES, strict=False)
    )
    _write(pdf, f"{picture.title}: {names}" if len(picture.series) > 1 else picture.title, SMALL, 4)
    left, top = MARGIN, pdf.get_y() + 1
    pdf.set_font(FONT, size=SMALL - 1)
    pdf.set_draw_color(220)
    for y, words in picture.edges:
        pdf.line(left + LEFT * scale, top + y * scale, pdf.w - MARGIN, top + y * scale)
        pdf.text(left, top + y * scale + 1, words)
    for x, words in picture.named:
        at = min(left + x * scale - 4, pdf.w - MARGIN - pdf.get_string_width(words))
        pdf.text(at, top + (HIGH - 5) * scale, words)
    pdf.set_draw_color(40)
    for line, stroke in zip(picture.lines, STROKES.values(), strict=False):
        pdf.set_dash_pattern(**stroke)
        for piece in line.pieces:
            pdf.polyline([(left + p.x * scale, top + p.y * scale) for p in piece])
    pdf.set_dash_pattern()
    pdf.set_y(top + HIGH * scale + 2)


def _table(pdf: FPDF, section: Section) -> None:
    pdf.set_font(FONT, size=SMALL)
    pdf.set_draw_color(200)
    longest = [
        max(len(row[place]) for row in section["rows"]) for place in range(len(section["heads"]))
    ]
    widths = [min(max(length, 14), 70) for length in longest]
    with pdf.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=widths,
        line_height=4.4,
        padding=(0.8, 1, 0.8, 0),
        text_align=(
            "LEFT",
            *["RIGHT" if section["figures"] else "LEFT"] * (len(section["heads"]) - 1),
        ),
        v_align="T",
        headings_style=FontFace(emphasis="", color=GREY),
    ) as table:
        table.row(section["heads"])
        for cells in section["rows"]:
            table.row(cells)


def _write(pdf: FPDF, text: str, size: int, line: float) -> None:
    pdf.set_font(FONT, size=size)
    pdf.multi_cell(0, line, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _beside(pdf: FPDF, name: str, said: str) -> None:
    pdf.set_font(FONT, size=TEXT)
    pdf.set_text_color(GREY)
    pdf.cell(LABEL, LINE, name)
    pdf.set_text_color(0)
    pdf.multi_cell(0, LINE, said, new_x="LMARGIN", new_y="NEXT", align="L")


if __name__ == "__main__":
    main()
