"""Child processes that end with us, and are started again when they end by themselves.

They are forked where the system can do that safely, so that they hold in memory once what was
loaded before. Whoever starts them has one thread and no connection: those are not for sharing.
"""

import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from evenkeel.core.database.parent import end_with_parent

LARGEST_LOG = 10_000_000  # bytes; then the log is put aside and a new one begun
PATIENCE = 20.0  # seconds to end in an orderly way
HEALTHY_AFTER = 30.0  # seconds; a child that lived that long starts again without delay
MOST_FALLS = 6  # in a row
PR_SET_NAME = 15
M_ARENA_MAX, M_TRIM_THRESHOLD = -8, -1
# `Any`: what the two have in common has no name in the library's types.
_ways: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


@dataclass
class Child:
    """One program, and its log."""

    name: str  # as `top` shows it; at most 15 characters
    task: Callable[[], int | None]
    log: Path
    falls: int = 0
    _process: BaseProcess | None = None
    _started_at: float = 0.0
    _next_at: float = 0.0

    def start(self) -> None:
        self._started_at = time.monotonic()
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
        what = (self.name, self.task, self.log, os.getpid())
        self._process = _ways.Process(target=_begin, args=what, name=self.name)
        self._process.start()

    @property
    def pid(self) -> int:
        return (self._process.pid or 0) if self._process else 0

    def is_running(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def look_after(self) -> None:
        """Start it again when it has fallen, later each time."""
        now = time.monotonic()
        if self.is_running():
            return
        if self._process:
            self._process = None
            self.falls = 1 if now - self._started_at > HEALTHY_AFTER else self.falls + 1
            self._next_at = now + min(2.0 ** (self.falls - 1) - 1, 30.0)
        if now >= self._next_at:
            self.start()

    @property
    def has_given_up(self) -> bool:
        return self.falls >= MOST_FALLS

    def ask_to_end(self) -> None:
        if self._process and self.is_running():
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Until it has ended; after the deadline, by force."""
        if not self._process:
            return
        self._process.join(max(deadline - time.monotonic(), 0.1))
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _begin(name: str, task: Callable[[], int | None], log: Path, parent: int) -> None:
    """In the child: nothing of its parent's but what is in memory."""
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, signal.SIG_DFL)
    os.setsid()  # a Ctrl-C is for the parent, which ends us in an orderly way
    end_with_parent()
    if os.getppid() != parent:  # it ended before we asked
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.exit(task())


def keep_shared() -> None:
    """What is loaded by now stays shared with the processes that are forked from here: what is
    counted as garbage no more, is written to no more."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):  # only the C library of GNU has it
        # Threads of Python take turns; a heap of its own for each would only take room.
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, 1)
        libc.mallopt(M_TRIM_THRESHOLD, 131_072)  # else it keeps ever more of what was needed once


def end(children: Sequence[Child]) -> None:
    """All of them, at the same time."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.wait(deadline)
