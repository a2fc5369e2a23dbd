"""What several processes count together."""

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from evenkeel.core.operation.counters import ROWS, Counters


def in_a_process(does: Callable[[], None]) -> None:
    """Forked, as those of the web server are, and gone again."""
    if (child := os.fork()) == 0:
        try:
            does()
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def many(counters: Counters, times: int, *request: Any) -> None:
    for _ in range(times):
        counters.count(*request)


class TestCounters:
    def test_add_up_what_all_processes_counted(self) -> None:
        counters = Counters()
        counters.count(2, 200, 0.003)
        in_a_process(lambda: many(counters, 5, 2, 404, 0.03))
        in_a_process(lambda: counters.count(2, 418, 60.0))
        found = counters.of(2)
        assert found.by_status == {"200": 1, "404": 5, "other": 1}
        assert found.by_time == [1, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1]
        assert found.seconds == pytest.approx(60.153)
        assert found.total == 7
        assert counters.of(3).total == 0

    def test_lose_nothing_when_many_threads_count_at_once(self) -> None:
        counters = Counters()
        threads = [
            threading.Thread(target=many, args=(counters, 2000, 0, 200, 0.1)) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counters.of(0).by_status == {"200": 16_000}

    def test_leave_the_row_of_a_fallen_process_to_the_next(self) -> None:
        counters = Counters()
        for _ in range(ROWS + 10):
            in_a_process(lambda: counters.count(0, 200, 0.1))
        assert counters.of(0).total == ROWS + 10
        assert list(counters.processes()) == []

    def test_know_the_processes_that_are_alive(self) -> None:
        counters = Counters()
        counters.count(0, 200, 0.1)
        assert list(counters.processes()) == [os.getpid()]
