"""How many cases were recorded in a month, by what they have in common (ISRM-57, IF-05).

Months that are over are read from what was counted in the night; what is restricted, which few
cases are, is counted anew each time.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.records import apart, visibility
from evenkeel.core.records.links import Link, LinkKind, Reference
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models import Case, Incident, TrendTally

NOTHING = "(not said)"
LONGEST = 200  # letters of a name
AFFECTED = Q(relation__startswith="affected", target=None)  # by the name that it has elsewhere
Counts = Mapping[tuple[str, Month], int]


class Trends(NamedTuple):
    """What somebody may read: counts by name, and of what is restricted how much there is."""

    named: Counts
    restricted: Mapping[Month, int]


def read(model: type[Case], by: str, months: list[Month], user: User) -> Trends:
    """For a reader: what is hidden from them for being restricted is in no count of a name.

    A member of a federation that is kept apart counts its own cases and shared ones.
    """
    kind, first = model.kind(), months[0]
    hidden = visibility.hidden_from(user, kind)
    mine = user.rights.apart
    if mine and mine.is_member:
        seen = apart.condition(user, kind) or Q()
        among = seen & hidden.condition if hidden else seen
        out = _totals(model, first, seen & ~hidden.condition) if hidden else {}
        return Trends(counted(model, by, first, among), out)
    named = Counter(counted(model, by, *_since(model, by, first)))
    named.update(_tallied(model, by, first))
    if hidden is None:
        return Trends(named, {})
    named.subtract(counted(model, by, first, ~hidden.condition))
    return Trends(+named, _totals(model, first, ~hidden.condition))


def counted(model: type[Case], by: str, first: Month, among: Q | None = None) -> Counts:
    """Counted anew, from the first of these months on; `among` is a condition on records."""
    return _affected(model, first, among) if by == "affected" else _fielded(model, by, first, among)


def recorded(records: Any, path: str, since: datetime) -> Any:
    """Those that count: what was cancelled, or goes on as another kind, was none."""
    found = records.filter(**{f"{path}recorded_at__gte": since})
    return found.exclude(**{f"{path}state__in": ("cancelled", "converted")})


def _tallied(model: type[Case], by: str, first: Month) -> Counts:
    rows = TrendTally.objects.filter(of_kind=model.kind(), by=by, month__gte=_day(first))
    found = rows.values_list("name", "month", "count")
    return {(name, Month(day.year, day.month)): count for name, day, count in found}


def _since(model: type[Case], by: str, first: Month) -> tuple[Month]:
    """The first month that is not tallied."""
    last = TrendTally.objects.filter(of_kind=model.kind(), by=by).order_by("-month").first()
    return (max(first, Month(last.month.year, last.month.month).later(1)) if last else first,)


def _totals(model: type[Case], first: Month, among: Q) -> dict[Month, int]:
    found = recorded(Record.objects.filter(among, of_kind=model.kind()), "", first.begins)
    months = found.order_by().annotate(month=_by_month()).values_list("month")
    return {Month.of(month): count for month, count in months.annotate(Count("pk"))}


def _fielded(model: Any, by: str, first: Month, among: Q | None) -> Counts:
    kept = model.objects.filter(among or Q(), of_kind=model.kind()).order_by()
    field = "service__title" if by == "service" else by
    found = recorded(kept, "", first.begins).annotate(month=_by_month(), what=F(field))
    words = dict(Incident.Cause.choices)
    counts: Counter[tuple[str, Month]] = Counter()
    for month, what, count in found.values_list("month", "what").annotate(Count("pk")):
        counts[str(words.get(what, what) or NOTHING), Month.of(month)] += count
    return counts


def _affected(model: type[Case], first: Month, among: Q | None) -> Counts:
    """By link, or by the name in the system that it was imported from; one may affect several."""
    kind = model.kind()
    links = Link.objects.filter(kind=LinkKind.AFFECTS, source__of_kind=kind)
    named = Reference.objects.filter(AFFECTED, record__of_kind=kind)
    if among is not None:
        theirs = Record.objects.filter(among).values("pk")
        links, named = links.filter(source__in=theirs), named.filter(record__in=theirs)
    counts: Counter[tuple[str, Month]] = Counter()
    for rows, path, what in (
        (links, "source__", "target__title"),
        (named, "record__", "outside_name"),
    ):
        found = recorded(rows, path, first.begins).annotate(month=_by_month(path), what=F(what))
        grouped = found.values_list("month", "what").annotate(Count(path.strip("_"), distinct=True))
        for month, name, count in grouped:
            counts[name, Month.of(month)] += count
    return counts


def _by_month(path: str = "") -> TruncMonth:
    return TruncMonth(f"{path}recorded_at", tzinfo=timezone.get_default_timezone())


def _day(month: Month) -> date:
    return date(month.year, month.number, 1)
