"""One operation, measured: how long a visitor waits, and what the machine pays."""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from evenkeel.project.bench import cost
from evenkeel.project.bench.driving import Answer, Visitor, drive
from evenkeel.project.bench.operations import Facts, Operation

WARM_UP, WARM_VISITORS = 32, 8  # every thread of the server has prepared its statements
ALONE, CROWD = 1, 8  # visitors at a time
PATIENCE, LOOKS_EVERY = 60.0, 0.1  # seconds
JOBS = """
SELECT count(*) FROM procrastinate_jobs
WHERE status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now()
"""


@dataclass(frozen=True)
class Measured:
    """Milliseconds per request, unless the name says otherwise."""

    concurrency: int
    requests: int
    median: float
    p95: float
    server: float  # processor time
    database: float  # processor time
    queries: int
    answer_bytes: int
    wrong_answers: dict[str, int]

    @property
    def processor(self) -> float:
        return self.server + self.database

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "processor": self.processor}


@dataclass(frozen=True)
class Machinery:
    """What answers, what it is made of, and how often it is asked."""

    port: int
    web: int  # the process at its head
    database: int
    database_url: str
    requests: int  # of each kind, alone

    def await_quiet(self) -> bool:
        """Until the worker has done what earlier requests left to it: the next do not pay that.

        False if it had more to do than there was patience for.
        """
        deadline = time.monotonic() + PATIENCE
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            while connection.execute(JOBS).fetchone() != (0,):
                if time.monotonic() > deadline:
                    return False
                time.sleep(LOOKS_EVERY)
        return True

    def spent(self) -> tuple[float, float]:
        return cost.processor_seconds(self.web), cost.processor_seconds(self.database)


def measure(
    operation: Operation, facts: Facts, machinery: Machinery, visitor: Callable[[], Visitor]
) -> list[Measured]:
    """Warm up, then alone, then in a crowd, which asks twice as much."""
    drive(visitor, operation.requests(facts, 0, WARM_UP), WARM_VISITORS)
    found, first = [], WARM_UP
    for concurrency, count in {ALONE: machinery.requests, CROWD: 2 * machinery.requests}.items():
        requests = operation.requests(facts, first, count)
        first += count
        machinery.await_quiet()
        before = machinery.spent()
        answers = drive(visitor, requests, concurrency)
        after = machinery.spent()
        server, database = (
            1000 * (then - earlier) / count for earlier, then in zip(before, after, strict=True)
        )
        found.append(_summed_up(operation, concurrency, answers, server, database))
    return found


def _summed_up(
    operation: Operation, concurrency: int, answers: list[Answer], server: float, database: float
) -> Measured:
    times = sorted(1000 * answer.seconds for answer in answers)
    wrong = Counter(str(a.status) for a in answers if a.status != operation.expects)
    return Measured(
        concurrency=concurrency,
        requests=len(answers),
        median=round(statistics.median(times), 2),
        p95=round(times[int(len(times) * 0.95)], 2),
        server=round(server, 2),
        database=round(database, 2),
        queries=round(statistics.median(answer.queries for answer in answers)),
        answer_bytes=round(statistics.median(len(answer.content) for answer in answers)),
        wrong_answers=dict(wrong),
    )
