"""A row of the board: a case, the clock that runs out, and its course."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from evenkeel.core.clocks import forecast
from evenkeel.core.clocks.engine import Phase, Reading
from evenkeel.core.clocks.forecast import Course
from evenkeel.core.clocks.models import Clock, seconds_of
from evenkeel.core.clocks.targets import within
from evenkeel.core.records.record import Record
from evenkeel.core.web import bars, words
from evenkeel.core.web.bars import Bar
from evenkeel.core.web.board.asking import clocks
from evenkeel.core.web.columns import priority_badge


@dataclass(frozen=True)
class Row:
    """One case of the board, read at a moment and looked ahead from there."""

    clock: Clock
    reading: Reading
    course: Course
    until: datetime

    @property
    def record(self) -> Record:
        return self.clock.record

    @property
    def title(self) -> str:
        """What the clock is of."""
        return clocks().get(self.clock.kind, self.clock.kind)

    @property
    def target(self) -> str:
        return within(self.course.target)

    @property
    def priority(self) -> Markup:
        return priority_badge(self.record.priority)

    @property
    def said(self) -> tuple[str, str]:
        """Tone and words of what is left."""
        return bars.said(self.reading, self.course.target)

    @property
    def left(self) -> str:
        """The amount alone; the part of the board says the rest."""
        return self.said[1].removeprefix("breached, ").removesuffix(", paused")

    @property
    def why(self) -> str:
        """What it is paused for."""
        return getattr(self.clock, "why", "") or ""

    @property
    def due(self) -> Markup:
        """When its time runs out; nobody knows of one that is paused."""
        said = words.when if self.said[0] == "late" else words.due
        return said(self.clock.due_at) if self.runs else Markup("")

    @property
    def runs(self) -> bool:
        return self.reading.phase == Phase.RUNNING

    @property
    def bar(self) -> Bar:
        return bars.bar(self.course, self.said[0], self.until if self.runs else None)


def row(clock: Clock, now: datetime, until: datetime) -> Row:
    """Read a clock by the engine, in its own hours."""
    reading = clock.read(now)
    target = clock.target or 1
    return Row(
        clock,
        reading,
        forecast.course(reading, target, clock.hours, seconds_of(until)),
        until,
    )
