"""How a service report became what it is: lines over its last periods, and the figures of each."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.core.web.pictures import Picture
from evenkeel.core.web.reports import Behind, Opens, Section
from evenkeel.processes.services.models import ServiceReport, TrendFigure
from evenkeel.processes.services.models.trend import SORTS

HEADS = ("Period", "Recorded", "Solved", "Open at the end", "Kept", "Violated", "Share kept")
_WORDS = {
    "recorded": "Recorded",
    "done": "Solved",
    "open": "Open at the end",
    "kept": "Targets, kept",
    "violated": "Targets, violated",
}
Counts = dict[str, int]


def sections(made: ServiceReport) -> Iterator[Section]:
    """The trend; a report that was counted before there were trends has none."""
    spans: dict[int, tuple[date, date]] = {}
    found: dict[int, Counts] = {}
    for one in made.trend.defer("cases").order_by("-ago"):
        spans[one.ago] = one.span
        found.setdefault(one.ago, {})[one.what] = one.count
    while found and not any(next(iter(found.values())).values()):  # before there was anything
        spans.pop(first := next(iter(found)))
        found.pop(first)
    if not found:
        return
    rows = [(_said(*spans[ago]), *_cells(made, ago, counts)) for ago, counts in found.items()]
    pictures = _pictures([_said(*span) for span in spans.values()], list(found.values()))
    title = f"The last {len(found)} periods" if len(found) > 1 else "The first period"
    yield Section(title, "", HEADS, rows, figures=True, pictures=pictures)


def behind(made: ServiceReport, reader: User, asked: Mapping[str, str]) -> Behind:
    """The cases behind a figure of the trend. Raises Invalid for one that there is not."""
    ago, what = asked.get("ago", ""), asked.get("what", "")
    found = None
    if ago.isdecimal() and len(ago) < 3 and what in SORTS:
        found = made.trend.defer("cases").filter(ago=int(ago), what=what).first()
    if found is None:
        raise Invalid({"ago": ["There is no such figure in the trend."]})
    figure: TrendFigure = found
    return Behind(
        f"{_WORDS[what]}, {_said(*figure.span)}",
        ("Case", "Title"),
        figure.count,
        lambda some: _lines(figure, some, reader),
    )


def _lines(figure: TrendFigure, some: slice, reader: User) -> list[tuple[str, ...]]:
    keys = figure.cases[some]
    numbers = {one.pk: one for one in Record.objects.filter(pk__in=keys)}
    seen: Any = Record.objects.visible_to(reader).filter(pk__in=keys)
    titles = dict(seen.values_list("pk", "title"))
    return [_line(numbers[key], titles.get(key)) for key in keys]


def _line(record: Record, title: str | None) -> tuple[str, ...]:
    number = record.number if title is None else Opens(record.number, record.url)
    return number, title or "–"


def _cells(made: ServiceReport, ago: int, counts: Counts) -> Iterator[str]:
    for what in SORTS:
        count = counts.get(what, 0)
        address = f"{made.url}report/cases/?{urlencode({'ago': ago, 'what': what})}"
        yield Opens(f"{count:,}", address) if count else "0"
    yield "–" if (share := _share(counts)) is None else f"{share:.1f} %"


def _share(counts: Counts) -> float | None:
    decided = counts.get("kept", 0) + counts.get("violated", 0)
    return 100 * counts.get("kept", 0) / decided if decided else None


def _pictures(names: list[str], found: list[Counts]) -> tuple[Picture, ...]:
    volumes = [
        (_WORDS[what], [float(counts.get(what, 0)) for counts in found])
        for what in ("recorded", "done", "open")
    ]
    shares = [("Share kept", [_share(counts) for counts in found])]
    return Picture("Cases", names, volumes), Picture("Share of targets kept", names, shares, "%")


def _said(first: date, last: date) -> str:
    """A whole month by its name, else its first and its last day."""
    after = last + timedelta(days=1)
    if first.day == after.day == 1 and after - first < timedelta(days=32):
        return f"{first:%b %Y}"
    return f"{first:%-d %b} – {last:%-d %b %Y}"
