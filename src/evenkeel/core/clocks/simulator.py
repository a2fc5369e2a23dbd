"""The naive simulator: a clock on every minute, to hold the engine against.

It shares nothing with `hours` and `engine` but the meaning: for each minute of some weeks it asks
what the wall shows and whether that is open, and then goes through a history minute by minute.
"""

from array import array
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import compress, islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from evenkeel.core.clocks.calendar import WHOLE_DAY as DAY
from evenkeel.core.clocks.calendar import Calendar, Intervals
from evenkeel.core.clocks.engine import Turn

WINDOW = 21 * 24 * 60  # minutes that are simulated


class Simulated(NamedTuple):
    """What it says; moments are minutes since the window began, durations are minutes."""

    phase: str
    elapsed: int
    due: int | None
    warned: int | None
    breached: int | None


@lru_cache(maxsize=256)
def _wall(zone: str, start: int) -> "array[int]":
    """What the wall shows in each minute of the window: minutes since the year 1 began there."""
    place = ZoneInfo(zone)
    shown = (datetime.fromtimestamp(start + 60 * minute, place) for minute in range(WINDOW))
    return array("q", (DAY * at.toordinal() + at.hour * 60 + at.minute for at in shown))


def open_minutes(calendar: Calendar, zone: str, start: int) -> bytearray:
    """1 for each minute of the window that is open, else 0."""
    opened, today = bytearray(WINDOW), 0
    intervals: Intervals = ()
    for minute, shown in enumerate(_wall(zone, start)):
        day, of_day = divmod(shown, DAY)
        if day != today:
            today, intervals = day, calendar.on(date.fromordinal(day))
        for opens, closes in intervals:
            if opens <= of_day < closes:
                opened[minute] = 1
    return opened


def simulate(turns: Sequence[Turn], target: int, opened: bytearray, now: int) -> Simulated:
    """Go through the turns, whose moments are minutes of the window; the target is minutes."""
    ran = bytearray(WINDOW)
    phase, since = "waiting", 0
    for at, act, _ in [*(turn for turn in turns if turn.at <= now), Turn(now, "now")]:
        if phase == "running":
            ran[since:at] = opened[since:at]
        if act == "restart" and phase not in {"cancelled"}:
            ran = bytearray(WINDOW)
        phase, since = _after(phase, act), at
    elapsed = ran.count(1)
    passed, warned = _place(ran, target), _place(ran, -(-target * 3 // 4))
    breached = passed if elapsed > target else None
    due = passed
    if due is None and phase in {"running", "stopped"}:
        from_here = now if phase == "running" else max(ran.rfind(1) + 1, _last_stop(turns, now))
        ran[from_here:] = opened[from_here:]
        due = _place(ran, target)
    return Simulated(phase, elapsed, due, warned, breached)


def _after(phase: str, act: str) -> str:
    match phase, act:
        case ("waiting", "start") | ("waiting" | "stopped", "restart"):
            return "running"
        case "running", "pause":
            return "paused"
        case "paused" | "stopped", "resume":
            return "running"
        case "running" | "paused", "stop":
            return "stopped"
        case "waiting" | "running" | "paused", "cancel":
            return "cancelled"
    return phase


def _last_stop(turns: Sequence[Turn], now: int) -> int:
    phase, stopped = "waiting", 0
    for at, act, _ in turns:
        if at <= now:
            before, phase = phase, _after(phase, act)
            stopped = at if phase == "stopped" != before else stopped
    return stopped


def _place(ran: bytearray, minutes: int) -> int | None:
    """The end of the minute in which so many have run: day by day, then minute by minute."""
    left = minutes
    for day in range(0, WINDOW, DAY):
        run = ran.count(1, day, day + DAY)
        if run >= left:
            return next(islice(compress(range(day, day + DAY), ran[day:]), left - 1, None)) + 1
        left -= run
    return None
