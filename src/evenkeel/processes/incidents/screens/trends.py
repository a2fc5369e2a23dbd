"""What comes back, and grows: cases by month and by what they have in common (ISRM-57, IF-05).

For those who look for the causes behind. They read counts, of all cases; the cases themselves only
where they may see them. Of what is restricted and hidden from them they read how much it is.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from evenkeel.core.figures.months import Month, last
from evenkeel.core.people.models import User
from evenkeel.core.records.links import Link, LinkKind, Reference
from evenkeel.core.rules import Invalid
from evenkeel.core.web.navigation import Line, offer
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest
from evenkeel.processes.incidents.queries import trending
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


def may_read(user: User) -> bool:
    """Whoever works in the service desk, or has a role in problem management."""
    return is_shown(user) or any(context == "PM" for _, context in user.rights.roles)


@dataclass(frozen=True)
class Trend:
    """Cases of a kind, by what they have in common, over the last months."""

    collection: str
    by: str
    months: list[Month]
    reader: User

    @classmethod
    def asked(cls, given: Any, now: datetime, reader: User) -> "Trend":
        """By what stands in the address, so that whoever gets it sees the same.

        Raises Invalid for what cannot be asked, naming each parameter.
        """
        collection = given.get("of") or Incident.collection
        known = choices(collection) if collection in KINDS else BY
        by, many = given.get("by") or next(iter(known)), given.get("months") or str(MONTHS[1])
        spans = [str(one) for one in MONTHS]
        month = given.get("month", "")
        wrong = {
            "of": "" if collection in KINDS else f"One of: {', '.join(KINDS)}.",
            "by": "" if by in known else f"One of: {', '.join(known)}.",
            "months": "" if many in spans else f"One of: {', '.join(spans)}.",
            "month": "" if not month or Month.read(month) else "A month is written 2026-11.",
        }
        if errors := {name: [why] for name, why in wrong.items() if why}:
            raise Invalid(errors)
        return cls(collection, by, last(now, int(many)), reader)

    def address(self, **other: str) -> str:
        """Where this stands, or with something else."""
        said = {"of": self.collection, "by": self.by, "months": str(len(self.months))} | other
        return f"?{urlencode(said)}"

    @cached_property
    def _read(self) -> trending.Trends:
        return trending.read(KINDS[self.collection], self.by, self.months, self.reader)

    @property
    def counted(self) -> trending.Counts:
        """How many were recorded in each month of each."""
        return self._read.named

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
    def restricted(self) -> tuple[str, list[int], int, str] | None:
        """How many there are of which the reader may know no more."""
        by_month = [self._read.restricted.get(month, 0) for month in self.months]
        return ("Restricted", by_month, sum(by_month), "") if sum(by_month) else None

    @cached_property
    def together(self) -> tuple[str, list[int], int, str]:
        """All of them."""
        named = self._row("Together", list({name for name, _ in self.counted}))[1]
        hidden = self.restricted[1] if self.restricted else [0] * len(named)
        by_month = [one + other for one, other in zip(named, hidden, strict=True)]
        return "Together", by_month, sum(by_month), _moves(by_month[self._empty :])

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
    seen = trending.recorded(records.visible_to(user), "", month.begins).filter(
        recorded_at__lt=month.ends
    )
    if trend.by == "affected":
        linked = Link.objects.filter(kind=LinkKind.AFFECTS, target__title=name)
        named = Reference.objects.filter(trending.AFFECTED, outside_name=name)
        seen = seen.filter(Q(pk__in=linked.values("source")) | Q(pk__in=named.values("record")))
    else:
        field = "service__title" if trend.by == "service" else trend.by
        value = {words: key for key, words in Incident.Cause.choices}.get(name, name)
        empty = Q(**{f"{field}": ""}) if field != "service__title" else Q(service=None)
        seen = seen.filter(empty if name == trending.NOTHING else Q(**{field: value}))
    return list(seen.select_related("service", "case_owner").order_by("-recorded_at")[:100])


offer("Service desk", Line("Trends", "/trends/", "figures"), may_read)
