"""Reading a figure: one query for all months and priorities, and the records behind each number.

Both start from what the reader may see, and from the same conditions, so that a number is a count
of what it opens to; but what is restricted is counted, and it opens to none of that (R-05).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from evenkeel.core.figures.declaring import EVERY, Counted, Figure, Target, Worked
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record

UNRANKED = 0  # the place of records that have no priority
PARTS = ("all", "hit", "miss")
Cells = dict[Month, dict[int, "Cell"]]


@dataclass(frozen=True)
class Cell:
    """What was counted of one priority in one month."""

    cases: int = 0
    hits: int = 0  # of a share, those that hit; of a mean, those that have a value
    total: float = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.cases + other.cases, self.hits + other.hits, self.total + other.total)


@dataclass(frozen=True)
class Reading:
    """A figure as one person may read it; by priority, or by what it is worked out by."""

    figure: Figure
    months: list[Month]
    cells: Cells
    names: Mapping[int, str] = field(default_factory=dict)  # of groups that are no priorities
    targets: Mapping[int, Target] = field(default_factory=dict)  # of those with their own

    def target(self, priority: int | None = EVERY) -> Target | None:
        """What is aimed at for a priority or group, or for all."""
        own = self.targets.get(priority) if priority is not EVERY else None
        return own or self.figure.target(priority)

    def named(self, priority: int | None) -> str:
        """A priority or group in words."""
        if priority is EVERY:
            return f"Every {self.figure.by}"
        if self.figure.worked:
            return self.names.get(priority, f"No {self.figure.by}")
        return f"P{priority}" if priority else "Not prioritised"

    def cell(self, month: Month, priority: int | None = EVERY) -> Cell:
        """What was counted in a month, of one priority or of all."""
        found = self.cells.get(month, {})
        if priority is not EVERY:
            return found.get(priority, Cell())
        return sum(found.values(), Cell())

    def value(self, month: Month, priority: int | None = EVERY) -> float | None:
        """The figure of a month; None where there is nothing to count (R-74)."""
        cell = self.cell(month, priority)
        if self.figure.is_share:
            return 100 * cell.hits / cell.cases if cell.cases else None
        return cell.total / cell.hits if cell.hits else None

    @property
    def priorities(self) -> list[int]:
        """Those of which anything was counted; groups in the order of their names."""
        there = {priority for found in self.cells.values() for priority in found}
        return sorted(there, key=lambda one: (not one, self.names.get(one, ""), one))


def read(figure: Figure, user: User, months: list[Month], now: datetime) -> Reading:
    """The figure in these months, oldest first. One query, where the process works out nothing."""
    if figure.worked:
        return _worked(figure, figure.worked, user, months, now)
    if not figure.counted:
        return Reading(figure, months, {})
    if figure.is_standing:
        return Reading(figure, months, _standing(figure, user, months, now))
    return Reading(figure, months, _happened(figure, user, months))


def behind(
    figure: Figure, user: User, month: Month, *, priority: int | None, part: str, now: datetime
) -> Iterator["tuple[Counted, QuerySet[Any]]"]:
    """The records behind one number, kind by kind: all of them, those that hit, or the rest."""
    for one, found in figure.worked.behind(user, month, priority, now) if figure.worked else ():
        yield one, found if part == "all" else found.filter(is_hit=int(part == "hit"))
    for one in figure.counted:
        within = _there(min(month.ends, now)) if one.standing else _in(one, month, month)
        if priority is not EVERY:
            within &= Q(priority=priority) if priority else Q(priority=None)
        seen: Any = one.model.objects.visible_to(user)
        found = seen.filter(one.among & within)
        # Said of each record, for what a relation says cannot be turned round in a condition.
        is_hit = Case(When(_hit(one, min(month.ends, now)), then=Value(1)), default=Value(0))
        found = found.annotate(is_hit=is_hit)
        yield one, found if part == "all" else found.filter(is_hit=int(part == "hit"))


def _worked(
    figure: Figure, worked: Worked, user: User, months: list[Month], now: datetime
) -> Reading:
    cells: Cells = {
        month: {group: Cell(cases, hits) for group, (hits, cases) in found.items()}
        for month, found in worked.amounts(user, months, now).items()
    }
    groups = {group for found in cells.values() for group in found}
    return Reading(figure, months, cells, names_of(groups), worked.targets(now))


def names_of(groups: Iterable[int]) -> dict[int, str]:
    """What records are called, by key."""
    return dict(Record.objects.filter(pk__in=groups).values_list("pk", "title"))


def _happened(figure: Figure, user: User, months: list[Month]) -> Cells:
    """Of what happened in each month."""
    found = [_by_month(one, user, months) for one in figure.counted]
    rows = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    cells: Cells = {}
    for row in rows:
        counted = Cell(row["cases"], row["hits"], float(row["total"] or 0))
        _add(cells, Month.of(row["month"]), row["rank"], counted)
    return cells


def _by_month(one: Counted, user: User, months: list[Month]) -> "QuerySet[Any, Any]":
    zone = timezone.get_default_timezone()
    seen = one.model.objects.counted_by(user).filter(one.among & _in(one, months[0], months[-1]))
    return (
        seen.order_by()
        .values(month=TruncMonth(one.moment, tzinfo=zone), rank=F("priority"))
        .annotate(
            cases=Count("pk"),
            hits=Count("pk", filter=_hit(one, months[-1].ends)),
            total=Sum(
                F(one.value) * (1.0 / one.scale) if one.value else Value(0.0),
                output_field=FloatField(),
            ),
        )
    )


def _standing(figure: Figure, user: User, months: list[Month], now: datetime) -> Cells:
    """Of what is there at the end of each month, or now where it has not ended."""
    cells: Cells = {}
    ends = [min(month.ends, now) for month in months]
    for one in figure.counted:
        counts = {f"cases_{n}": _count(_there(end)) for n, end in enumerate(ends)}
        counts |= {f"hits_{n}": _count(_there(end) & _hit(one, end)) for n, end in enumerate(ends)}
        seen: Any = one.model.objects.counted_by(user)
        there = seen.filter(one.among & _still_there(ends[0]))
        for row in there.order_by().values(rank=F("priority")).annotate(**counts):
            for n, month in enumerate(months):
                if row[f"cases_{n}"]:
                    _add(cells, month, row["rank"], Cell(row[f"cases_{n}"], row[f"hits_{n}"]))
    return cells


def _add(cells: Cells, month: Month, rank: int | None, counted: Cell) -> None:
    of_month = cells.setdefault(month, {})
    of_month[rank or UNRANKED] = of_month.get(rank or UNRANKED, Cell()) + counted


def _in(one: Counted, first: Month, last: Month) -> Q:
    return Q(**{f"{one.moment}__gte": first.begins, f"{one.moment}__lt": last.ends})


def _hit(one: Counted, end: datetime) -> Q:
    """What makes a record one of those that the share is of, or gives it a value."""
    if one.standing:
        return Q(recorded_at__lt=end - one.standing)
    return one.hit if one.hit is not None else Q(**{f"{one.value}__isnull": False})


def _still_there(end: datetime) -> Q:
    return Q(is_open=True) | Q(closed_at__gte=end)


def _there(end: datetime) -> Q:
    """Recorded before a moment and not closed by then."""
    return Q(recorded_at__lt=end) & _still_there(end)


def _count(when: Q) -> Any:
    return Count(Case(When(when, then=Value(1))))


def as_rows(reading: Reading, priority: int | None = EVERY) -> list[Mapping[str, Any]]:
    """The figure month by month in plain values, for files and programs."""
    return [
        {
            "month": str(month),
            "cases": cell.cases,
            "hits": cell.hits,
            "value": None if value is None else round(value, 2),
        }
        for month in reading.months
        for cell, value in ((reading.cell(month, priority), reading.value(month, priority)),)
    ]
