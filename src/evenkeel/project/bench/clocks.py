"""A program of its own: fills a database with running clocks, lets some fall due and recomputes
others; prints what that took, as JSON. Time moves by passed-in moments, so that nobody waits."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from evenkeel.core.database import cluster
from evenkeel.core.database.parent import end_with_parent
from evenkeel.project.bench import cost
from evenkeel.project.opening import set_up_django

MINUTE, SWEEPS = 60, 3  # the timetable looks three times a minute


@dataclass
class Spent:
    """What something took: seconds on the wall, and of processor time, with the database's."""

    seconds: float = 0.0
    processor: float = 0.0
    longest: float = 0.0  # of its parts, on the wall
    count: int = 0

    @contextmanager
    def more(self) -> Iterator[None]:
        """Measure one part."""
        began, before = time.monotonic(), _processor()
        yield
        took = time.monotonic() - began
        self.seconds += took
        self.processor += _processor() - before
        self.longest = max(self.longest, took)


def main() -> int:
    end_with_parent()
    count, falling = int(sys.argv[1]), int(sys.argv[2])
    set_up_django()
    from evenkeel.project import schema  # noqa: PLC0415  (needs Django)
    from evenkeel.project.bench import ticking  # noqa: PLC0415  (so does it)
    from evenkeel.project.bench.filling import settle  # noqa: PLC0415  (and it)

    schema.bring_up_to_date()
    ticking.fill(count, falling)
    settle()
    spent = {"fall due": _fall_due(), **_recompute()}
    found = {name: vars(one) for name, one in spent.items()}
    about = {"clocks": count, "falling": falling, "recomputed": -(-count // ticking.SHARE)}
    sys.stdout.write(json.dumps({**about, "spent": found}))
    return 0


def _fall_due() -> Spent:
    """The next minute in which clocks fall due, as the timetable looks at it."""
    from evenkeel.core.clocks import thresholds  # noqa: PLC0415  (needs Django)
    from evenkeel.core.clocks.models import Clock  # noqa: PLC0415

    first: Any = Clock.objects.filter(next_at__isnull=False).order_by("next_at")[0].next_at
    spent = Spent()
    for sweep in range(1, SWEEPS + 1):
        with spent.more():
            at = first + timedelta(seconds=MINUTE * sweep // SWEEPS - 1)
            spent.count += thresholds.tell_all(at=at)
    return spent


def _recompute() -> dict[str, Spent]:
    """A day more is closed: the difference, and letting the clocks show it."""
    from evenkeel.processes.services.actions import recomputation, recomputing  # noqa: PLC0415
    from evenkeel.processes.services.models import Recomputation  # noqa: PLC0415
    from evenkeel.project.bench import ticking  # noqa: PLC0415

    at = ticking.close_a_day()
    compared, applied = Spent(), Spent()
    made = Recomputation()
    with compared.more():
        made = recomputation.record(
            made, by=ticking.owner(), at=at, because="Forgotten", calendar=ticking.HOURS
        )
        recomputing.go_on(made.pk, at)
    compared.count = Recomputation.objects.get(pk=made.pk).figures["clocks"]
    with applied.more():
        recomputation.confirm(made, by=ticking.owner(), at=at)
        recomputing.go_on(made.pk, at)
    applied.count = Recomputation.objects.get(pk=made.pk).figures["clocks"]
    return {"compare": compared, "move": applied}


def _processor() -> float:
    """Of this program and of the database."""
    from evenkeel.project.settings import EVENKEEL_HOME  # noqa: PLC0415  (reads the environment)

    pid = int((cluster.data_folder(EVENKEEL_HOME) / "postmaster.pid").read_text().split()[0])
    return cost.processor_seconds(os.getpid()) + cost.processor_seconds(pid)


if __name__ == "__main__":
    sys.exit(main())
