"""A record as a report: a page that prints well, with nothing around it; a PDF, a table of it.

A screen names, as its `report`, what a report of its kind says, and as `behind` what the cases
behind a figure of it are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.core.web import exporting
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.pictures import Picture
from evenkeel.core.web.visitor import signed_in

SIZE = 100  # cases on a page


class Opens(str):
    """What stands in a table, and the way to what is behind it."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, text: str, url: str) -> "Opens":
        """The text is the value; so whatever knows no ways takes it as it is."""
        made = super().__new__(cls, text)
        made.url = url
        return made


@dataclass(frozen=True)
class Section:
    """A part of a report: a text, a table, or both; with `figures` after the first column.

    What its `pictures` show stands in its table, too.
    """

    title: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()
    figures: bool = False
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Behind:
    """The cases behind a figure: as many as `count`, and how some of them are read."""

    title: str
    heads: tuple[str, ...]
    count: int
    read: Callable[[slice], Sequence[tuple[str, ...]]]


@dataclass(frozen=True)
class Report:
    """What a report says; everything in words."""

    title: str
    facts: list[tuple[str, str]]
    sections: list[Section]


@require_safe
@signed_in
def show(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """The report as a page."""
    record, report = _reported(user, collection, number)
    return draw(request, "report.html", {"record": record, "report": report})


@require_safe
@signed_in
def as_file(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """The same as a PDF."""
    from evenkeel.core.web import pdf  # noqa: PLC0415  (it draws what is declared here)

    record, report = _reported(user, collection, number)
    name = content_disposition_header(True, f"{record.number}.pdf") or ""
    return HttpResponse(
        pdf.drawn(report, record.number),
        content_type="application/pdf",
        headers={"Content-Disposition": name, "X-Content-Type-Options": "nosniff"},
    )


@require_safe
@signed_in
def as_table(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """The same as CSV: the title of its section before each line of a table."""
    record, report = _reported(user, collection, number)
    return exporting.table(f"{record.number}.csv", _table(report))


@require_safe
@signed_in
def cases(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """The cases behind a figure, a page of them; with `format=csv` all of them as a file."""
    screen = screen_of(collection)
    record = record_of(screen, user, number)
    if screen.behind is None:
        raise Http404(f"There are no cases behind the reports of {collection}.")
    params = request.GET.dict()
    try:
        behind: Behind = screen.behind(record, user, params)
    except Invalid as refused:
        raise Http404(str(refused)) from refused
    if params.pop("format", "") == "csv":
        return exporting.table(
            f"{record.number}-cases.csv", [behind.heads, *behind.read(slice(None))]
        )
    asked = params.pop("page", "1")
    last = max(1, -(-behind.count // SIZE))
    page = min(last, max(1, int(asked) if asked.isdecimal() and len(asked) < 9 else 1))
    context = {
        "record": record,
        "back": f"{record.url}report/" if screen.report else record.url,
        "behind": behind,
        "section": Section(
            "", "", behind.heads, behind.read(slice((page - 1) * SIZE, page * SIZE))
        ),
        "query": urlencode(params, safe=","),
        "page": page,
        "last": last,
    }
    return draw(request, "report_cases.html", context)


def _table(report: Report) -> Iterator[tuple[str, ...]]:
    yield from (("", name, said) for name, said in report.facts)
    for section in report.sections:
        if section.text:
            yield section.title, section.text
        if section.rows:
            yield section.title, *section.heads
            yield from ((section.title, *row) for row in section.rows)


def _reported(user: User, collection: str, number: str) -> tuple[Record, Report]:
    screen = screen_of(collection)
    record = record_of(screen, user, number)
    if screen.report is None:
        raise Http404(f"There is no report of {collection}.")
    return record, screen.report(record, user)
