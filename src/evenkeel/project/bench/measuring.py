"""Operations, measured: how long a visitor waits, and what the machine pays.

On a shared machine a request costs up to twice as much while others are busy, and never less than
it needs. So each operation is measured in several rounds, with all the others between them, and
the round that was disturbed least counts.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from typing import Any

import psycopg

from evenkeel.project.bench import cost
from evenkeel.project.bench.driving import Answer, Asked, Visitor, drive
from evenkeel.project.bench.operations import Facts, Operation

WARM_UP, WARM_VISITORS = 32, 8  # every thread of the server has prepared its statements
ALONE, CROWD = 1, 8  # visitors at a time
ROUNDS = 3
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
    rounds: list[float]  # the processor time of each, where there were several

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
    requests: int  # of each kind, alone, in each round

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
    operations: Sequence[Operation],
    facts: Facts,
    machinery: Machinery,
    visitor: Callable[[], Visitor],
) -> Iterator[tuple[str, list[Measured]]]:
    """Of each operation: the least disturbed round alone, and a crowd, which asks twice as much."""
    rounds: dict[str, list[Measured]] = {operation.name: [] for operation in operations}
    for turn in range(ROUNDS):
        for operation in operations:
            if not turn:
                drive(visitor, operation.requests(facts, 0, WARM_UP), WARM_VISITORS)
            first = WARM_UP + turn * machinery.requests
            requests = operation.requests(facts, first, machinery.requests)
            rounds[operation.name].append(_measured(operation, requests, machinery, visitor, ALONE))
    for operation in operations:
        first = WARM_UP + ROUNDS * machinery.requests
        requests = operation.requests(facts, first, 2 * machinery.requests)
        crowd = _measured(operation, requests, machinery, visitor, CROWD)
        yield operation.name, [_least_disturbed(rounds[operation.name]), crowd]


def _measured(
    operation: Operation,
    requests: list[Asked],
    machinery: Machinery,
    visitor: Callable[[], Visitor],
    concurrency: int,
) -> Measured:
    machinery.await_quiet()
    before = machinery.spent()
    answers = drive(visitor, requests, concurrency)
    after = machinery.spent()
    server, database = (
        1000 * (then - earlier) / len(requests) for earlier, then in zip(before, after, strict=True)
    )
    return _summed_up(operation, concurrency, answers, server, database)


def _least_disturbed(rounds: list[Measured]) -> Measured:
    """That round, with what went wrong in any of them."""
    wrong = sum((Counter(one.wrong_answers) for one in rounds), Counter())
    best = min(rounds, key=attrgetter("processor"))
    spent = [round(one.processor, 2) for one in rounds]
    return replace(best, wrong_answers=dict(wrong), rounds=spent)


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
        rounds=[],
    )
