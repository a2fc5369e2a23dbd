"""The figures of a process as pages: all of them, one with its table, and the cases behind one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from markupsafe import Markup

from evenkeel.core.figures import declaring, months, reading
from evenkeel.core.figures.declaring import EVERY, Counted, Figure
from evenkeel.core.figures.months import Month
from evenkeel.core.figures.reading import Cell, Reading
from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind
from evenkeel.core.process import ProcessConfig
from evenkeel.core.records.record import kinds
from evenkeel.core.web import charts, exporting, words
from evenkeel.core.web.charts import Chart
from evenkeel.core.web.columns import priority_badge, state_badge
from evenkeel.core.web.door import visitor
from evenkeel.core.web.page import draw
from evenkeel.core.web.processes import process_of
from evenkeel.core.web.visitor import signed_in

AT_ONCE = 200  # cases on a page
PRIORITIES = (EVERY, 1, 2, 3, 4, 5)
NAMES = ("figure", "title", "month", "priority", "cases", "hits", "value", "unit")


@dataclass(frozen=True)
class Card:
    """A figure as it stands on the page of all: where it is now, and how it came there."""

    figure: Figure
    chart: Chart
    url: str
    now: str
    aim: str
    of: str
    verdict: str  # "fine", "off", or "" where there is nothing to judge
    before: str
    behind: str  # the address of the cases of this month


@dataclass(frozen=True)
class Number:
    """One number of the table, and what it opens to."""

    said: str
    of: str
    url: str
    is_off: bool


@dataclass(frozen=True)
class Row:
    """A case behind a number."""

    url: str
    number: str
    title: str
    state: Markup
    priority: Markup
    moment: Markup
    verdict: str


@require_safe
@signed_in
def show(request: HttpRequest, user: User, process: str) -> HttpResponseBase:
    """The places of all figures, which fetch their cards; one card; or all of it as a file."""
    config, now = process_of(process, user), timezone.now()
    declared = list(declaring.of(config.label))
    if not declared:
        raise Http404(f"{process} declares no figures.")
    if code := request.GET.get("card"):
        figure = figure_of(config, code)
        read = reading.read(figure, user, months.last(now), now)
        card = _card(read, config, group_of(request, figure))
        return draw(request, "figure_card.html", {"card": card})
    if request.GET.get("format") == "csv":
        trail.append(Kind.EXPORTED, visitor(request), person=user, said=f"figures of {process}")
        all_read = (reading.read(figure, user, months.last(now), now) for figure in declared)
        return _as_csv(all_read, f"figures-{process}-{timezone.localdate()}.csv")
    context = {
        "process": config,
        "places": [
            (one, _address(one, group_of(request, one), "all", card=one.code)) for one in declared
        ],
        "choices": [] if all(one.worked for one in declared) else _choices(priority_of(request)),
    }
    return draw(request, "figures.html", context)


@require_safe
@signed_in
def one(request: HttpRequest, user: User, process: str, code: str) -> HttpResponseBase:
    """One figure: how it is made, its line, and its table by month and priority."""
    config, now = process_of(process, user), timezone.now()
    figure = figure_of(config, code)
    priority, read = group_of(request, figure), reading.read(figure, user, months.last(now), now)
    ranks = [EVERY, *read.priorities]
    context = {
        "process": config,
        "card": _card(read, config, priority),
        "choices": _groups(read, priority) if figure.worked else _choices(priority),
        "heads": ["All", *(read.named(rank) for rank in read.priorities)],
        "rows": [
            (month.said, [_number(read, config, month, rank) for rank in ranks])
            for month in reversed(read.months)
        ],
    }
    return draw(request, "figure.html", context)


@require_safe
@signed_in
def cases(
    request: HttpRequest, user: User, process: str, code: str, month: str
) -> HttpResponseBase:
    """The cases behind one number: as many as it says."""
    config, now = process_of(process, user), timezone.now()
    figure, of_month = figure_of(config, code), Month.read(month)
    part, priority = request.GET.get("part", "all"), group_of(request, figure)
    if of_month is None or part not in reading.PARTS or of_month.begins > now:
        raise Http404(f"There is no number {month} of {code}.")
    found = list(reading.behind(figure, user, of_month, priority=priority, part=part, now=now))
    after = request.GET.get("after", "")
    rows = list(islice(_rows(figure, found, int(after) if _is_key(after) else 0), AT_ONCE + 1))
    context = {
        "process": config,
        "figure": figure,
        "month": of_month,
        "named": "" if priority is EVERY else _group(figure, priority),
        "rows": [row for _, row in rows[:AT_ONCE]],
        "count": sum(records.count() for _, records in found),
        "more": _address(figure, priority, part, rows[AT_ONCE - 1][0])
        if len(rows) > AT_ONCE
        else "",
        "parts": [
            (words_, _address(figure, priority, name), name == part)
            for name, words_ in (("all", "All"), ("hit", figure.hit), ("miss", figure.miss))
        ],
    }
    return draw(request, "figure_cases.html", context)


def figure_of(config: ProcessConfig, code: str) -> Figure:
    """The figure of that code, if the process declares it; 404 otherwise."""
    found = declaring.figures.get(code.upper())
    if found is None or found.process != config.label:
        raise Http404(f"There is no figure {code}.")
    return found


def priority_of(request: HttpRequest) -> int | None:
    """The priority that the address asks for; any other word asks for all."""
    given = request.GET.get("priority", "")
    return int(given) if given in {"0", "1", "2", "3", "4", "5"} else EVERY


def group_of(request: HttpRequest, figure: Figure) -> int | None:
    """The priority that the address asks for; of a figure by something else, the key of that."""
    if figure.worked is None:
        return priority_of(request)
    given = request.GET.get("of", "")
    return int(given) if _is_key(given) else EVERY


def _card(read: Reading, config: ProcessConfig, priority: int | None) -> Card:
    figure, this = read.figure, read.months[-1]
    url = f"/processes/{config.label}/figures/{figure.code}/"
    value, target = read.value(this, priority), read.target(priority)
    fine = target.holds(value) if target and value is not None else None
    return Card(
        figure,
        Chart(read, priority),
        url + _address(figure, priority, "all"),
        charts.said(value, figure.unit),
        charts.aim(target, figure.unit),
        _of(figure, read.cell(this, priority)),
        {None: "", True: "fine", False: "off"}[fine],
        charts.said(read.value(read.months[-2], priority), figure.unit),
        f"{url}{this}/{_address(figure, priority, 'all')}",
    )


def _number(read: Reading, config: ProcessConfig, month: Month, rank: int | None) -> Number:
    figure, cell, value = read.figure, read.cell(month, rank), read.value(month, rank)
    target = read.target(rank)
    return Number(
        charts.said(value, figure.unit) if cell.cases or rank is EVERY else "",
        _of(figure, cell),
        f"/processes/{config.label}/figures/{figure.code}/{month}/{_address(figure, rank, 'all')}",
        is_off=bool(target and value is not None and not target.holds(value)),
    )


def _of(figure: Figure, cell: Cell) -> str:
    """From how many it is: 18 of 20; of what is worked out, in its unit."""
    if (worked := figure.worked) and worked.unit:
        hits, cases = cell.hits / worked.scale, cell.cases / worked.scale
        return f"{hits:,.1f} of {cases:,.1f} {worked.unit}"
    return f"{cell.hits:,} of {cell.cases:,}"


def _address(figure: Figure, group: int | None, part: str, after: int = 0, card: str = "") -> str:
    given = [f"card={card}"] if card else []
    given += [] if group is EVERY else [f"{'of' if figure.worked else 'priority'}={group}"]
    given += [] if part == "all" else [f"part={part}"]
    given += [f"after={after}"] if after else []
    return f"?{'&'.join(given)}" if given else ""


def _choices(chosen: int | None) -> list[tuple[str, str, bool]]:
    named = {EVERY: "Every priority"} | {one: f"P{one}" for one in PRIORITIES if one}
    return [(named[one], f"?priority={one}" if one else "?", one == chosen) for one in PRIORITIES]


def _groups(read: Reading, chosen: int | None) -> list[tuple[str, str, bool]]:
    """The same of what a figure is worked out by."""
    return [
        (read.named(one), "?" if one is EVERY else f"?of={one}", one == chosen)
        for one in (EVERY, *read.priorities)
    ]


def _group(figure: Figure, group: int) -> str:
    """A priority or group in words."""
    names = reading.names_of([group]) if figure.worked else {}
    return Reading(figure, [], {}, names).named(group)


def _rows(
    figure: Figure, found: list[tuple[Counted, Any]], after: int
) -> Iterator[tuple[int, Row]]:
    """The cases of all kinds in the order of their keys, from a place on."""
    kinds_ = [_of_kind(figure, one, records, after) for one, records in found]
    return merge(*kinds_, key=lambda keyed: keyed[0])


def _of_kind(figure: Figure, one: Counted, records: Any, after: int) -> Iterator[tuple[int, Row]]:
    moment, value = one.moment or "recorded_at", one.value or "pk"
    names = ("pk", "of_kind", "number", "title", "state", "priority", moment, "is_hit", value)
    ordered = records.filter(pk__gt=after).order_by("pk").values_list(*names)
    for row in ordered[: AT_ONCE + 1]:
        yield row[0], _row(figure, one, row)


def _row(figure: Figure, one: Counted, row: tuple[Any, ...]) -> Row:
    _, kind, number, title, state, priority, moment, is_hit, value = row
    verdict = figure.hit if is_hit else figure.miss
    if one.value and value is not None:
        verdict = charts.said(value / one.scale, figure.unit)
    return Row(
        f"/{kinds()[kind].collection}/{number}/",
        number,
        title,
        state_badge(kind, state),
        priority_badge(priority),
        words.when(moment),
        verdict,
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def _as_csv(read: Iterable[Reading], name: str) -> HttpResponseBase:
    """Every figure, month by month, for all priorities or groups and for each."""
    rows = (
        [
            *(one.figure.code, one.figure.title, row["month"], one.named(rank)),
            *(row["cases"], row["hits"], "" if row["value"] is None else row["value"]),
            str(one.figure.unit),
        ]
        for one in read
        for rank in (EVERY, *one.priorities)
        for row in reading.as_rows(one, rank)
    )
    return exporting.table(name, chain([NAMES], rows))
