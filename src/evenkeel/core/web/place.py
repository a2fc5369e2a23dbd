"""A place in an ordered list, as a key: the values of the row before it (or after it)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from evenkeel.core.records.tally import Stretch

# Order -> the column that leads, before newest first; "" where the moment of recording leads.
SORTS = {"-recorded_at": "", "recorded_at": "", "priority": "priority", "due_at": "due_at"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Place:
    """Just after (or, backwards, just before) the row with these values; None: from the end."""

    key: tuple[Any, datetime, int] | None  # the leading value, the moment of recording, the key
    backwards: bool = False

    @classmethod
    def read(cls, after: str, before: str, sort: str) -> Self | None:
        """The place that an address names, if it is one."""
        text = after or before
        try:
            lead, recorded, pk = text.split(".")
            key = (_lead(SORTS[sort], lead), _moment(recorded), int(pk))
        except (ValueError, OverflowError):
            return None
        return cls(key, backwards=not after)

    def segments(self, sort: str) -> Iterator[Q]:
        """Conditions that, one after the other, give the rows from here on in order.

        Each can be answered from an index, however deep in the list it lies.
        """
        if self.key is None:
            yield Q()
            return
        lead, recorded, pk = self.key
        rest = _rest(recorded, pk, falls=(sort != "recorded_at") != self.backwards)
        if not (column := SORTS[sort]):
            yield rest
            return
        if lead is None:
            yield Q(**{f"{column}__isnull": True}) & rest
        else:
            yield Q(**{column: lead}) & rest
            yield Q(**{f"{column}__{'lt' if self.backwards else 'gt'}": lead})
        if (lead is None) == self.backwards:
            yield Q(**{f"{column}__isnull": not self.backwards})


def order(sort: str, *, backwards: bool = False) -> list[str]:
    """The columns to order by; rows without the leading value come last."""
    sign = "" if backwards == (sort != "recorded_at") else "-"
    newest = [f"{sign}recorded_at", f"{sign}pk"]
    if not (column := SORTS[sort]):
        return newest
    return [f"{'-' if backwards else ''}{column}", *newest]


def keys(sort: str) -> tuple[str, str, str]:
    """The columns whose values make the key of a row."""
    return SORTS[sort] or "pk", "recorded_at", "pk"


def name(key: tuple[Any, datetime, int], sort: str) -> str:
    """A key as it stands in an address."""
    lead, recorded, pk = key
    said = "" if lead is None or not SORTS[sort] else _number(lead)
    return f"{said}.{_number(recorded)}.{pk}"


def at(records: models.QuerySet[Any], sort: str, rows_before: int, total: int | None) -> Place:
    """The place after so many rows, walking an index from the nearer end."""
    if total is not None and rows_before > total // 2:
        found = _nth(records, sort, total - rows_before, backwards=True)
    else:
        found = _nth(records, sort, rows_before - 1)
    return Place(found) if found else Place(None, backwards=True)


def take(
    records: models.QuerySet[Any], sort: str, place: Place | None, paths: tuple[str, ...], size: int
) -> list[tuple[Any, ...]]:
    """The next rows from a place: their keys, then the paths; backwards, the nearest first."""
    backwards = place is not None and place.backwards
    ordered = records.order_by(*order(sort, backwards=backwards)).values_list(*keys(sort), *paths)
    found: list[tuple[Any, ...]] = []
    for segment in place.segments(sort) if place else [Q()]:
        found += ordered.filter(segment)[: size - len(found)]
        if len(found) == size:
            break
    return found


def of_days(
    records: models.QuerySet[Any], sort: str, first: Stretch, paths: tuple[str, ...], rows: slice
) -> list[tuple[Any, ...]]:
    """Rows in the order of their days, from the first that is named: their keys, then the paths.

    What stands before them on that day is passed over in the index; only they are joined.
    """
    newest_first = sort != "recorded_at"
    bound = {"recorded_at__lt": first.ends} if newest_first else {"recorded_at__gte": first.begins}
    keys_of = records.filter(**bound).order_by(*order(sort)).values("pk")[rows]
    found = records.model._default_manager.filter(pk__in=keys_of)
    return list(found.order_by(*order(sort)).values_list(*keys(sort), *paths))


def _nth(
    records: models.QuerySet[Any], sort: str, number: int, *, backwards: bool = False
) -> tuple[Any, datetime, int] | None:
    if number < 0:
        return None
    ordered = records.order_by(*order(sort, backwards=backwards)).values_list(*keys(sort))
    found: tuple[Any, datetime, int] | None = next(iter(ordered[number : number + 1]), None)
    return found


def _rest(recorded: datetime, pk: int, *, falls: bool) -> Q:
    """Later in newest-first order (or earlier); the first condition is for the index."""
    sign = "lt" if falls else "gt"
    bound = Q(**{f"recorded_at__{sign}e": recorded})
    return bound & (Q(**{f"recorded_at__{sign}": recorded}) | Q(**{f"pk__{sign}": pk}))


def _number(value: Any) -> int:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else int(value)


def _moment(text: str) -> datetime:
    return _EPOCH + int(text) * _MICROSECOND


def _lead(column: str, text: str) -> Any:
    if not column or not text:
        return None
    return _moment(text) if column == "due_at" else int(text)
