"""Recomputation: what clocks show by the hours of another version of their calendar.

The turns are facts and stay. What an earlier round of a clock came to (before it began anew) was
decided then, and stays as well; so does what was escalated: who was told was told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from evenkeel.core.clocks import keeping
from evenkeel.core.clocks.derivation import duration
from evenkeel.core.clocks.engine import Phase
from evenkeel.core.clocks.models import Clock, Told, moment_of
from evenkeel.core.clocks.writing import write_read
from evenkeel.core.records import bulk
from evenkeel.core.records.bulk import Addition, NewEntry
from evenkeel.core.records.entry import Via
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record, kinds

VERB = "recompute"


class Shown(NamedTuple):
    """What of a clock somebody may have acted on."""

    due: datetime | None
    breached: datetime | None
    elapsed: int  # of one that stands; what runs is told by when it is due


class Shift(NamedTuple):
    """One clock, and what it shows by the other hours."""

    clock: Clock
    before: Shown
    after: Shown

    @property
    def is_none(self) -> bool:
        """Does it show the same?"""
        return self.before == self.after

    @property
    def decided(self) -> list[datetime]:
        """When it was kept or violated, before and after; where it is still open, nothing."""
        stopped = self.clock.phase == Phase.STOPPED
        ended = moment_of(self.clock.turns[-1][0]) if stopped else None
        return [at for one in (self.before, self.after) if (at := one.breached or ended)]


def shift(clock: Clock, version: int, at: datetime) -> Shift:
    """Let a clock, in memory, go by a version of its calendar from its first turn on."""
    before = _shown(clock, at)
    clock.calendar_id = version
    last = moment_of(max(turn[0] for turn in clock.turns)) or at
    reading = clock.read(max(at, last))
    begun = moment_of(reading.since)
    if begun and clock.breached_at and clock.breached_at >= begun:
        clock.breached_at = None
    if reading.breached is None:  # what was told too early may be told again in its time
        most = Told.NOTHING if reading.warned is None else Told.WARNED
        clock.told = min(clock.told, most)
    clock.set_by(reading)
    return Shift(clock, before, _shown(clock, at))


class Moved(NamedTuple):
    """A record, all its clocks, and what moved of them."""

    record: Record
    clocks: list[Clock]
    shifts: list[Shift]


def put_down(moved: Sequence[Moved], entry: NewEntry) -> None:
    """Write what was moved, with an entry on each record that says what, and why as given.

    The caller holds the locks on the records.
    """
    write_read([one.clock for case in moved for one in case.shifts])
    additions: dict[int, Addition] = {}
    values: dict[int, dict[str, Any]] = {}
    for record, clocks, shifts in moved:
        before = {"due_at": record.due_at, "is_breached": record.is_breached}
        keeping.show(record, clocks)
        now = {name: getattr(record, name) for name in before}
        verb = f"{kinds()[record.of_kind].collection}.{VERB}"
        given = entry.given | {one.clock.name: _told(one) for one in shifts}
        difference = {
            name: [as_plain(before[name]), as_plain(now[name])]
            for name in before
            if before[name] != now[name]
        }
        additions[record.pk] = Addition([NewEntry(verb, entry.at, entry.actor, difference, given)])
        values[record.pk] = now
    # Beside the values of an addition, for no word is new that had to be indexed.
    bulk.append(Record, additions, via=Via.JOB, beside=values)


def _told(one: Shift) -> str:
    """ "due 4 May 2026 14:10 → 4 May 2026 15:10; breached … → no", in the zone of the clock."""
    before, after = one.before, one.after
    pairs = [("due", before.due, after.due), ("breached", before.breached, after.breached)]
    said = [
        f"{what} {_moment(one, old)} → {_moment(one, new)}"
        for what, old, new in pairs
        if old != new
    ]
    counted = f"{duration(before.elapsed)} → {duration(after.elapsed)} counted"
    return "; ".join(said) or counted


def _moment(one: Shift, at: datetime | None) -> str:
    return f"{at.astimezone(one.clock.hours.zone):%-d %b %Y %H:%M}" if at else "no"


def _shown(clock: Clock, at: datetime) -> Shown:
    runs = clock.phase == Phase.RUNNING
    late = clock.due_at if runs and clock.due_at and clock.due_at < at else None
    return Shown(clock.due_at, clock.breached_at or late, 0 if runs else clock.elapsed)
