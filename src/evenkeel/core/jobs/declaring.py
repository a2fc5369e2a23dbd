"""`@job` on what is done once, later; `@every("*/5 * * * *")` on what is done again and again.

@job
def send(notice: int) -> None: ...

send.defer(notice=7)  # in the transaction of the action: rolled back, it was never asked for
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

P = ParamSpec("P")

USUAL, LONG = "default", "long"  # what may take minutes does not hold up what is due this minute

# Seven attempts, the second after fourteen seconds, the last after an hour and a half.
AGAIN = RetryStrategy(max_attempts=7, wait=10, exponential_wait=4)


@dataclass(frozen=True)
class Timed:
    """A line of the timetable."""

    name: str
    cron: str  # minute, hour, day, month, weekday, and second where it has six; UTC
    does: str


timetable: dict[str, Timed] = {}


def job(function: Callable[P, None]) -> Task[P, None, Any]:
    """Let `function` be deferred; when it fails it is tried again, later each time."""
    return app.task(name=_name(function), retry=AGAIN)(function)


def long_job(function: Callable[P, None]) -> Task[P, None, Any]:
    """The same for what may take minutes: others of its sort wait for it, and nothing else."""
    return app.task(name=_name(function), retry=AGAIN, queue=LONG)(function)


def every(cron: str, queue: str = USUAL) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Do this at the times of a cron line, in UTC. At most one of it waits."""

    def declare(function: Callable[[], Any]) -> Callable[[], Any]:
        name = _name(function)

        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, queue=queue)
        @functools.wraps(function)
        def on_time(timestamp: int) -> None:
            function()

        timetable[name] = Timed(name, cron, (function.__doc__ or "").strip().split("\n")[0])
        return function

    return declare


def _name(function: Callable[..., Any]) -> str:
    """evenkeel.processes.incidents.jobs.remind -> "incidents.remind", whatever file it moves to."""
    rooms = function.__module__.split(".")
    return f"{rooms[2] if rooms[1] == 'processes' else rooms[1]}.{function.__name__}"
