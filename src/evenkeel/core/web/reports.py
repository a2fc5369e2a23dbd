"""A record as a report: a page that prints well, with nothing around it; a PDF of the same.

A screen names, as its `report`, what a report of its kind says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in


@dataclass(frozen=True)
class Section:
    """A part of a report: a text, a table, or both."""

    title: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()


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


def _reported(user: User, collection: str, number: str) -> tuple[Record, Report]:
    screen = screen_of(collection)
    record = record_of(screen, user, number)
    if screen.report is None:
        raise Http404(f"There is no report of {collection}.")
    return record, screen.report(record, user)
