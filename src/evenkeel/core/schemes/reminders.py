"""Reminders: after how long the owner of a case is reminded, of silence and of late tasks (PR9.4).

A pure reading of the rules, which stand on the page of the escalation paths.
"""

from collections.abc import Iterator

import msgspec

LOWEST = 5  # of priorities
LONGEST = 7 * 24 * 60  # minutes


class Silence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the user of a case of a priority may hear nothing."""

    priority: int
    minutes: int


class Reminders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out reminds of nothing."""

    silence: tuple[Silence, ...] = ()
    task_hours: int = 0  # between two reminders of a task that is past its time

    def minutes_for(self, priority: int | None) -> int:
        """How long the user of such a case may hear nothing; 0: as long as it takes."""
        return next((one.minutes for one in self.silence if one.priority == priority), 0)

    def faults(self) -> Iterator[str]:
        """What makes them unusable, in sentences."""
        named = [one.priority for one in self.silence]
        if len(set(named)) < len(named):
            yield "Reminders: a priority stands there once."
        if not all(1 <= priority <= LOWEST for priority in named):
            yield f"Reminders: a priority is 1 to {LOWEST}."
        if not all(1 <= one.minutes <= LONGEST for one in self.silence):
            yield f"Reminders: the minutes are 1 to {LONGEST}."
        if not 0 <= self.task_hours <= LONGEST // 60:
            yield f"Reminders: the hours are 0 to {LONGEST // 60}."

    @property
    def says(self) -> list[str]:
        """What they remind of, in sentences."""
        found = [
            f"At P{one.priority} the owner is reminded when the user has heard nothing for"
            f" {one.minutes} minutes."
            for one in sorted(self.silence, key=lambda one: one.priority)
        ]
        if self.task_hours:
            found.append(f"Tasks past their time are reminded of every {self.task_hours} hours.")
        return found or ["Nobody is reminded by itself."]
