"""What comes back, and grows: cases by month and by what they have in common (ISRM-57, IF-05).

For those who look for the causes behind. They read counts, of all cases; the cases themselves only
where they may see them.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from evenkeel.core.figures.months import Month, last
from evenkeel.core.people.models import User
from evenkeel.core.records.links import Link, LinkKind, Reference
from evenkeel.core.web.navigation import Line, offer
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest
from evenkeel.processes.incidents.screens.quality import is_shown

KINDS: dict[str, type[Case]] = {one.collection: one for one in (Incident, ServiceRequest)}
BY = {
    "service": "Service",
    "affected": "What is affected",
    "category": "Category",
    "cause": "Category of cause",
}
MONTHS = (3, 6, 12)
ROWS = 25  # the most frequent; the rest is added up
NOTHING = "(not said)"
AFFECTED = Q(relation__startswith="affected", target=None)  # by the name that it has elsewhere
Counted = dict[tuple[str, Month], int]


def may_read(user: User) -> bool:
    """Whoever works in the service desk, or has a role in problem management."""
    return is_shown(user) or any(context == "PM" for _, context in user.rights.roles)


@dataclass(frozen=True)
class Trend:
    """Cases of a kind, by what they have in common, over the last months."""

    collection: str
    by: str
    months: list[Month]

    @classmethod
    def asked(cls, given: Any, now: datetime) -> "Trend":
        """By what stands in the address, so that whoever gets it sees the same."""
        collection = given.get("of", "")
        collection = collection if collection in KINDS else Incident.collection
        known = choices(collection)
        by = given.get("by", "")
        many = given.get("months", "")
        how_many = int(many) if many in {str(one) for one in MONTHS} else MONTHS[1]
        return cls(collection, by if by in known else next(iter(known)), last(now, how_many))

    def address(self, **other: str) -> str:
        """Where this stands, or with something else."""
        said = {"of": self.collection, "by": self.by, "months": str(len(self.months))} | other
        return f"?{urlencode(said)}"

    @cached_property
    def counted(self) -> Counted:
        """How many were recorded in each month of each."""
        return _affected(self) if self.by == "affected" else _fielded(self)

    @cached_property
    def rows(self) -> list[tuple[str, list[int], int, str]]:
        """What they share, the counts by month, together, and where the last month went."""
        sums: Counter[str] = Counter()
        for (name, _), count in self.counted.items():
            sums[name] += count
        most = sorted(sums, key=lambda name: (-sums[name], name))
        shown = [self._row(name, [name]) for name in most[:ROWS]]
        return shown + ([self._row("All others", most[ROWS:])] if most[ROWS:] else [])

    @cached_property
    def together(self) -> tuple[str, list[int], int, str]:
        """All of them."""
        return self._row("Together", list({name for name, _ in self.counted}))

    def _row(self, words: str, names: list[str]) -> tuple[str, list[int], int, str]:
        by_month = [sum(self.counted.get((n, month), 0) for n in names) for month in self.months]
        return words, by_month, sum(by_month), _moves(by_month[self._empty :])

    @cached_property
    def _empty(self) -> int:
        """How many months passed before anything was recorded; those say nothing of a mean."""
        first = min((month for _, month in self.counted), default=self.months[-1])
        return min(self.months.index(first), len(self.months) - 2)


def choices(collection: str) -> dict[str, str]:
    """By what the cases of a kind can be counted."""
    return {name: words for name, words in BY.items() if name != "cause" or _has_cause(collection)}


def _has_cause(collection: str) -> bool:
    return KINDS[collection] is Incident


def _moves(by_month: list[int]) -> str:
    """The last whole month against the mean of those before."""
    *before, whole, _ = by_month
    if not sum(before):
        return "new" if whole else ""
    share = round(100 * whole * len(before) / sum(before)) - 100
    return f"{share:+} %" if share else "as before"


def cases(trend: Trend, user: User, name: str, month: Month) -> list[Case]:
    """The cases behind a figure, as far as the reader may see them."""
    records: Any = KINDS[trend.collection].objects
    seen = _recorded(records.visible_to(user), "", month.begins).filter(recorded_at__lt=month.ends)
    if trend.by == "affected":
        linked = Link.objects.filter(kind=LinkKind.AFFECTS, target__title=name)
        named = Reference.objects.filter(AFFECTED, outside_name=name)
        seen = seen.filter(Q(pk__in=linked.values("source")) | Q(pk__in=named.values("record")))
    else:
        field = "service__title" if trend.by == "service" else trend.by
        value = {words: key for key, words in Incident.Cause.choices}.get(name, name)
        empty = Q(**{f"{field}": ""}) if field != "service__title" else Q(service=None)
        seen = seen.filter(empty if name == NOTHING else Q(**{field: value}))
    return list(seen.select_related("service", "case_owner").order_by("-recorded_at")[:100])


def _recorded(records: Any, path: str, since: datetime) -> Any:
    """Those that count: what was cancelled, or goes on as another kind, was none."""
    recorded = records.filter(**{f"{path}recorded_at__gte": since})
    return recorded.exclude(**{f"{path}state__in": ("cancelled", "converted")})


def _by_month(path: str = "") -> TruncMonth:
    return TruncMonth(f"{path}recorded_at", tzinfo=timezone.get_default_timezone())


def _fielded(trend: Trend) -> Counted:
    model: Any = KINDS[trend.collection]
    field = "service__title" if trend.by == "service" else trend.by
    kept = model.objects.filter(of_kind=model.kind()).order_by()
    found = _recorded(kept, "", trend.months[0].begins).annotate(month=_by_month(), what=F(field))
    words = dict(Incident.Cause.choices)
    counted: Counter[tuple[str, Month]] = Counter()
    for month, what, count in found.values_list("month", "what").annotate(Count("pk")):
        counted[str(words.get(what, what) or NOTHING), Month.of(month)] += count
    return counted


def _affected(trend: Trend) -> Counted:
    """By link, or by the name in the system that it was imported from; one may affect several."""
    kind, since = KINDS[trend.collection].kind(), trend.months[0].begins
    links = Link.objects.filter(kind=LinkKind.AFFECTS, source__of_kind=kind)
    named = Reference.objects.filter(AFFECTED, record__of_kind=kind)
    counted: Counter[tuple[str, Month]] = Counter()
    for rows, path, what in (
        (links, "source__", "target__title"),
        (named, "record__", "outside_name"),
    ):
        found = _recorded(rows, path, since).annotate(month=_by_month(path), what=F(what))
        grouped = found.values_list("month", "what").annotate(Count(path.strip("_"), distinct=True))
        for month, name, count in grouped:
            counted[name, Month.of(month)] += count
    return counted


offer("Service desk", Line("Trends", "/trends/", "figures"), may_read)
