"""Requests counted and timed, by all processes of one web server together.

The processes are forked from one parent and share a piece of memory that it made. Each writes to a
row of its own, so none waits for another; whoever is asked adds the rows up. A process that fell
leaves its row, with what it counted, to the next.
"""

import fcntl
import mmap
import os
import tempfile
import threading
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

STATUSES = (
    *(200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429),
    *(500, 503),
)
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
ROWS = 128  # processes; a web server has at most 64
ROOMS = 96
_TIMES = len(STATUSES) + 1  # where the times begin, after the statuses and all others
_OF_ROOM = _TIMES + len(BOUNDS) + 2  # … and the longer ones, and the sum of seconds
_OF_ROW = 1 + ROOMS * _OF_ROOM  # the first says whose row it is


class Counted(NamedTuple):
    """What was counted of one room."""

    by_status: dict[str, int]
    by_time: list[int]  # for each bound those that took no longer, and not the bound before; rest
    seconds: float

    @property
    def total(self) -> int:
        """How many requests."""
        return sum(self.by_time)


class Counters:
    """The shared memory, and this process's row in it."""

    def __init__(self) -> None:
        self._file, name = tempfile.mkstemp()  # open for as long as the process lives
        os.unlink(name)
        os.truncate(self._file, ROWS * _OF_ROW * 8)
        self._cells = memoryview(mmap.mmap(self._file, 0)).cast("d")
        self._lock, self._pid, self._row = threading.Lock(), 0, 0

    def count(self, room: int, status: int, seconds: float) -> None:
        """One more request of a room, and how long it took."""
        if self._pid != os.getpid():  # forked since
            self._lock, self._pid, self._row = threading.Lock(), os.getpid(), self._claim()
        at = self._row + 1 + room * _OF_ROOM
        of_status = STATUSES.index(status) if status in STATUSES else len(STATUSES)
        with self._lock:
            self._cells[at + of_status] += 1
            self._cells[at + _TIMES + bisect_left(BOUNDS, seconds)] += 1
            self._cells[at + _OF_ROOM - 1] += seconds

    def of(self, room: int) -> Counted:
        """What all processes counted of a room."""
        first = range(1 + room * _OF_ROOM, ROWS * _OF_ROW, _OF_ROW)
        sums = [sum(self._cells[at + n] for at in first) for n in range(_OF_ROOM)]
        said = dict(zip([*map(str, STATUSES), "other"], map(int, sums), strict=False))
        times = [int(count) for count in sums[_TIMES:-1]]
        return Counted({name: many for name, many in said.items() if many}, times, sums[-1])

    def processes(self) -> Iterator[int]:
        """Those that counted and are alive."""
        owners = (int(self._cells[row]) for row in range(0, ROWS * _OF_ROW, _OF_ROW))
        return (pid for pid in owners if pid and _is_alive(pid))

    def _claim(self) -> int:
        """A row that nobody has, or whose process is no more; the last one where all are taken."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            row = 0
            for row in range(0, ROWS * _OF_ROW, _OF_ROW):
                owner = int(self._cells[row])
                if owner in {0, os.getpid()} or not _is_alive(owner):
                    break
            self._cells[row] = os.getpid()
            return row
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
