"""A study: how many of the cases that are done would have kept these targets, in these hours.

For whoever is about to promise something, and for cases that came from elsewhere without clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from evenkeel.core.clocks import derivation
from evenkeel.core.clocks.declaring import Measure
from evenkeel.core.clocks.engine import Act, Reading, Turn, read
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.models import Clock, seconds_of
from evenkeel.core.clocks.targets import Targets

AT_ONCE = 2_000


@dataclass(frozen=True)
class Plan:
    """What is tried out. With `wall`, moments are what a clock showed there, whatever its zone."""

    measure: Measure
    targets: Targets
    hours: Hours
    wall: ZoneInfo | None = None


@dataclass(frozen=True)
class Verdict:
    """About one case."""

    number: str
    priority: int
    target: int
    reading: Reading

    @property
    def is_breached(self) -> bool:
        return self.reading.breached is not None

    def steps(self, hours: Hours) -> list[str]:
        """How it came to that, in words."""
        return [step.words for step in derivation.steps(self.reading, hours)]


def verdicts(records: Any, plan: Plan) -> Iterator[Verdict]:
    """One for each of the records that is done and whose priority has a target.

    Its pauses count where it has a clock of the kind; else it ran from recording to its end.
    """
    until = plan.measure.until
    done = records.exclude(**{until: None}).exclude(priority=None).order_by("pk")
    names, last = ("pk", "number", "priority", "recorded_at", until), 0
    while rows := list(done.filter(pk__gt=last).values_list(*names)[:AT_ONCE]):
        last = rows[-1][0]
        clocks = Clock.objects.filter(
            kind=plan.measure.kind, agreement=None, record__in=[row[0] for row in rows]
        )
        turned = dict(clocks.values_list("record_id", "turns"))
        for pk, number, priority, start, end in rows:
            if target := plan.targets.get((plan.measure.kind, priority)):
                turns = [Turn(*turn) for turn in turned.get(pk, ())] or _plain(start, end, plan)
                reading = read(turns, target, plan.hours, max(turn.at for turn in turns))
                yield Verdict(number, priority, target, reading)


def _plain(start: datetime, end: datetime, plan: Plan) -> list[Turn]:
    return [Turn(_moment(start, plan), Act.START), Turn(_moment(end, plan), Act.STOP)]


def _moment(moment: datetime, plan: Plan) -> int:
    if plan.wall:
        moment = moment.astimezone(plan.wall).replace(tzinfo=UTC)
    return seconds_of(moment)
