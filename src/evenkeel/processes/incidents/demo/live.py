"""A case of the demonstration on which much hangs, worked by the verbs themselves, one by one.

Most cases are rehearsed and written in bulk; what has children, tasks and announcements is not.
"""

from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.demo.cast import Cast


class Live:
    """One record on its way; `minute` is where it stands in working time."""

    def __init__(self, cast: Cast, record: Record, minute: int) -> None:
        self.cast, self.minute = cast, minute
        self.record: Any = record

    def do(self, verb: str, by: User, after: int = 0, **inputs: Any) -> Any:
        """Do a verb, so many working minutes later; answers the record as it is then."""
        self.minute += after
        at = self._after_all_else(self.cast.time.moment(self.minute))
        self.tell_by(at)
        action = registry[f"{self.record.collection}.{verb}"]
        self.record = action(self.record, by=by, at=at, via=Via.DEMO, **inputs)
        return self.record

    def work_off(self, title: str, by: User, after: int = 0) -> None:
        """Tick the steps of a task one after the other, and complete it."""
        self.minute += after
        task = self.record.tasks.get(title=title)
        for step in task.steps.order_by("position"):
            self.do("tick_step", by, step=step.pk)
        self.do("complete_task", by, task=task.pk)

    def _after_all_else(self, at: datetime) -> datetime:
        """Never before what was done to it last, for that may be by the software itself."""
        if self.record._state.adding:
            return at
        last: datetime = self.record.entries.latest("position").at
        return min(max(at, last + timedelta(seconds=1)), self.cast.time.now)

    def tell_by(self, at: datetime) -> None:
        """Pass every threshold of its clocks that lies before a moment, when it was passed."""
        if self.record._state.adding:
            return
        self.record = type(self.record).objects.get(pk=self.record.pk)
        while due := thresholds.next_of(self.record, at):
            verb, moment, clock = due
            action = registry[f"{self.record.collection}.{verb}"]
            when = max(moment, self._after_all_else(moment))
            action(self.record, by=self.cast.sms, at=when, via=Via.DEMO, clock=clock)
            self.record = type(self.record).objects.get(pk=self.record.pk)
