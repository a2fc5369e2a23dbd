"""Child processes that end with us, and are started again when they end by themselves."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_LOG = 10_000_000  # bytes; then the log is put aside and a new one begun
PATIENCE = 20.0  # seconds to end in an orderly way
HEALTHY_AFTER = 30.0  # seconds; a child that lived that long starts again without delay
MOST_FALLS = 6  # in a row


@dataclass
class Child:
    """One program, and its log."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    falls: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _next_at: float = 0.0

    def start(self) -> None:
        self._started_at = time.monotonic()
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.environment}, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

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
        try:
            self._process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def end(children: Sequence[Child]) -> None:
    """All of them, at the same time."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.wait(deadline)
