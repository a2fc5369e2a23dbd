"""The board: open cases in the order in which their time runs out, read from the stored clocks.

Every reading begins at what the reader may see, goes along an index of due moments and ends after
so many rows; so it costs the same however many records there are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from evenkeel.core.clocks import agreeing, calendars, declaring, forecast
from evenkeel.core.clocks.calendar import ALWAYS, Calendar
from evenkeel.core.clocks.engine import Phase
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.models import Clock, Told, moment_of, seconds_of
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record

COUNTED = 999  # further on, nobody counts
AHEAD, BROKEN, DUE, PAUSED = "ahead", "broken", "due", "paused"
PARTS = (AHEAD, DUE, BROKEN, PAUSED)
HORIZONS = {
    "4h": "In 4 hours",
    "today": "End of the working day",
    "tomorrow": "End of the next working day",
}
_FOUR_HOURS = 4 * 3600
_NAMES = ("record__service", "record__team", "record__case_owner", "record__requester")
# What the last pause was for; an answer in between makes a turn of its own.
_PAUSES = Func(
    F("turns"),
    Value('strict $[*] ? (@[1] == "pause")'),
    function="jsonb_path_query_array",
    output_field=JSONField(),
)
_WHY = KeyTextTransform("2", KeyTransform("-1", _PAUSES))


def kinds_for(reader: User | None) -> list[str]:
    """The kinds of cases with clocks whose inside this reader sees; None is the host itself."""
    found = list(declaring.measures)
    return [one for one in found if reader is None or visibility.is_inside(reader, one)]


@dataclass(frozen=True)
class Board:
    """What was asked for: whose view, of which cases and clocks, and up to which moment."""

    reader: User | None
    now: datetime
    until: datetime
    wanted: Mapping[str, Any] = field(default_factory=dict)  # conditions on the records
    kinds: tuple[str, ...] = ()  # none named: all that the reader sees
    clock: str = ""  # one kind of clock; else of each case the one that runs out first
    why: str = ""  # of those that are paused

    def rows(self, part: str, after: "Place | None", size: int) -> list[Clock]:
        """The clocks of a part from a place on, each with its record and the names it says."""
        found = self.of(part).select_related(*_NAMES)
        if part == PAUSED:
            found = found.filter(why=self.why) if self.why else found
            found = found.filter(record_id__gt=after.key) if after else found
            return list(found.order_by("record_id")[:size])
        if after:
            later = Q(due_at__gt=after.due) | Q(due_at=after.due, pk__gt=after.key)
            found = found.filter(later, due_at__gte=after.due)
        return list(found.order_by("due_at", "pk")[:size])

    def count(self, part: str) -> int:
        """How many cases a part holds, counted to one more than is said."""
        return self.of(part)[: COUNTED + 1].count()

    def reasons(self) -> list[tuple[str, int]]:
        """For what cases are paused, and how many for each, the most common first."""
        paused = self.of(PAUSED).values_list("why", flat=True)[: COUNTED + 1]
        return Counter(why or "" for why in paused).most_common()

    def of(self, part: str) -> "QuerySet[Any]":
        """The clocks of a part, one for each case, in no order."""
        clocks: QuerySet[Any] = Clock.objects.filter(_IS[part], target__gt=0, agreement=None)
        same = clocks.filter(kind=self.clock) if self.clock else clocks
        if part == BROKEN:
            same = same.filter(due_at__lt=self.now)
        first = same
        if not self.clock:
            first = same.exclude(_sooner(clocks, is_due=part != PAUSED))
        if part == DUE:
            first = first.filter(due_at__lte=self.until)
        if part == PAUSED:
            first = first.annotate(why=_WHY)
        return first.filter(record__in=self._records)

    @property
    def _records(self) -> "QuerySet[Record]":
        allowed = kinds_for(self.reader)
        kinds = [one for one in allowed if not self.kinds or one in self.kinds]
        records = Record.objects
        seen = records.visible_to(self.reader) if self.reader else records.all()
        found: QuerySet[Record] = seen.filter(is_open=True, of_kind__in=kinds, **self.wanted)
        return found


class Place(NamedTuple):
    """After which row a page begins."""

    due: datetime | None
    key: int  # of the clock, or of the record where nothing is due


_RUNS = Q(phase=str(Phase.RUNNING), due_at__isnull=False)
_IS = {
    AHEAD: _RUNS & Q(told__lt=Told.BREACHED),
    DUE: _RUNS & Q(told__lt=Told.BREACHED),
    BROKEN: _RUNS & Q(told=Told.BREACHED),
    PAUSED: Q(phase=str(Phase.PAUSED)),
}


def _sooner(clocks: "QuerySet[Any]", *, is_due: bool) -> Exists:
    """Has the same case another such clock that runs out before?"""
    others = clocks.filter(record=OuterRef("record"))
    earlier = Q(pk__lt=OuterRef("pk"))
    if is_due:
        earlier = Q(due_at__lt=OuterRef("due_at")) | (Q(due_at=OuterRef("due_at")) & earlier)
    return Exists(others.filter(earlier))


def horizon(name: str, now: datetime) -> datetime:
    """The moment up to which is looked ahead.

    Working days are those of what is promised where nothing else is agreed.
    """
    start = seconds_of(now)
    if name == "4h":
        return moment_of(start + _FOUR_HOURS) or now
    days = 1 if name == "tomorrow" else 0
    return moment_of(forecast.closing(_usual_hours(now), start, days)) or now


def _usual_hours(now: datetime) -> Hours:
    choice = agreeing.choose(None, None, now)
    version = calendars.version_at(choice.terms.calendar, now) if choice else None
    if choice is None or version is None:
        return Hours(Calendar("Always", ALWAYS, settings.TIME_ZONE))
    return calendars.hours_of(version.pk, choice.terms.calendar, choice.terms.zone)
