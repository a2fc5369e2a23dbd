"""The engine: what a clock shows, as a pure function of its turns, its target and the hours.

Nothing is read and nothing is kept; whoever asks again with the same facts gets the same answer.
Moments are whole seconds since 1970, durations whole seconds.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from evenkeel.core.clocks.hours import Hours


class Act(StrEnum):
    """What can happen to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"  # after a pause, or after a stop: what has passed still counts
    STOP = "stop"
    RESTART = "restart"  # from nothing; a pause goes on
    CANCEL = "cancel"


class Phase(StrEnum):
    """How a clock stands."""

    WAITING = "waiting"  # not started
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class Turn(NamedTuple):
    """Something that happened to a clock, and why, in words that may follow a colon."""

    at: int
    act: str
    why: str = ""


class Stretch(NamedTuple):
    """A time between two turns in which the clock stood in one phase."""

    start: int
    end: int
    phase: Phase
    why: str
    counted: int  # open seconds that passed, where it was running


class Reading(NamedTuple):
    """What a clock shows."""

    phase: Phase
    elapsed: int
    warned: int | None  # when three quarters had passed, if they have
    breached: int | None  # when all had passed, if more has
    due: int | None  # when all has passed, if it runs on; None while it is paused
    warns: int | None  # the same of three quarters
    stretches: tuple[Stretch, ...]  # since it started or began anew

    @property
    def since(self) -> int | None:
        """When it started or began anew."""
        return self.stretches[0].start if self.stretches else None


_NEXT: dict[tuple[str, Phase], Phase] = {
    (Act.START, Phase.WAITING): Phase.RUNNING,
    (Act.PAUSE, Phase.RUNNING): Phase.PAUSED,
    (Act.RESUME, Phase.PAUSED): Phase.RUNNING,
    (Act.RESUME, Phase.STOPPED): Phase.RUNNING,
    (Act.STOP, Phase.RUNNING): Phase.STOPPED,
    (Act.STOP, Phase.PAUSED): Phase.STOPPED,
    (Act.RESTART, Phase.WAITING): Phase.RUNNING,
    (Act.RESTART, Phase.RUNNING): Phase.RUNNING,
    (Act.RESTART, Phase.PAUSED): Phase.PAUSED,
    (Act.RESTART, Phase.STOPPED): Phase.RUNNING,
    (Act.CANCEL, Phase.WAITING): Phase.CANCELLED,
    (Act.CANCEL, Phase.RUNNING): Phase.CANCELLED,
    (Act.CANCEL, Phase.PAUSED): Phase.CANCELLED,
}


def warning_of(target: int) -> int:
    """Three quarters of a target."""
    return -(-target * 3 // 4)


def read(turns: Iterable[Turn], target: int, hours: Hours, now: int) -> Reading:
    """What the clock shows at a moment. A turn that its phase does not know changes nothing."""
    stretches, phase = _stretches(turns, hours, now)
    elapsed = sum(one.counted for one in stretches)
    warned = _passed(stretches, hours, warning_of(target))
    passed = _passed(stretches, hours, target)
    return Reading(
        phase,
        elapsed,
        warned,
        passed if elapsed > target else None,
        passed if passed is not None else _ahead(stretches, phase, hours, target - elapsed),
        warned
        if warned is not None
        else _ahead(stretches, phase, hours, warning_of(target) - elapsed),
        tuple(stretches),
    )


def reaches(reading: Reading, hours: Hours, seconds: int) -> int | None:
    """When so many seconds of a clock have passed, or will have, if it runs on."""
    if seconds <= 0:
        return reading.since
    stretches = list(reading.stretches)
    passed = _passed(stretches, hours, seconds)
    left = seconds - reading.elapsed
    return passed if passed is not None else _ahead(stretches, reading.phase, hours, left)


def phase_of(turns: Iterable[Turn]) -> Phase:
    """How a clock stands after these turns."""
    phase = Phase.WAITING
    for turn in turns:
        phase = _NEXT.get((turn.act, phase), phase)
    return phase


def leading(now: Phase, wanted: Phase, *, anew: bool) -> list[Act]:
    """What leads from one phase to another; what stood still begins anew, or goes on."""
    again = Act.RESTART if anew else Act.RESUME
    acts: dict[tuple[Phase, Phase], list[Act]] = {
        (Phase.WAITING, Phase.RUNNING): [Act.START],
        (Phase.WAITING, Phase.PAUSED): [Act.START, Act.PAUSE],
        (Phase.RUNNING, Phase.PAUSED): [Act.PAUSE],
        (Phase.PAUSED, Phase.RUNNING): [Act.RESUME],
        (Phase.STOPPED, Phase.RUNNING): [again],
        (Phase.STOPPED, Phase.PAUSED): [again, Act.PAUSE],
    }
    if now == wanted:
        return []
    if wanted == Phase.STOPPED:
        return [Act.STOP]
    return [Act.CANCEL] if wanted == Phase.CANCELLED else acts.get((now, wanted), [])


def _stretches(turns: Iterable[Turn], hours: Hours, now: int) -> tuple[list[Stretch], Phase]:
    found: list[Stretch] = []
    phase, since, why = Phase.WAITING, 0, ""
    for turn in _in_order(turns, now):
        following = _NEXT.get((turn.act, phase))
        if following is None:
            continue
        if turn.act == Act.RESTART:
            found = []
        elif phase != Phase.WAITING:
            found.append(_stretch(since, turn.at, phase, why, hours))
        phase, since, why = following, turn.at, turn.why
    if phase in {Phase.RUNNING, Phase.PAUSED}:
        found.append(_stretch(since, max(now, since), phase, why, hours))
    elif phase in {Phase.STOPPED, Phase.CANCELLED} and since:
        found.append(Stretch(since, since, phase, why, 0))
    return found, phase


def _in_order(turns: Iterable[Turn], now: int) -> Iterator[Turn]:
    """Oldest first, and only what has happened by now."""
    return (turn for turn in sorted(turns, key=lambda turn: turn.at) if turn.at <= now)


def _stretch(start: int, end: int, phase: Phase, why: str, hours: Hours) -> Stretch:
    counted = hours.count(start, end) if phase == Phase.RUNNING else 0
    return Stretch(start, end, phase, why, counted)


def _passed(stretches: list[Stretch], hours: Hours, seconds: int) -> int | None:
    """When so much had passed, if it has."""
    before = 0
    for one in stretches:
        if one.counted and before + one.counted >= seconds:
            return hours.reach(one.start, seconds - before)
        before += one.counted
    return None


def _ahead(stretches: list[Stretch], phase: Phase, hours: Hours, left: int) -> int | None:
    """When what is left will have passed, or would have, had it not been stopped."""
    if phase not in {Phase.RUNNING, Phase.STOPPED}:
        return None
    return hours.reach(stretches[-1].end, left)
