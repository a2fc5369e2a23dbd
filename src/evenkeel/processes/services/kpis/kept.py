"""Targets towards customers that were kept, by customer (SVC-K2)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from evenkeel.core.clocks.declaring import measures
from evenkeel.core.clocks.models import Clock
from evenkeel.core.figures.declaring import Counted
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.records import apart
from evenkeel.core.records.record import Record, kinds

_CUSTOMER = ("organisation_id", "requester__organisation_id")  # the first that there is


def amounts(
    user: User, months: Sequence[Month], now: datetime
) -> Mapping[Month, Mapping[int, tuple[int, int]]]:
    """By month and customer: kept, of those decided. One query.

    All of them, but for the staff of a member that is kept apart: its own and shared ones.
    """
    decided = _decided(months[0], months[-1]).filter(_of(user))
    rows = (
        decided.order_by()
        .values(
            month=TruncMonth("decided_at", tzinfo=timezone.get_default_timezone()),
            customer=Coalesce(*(F(f"record__{name}") for name in _CUSTOMER)),
        )
        .annotate(cases=Count("pk"), hits=Count("pk", filter=Q(breached_at=None)))
    )
    found: dict[Month, dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        found[Month.of(row["month"])][row["customer"] or 0] = row["hits"], row["cases"]
    return found


def behind(
    user: User, month: Month, customer: int | None, now: datetime
) -> Iterator[tuple[Counted, QuerySet[Any]]]:
    """The cases that had a target decided in the month; one is kept where all of its were."""
    for kind in measures:
        decided = _decided(month, month).filter(record=OuterRef("pk"))
        violated = When(Exists(decided.filter(breached_at__isnull=False)), then=Value(0))
        seen: Any = kinds()[kind].objects.visible_to(user)
        found = seen.filter(Exists(decided)).annotate(
            is_hit=Case(violated, default=Value(1)), customer=Coalesce(*map(F, _CUSTOMER))
        )
        if customer is not None:
            found = found.filter(customer=customer or None)
        yield Counted(kinds()[kind], "recorded_at"), found


def _of(user: User) -> Q:
    """Of the cases of which kinds, and which of these."""
    found = Q()
    for kind in measures:
        seen = apart.summed(user, kind)
        of_kind = Q(record__of_kind=kind)
        if seen is not None:
            of_kind &= Q(record__in=Record.objects.filter(seen).values("pk"))
        found |= of_kind
    return found


def _decided(first: Month, last: Month) -> QuerySet[Clock]:
    """What helpers promise us is no customer's affair."""
    return Clock.objects.filter(
        agreement=None, decided_at__gte=first.begins, decided_at__lt=last.ends
    )
