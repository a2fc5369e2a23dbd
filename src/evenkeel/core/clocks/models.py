"""Clock: one row for each target of a case, with what moved it and what it shows; indexed."""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models

from evenkeel.core.clocks.calendars import hours_of
from evenkeel.core.clocks.engine import Phase, Reading, Turn, reaches, read
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.records.record import Record
from evenkeel.core.schemes.models import SchemeVersion


class Told(models.IntegerChoices):
    """Which thresholds have been told, by an action with its entry."""

    NOTHING = 0, "Nothing"
    WARNED = 1, "Potential violation"
    BREACHED = 2, "Violation"


class Clock(models.Model):
    """What was promised for one record, how much of it has passed, and when the rest will have.

    It is of the agreement that governs the record, or of another, with a supplier or a member who
    helps (UA, OLA), that counts while the record is with them.

    The turns, the target and the calendar's version are all that the engine needs; everything else
    here is what it answered last, kept so that lists can sort by it.
    """

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="clocks", db_index=False
    )  # the constraint's index begins with it
    kind = models.CharField(max_length=12)
    agreement = models.ForeignKey(
        Record, models.PROTECT, null=True, related_name="+", db_index=False
    )  # of a helper; None: the one that governs the record
    phase = models.CharField(max_length=10, choices=[(str(p), p.capitalize()) for p in Phase])
    target = models.PositiveIntegerField(null=True)  # seconds; None: no longer promised
    elapsed = models.PositiveIntegerField(default=0)  # seconds, when it was last read
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)  # when three quarters had passed
    breached_at = models.DateTimeField(null=True)  # when all had, if more has
    decided_at = models.DateTimeField(null=True)  # when it was kept or violated, what came first
    next_at = models.DateTimeField(null=True)  # when the next threshold is to be told
    told = models.PositiveSmallIntegerField(choices=Told.choices, default=Told.NOTHING)
    turns = models.JSONField(default=list)  # [seconds since 1970, act, why]
    calendar = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+", db_index=False)
    calendar_name = models.CharField(max_length=80)
    zone = models.CharField(max_length=40, blank=True)  # "" where it is that of the calendar
    begins_anew = models.BooleanField(default=False)  # on reopening
    # After how many seconds each level of authority hears of it, how many did, and by which paths.
    levels = models.JSONField(default=list)
    climbed = models.PositiveSmallIntegerField(default=0)
    paths = models.ForeignKey(
        SchemeVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )

    is_moved = False  # since it was read or written

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "kind", "agreement"],
                name="one_clock_of_an_agreement",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                name="clock_next_threshold",
                condition=models.Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["decided_at"],
                name="clock_decided",
                condition=models.Q(decided_at__isnull=False),
            ),
            # The board: what runs, by when it runs out; and what is paused. Small, for cases end.
            models.Index(
                fields=["due_at", "id", "told"],
                name="clock_by_time_to_breach",
                condition=models.Q(phase="running", due_at__isnull=False),
            ),
            models.Index(
                fields=["record"], name="clock_paused", condition=models.Q(phase="paused")
            ),
            models.Index(
                fields=["agreement"],
                name="clock_of_helpers",
                condition=models.Q(agreement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.record_id}"

    @property
    def name(self) -> str:
        """By which it is called beside the other clocks of its record: "resolution-of-712"."""
        return f"{self.kind}-of-{self.agreement_id}" if self.agreement_id else self.kind

    @property
    def hours(self) -> Hours:
        """The open seconds that it counts."""
        return hours_of(self.calendar_id, self.calendar_name, self.zone)

    @property
    def history(self) -> list[Turn]:
        """Its turns as the engine takes them."""
        return [Turn(*turn) for turn in self.turns]

    @property
    def is_running(self) -> bool:
        """Was it running when it was last read?"""
        return self.phase == Phase.RUNNING

    def read(self, at: datetime) -> Reading:
        """What it shows at a moment, worked out anew."""
        return read(self.history, self.target or 0, self.hours, seconds_of(at))

    def set_by(self, reading: Reading) -> None:
        """Keep what the engine answered. A promise that was broken stays broken."""
        self.is_moved = True
        self.phase, self.elapsed = str(reading.phase), reading.elapsed
        self.started_at = moment_of(reading.since)
        self.due_at = moment_of(reading.due) if self.target else None
        if not self.target:
            self.next_at = self.decided_at = None
            return
        self.warned_at = moment_of(reading.warned)
        self.breached_at = self.breached_at or moment_of(reading.breached)
        stopped = self.turns[-1][0] if reading.phase == Phase.STOPPED else None
        self.decided_at = self.breached_at or moment_of(stopped)
        ahead = (self.next_threshold(reading), self.next_level(reading))
        self.next_at = moment_of(min((at for at in ahead if at is not None), default=None))

    def next_level(self, reading: Reading) -> int | None:
        """When the next level of authority is reached; what does not run concerns nobody new."""
        if reading.phase != Phase.RUNNING or self.climbed >= len(self.levels):
            return None
        return reaches(reading, self.hours, self.levels[self.climbed])

    def next_threshold(self, reading: Reading) -> int | None:
        """When a threshold that nobody was told of is passed; what was stopped in time, never."""
        runs = reading.phase == Phase.RUNNING
        if self.told >= Told.BREACHED or reading.phase == Phase.CANCELLED:
            return None
        if self.told < Told.WARNED and (runs or reading.breached is not None):
            return reading.warns
        if reading.breached is not None:
            return reading.breached
        if runs and self.target:  # the first second that is too much
            return self.hours.reach(reading.stretches[-1].end, self.target + 1 - reading.elapsed)
        return None


def seconds_of(moment: datetime) -> int:
    """A moment as the engine counts it."""
    return int(moment.timestamp())


def moment_of(seconds: int | None) -> datetime | None:
    """The other way round."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
