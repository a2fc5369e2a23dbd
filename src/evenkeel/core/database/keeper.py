"""A small process that keeps the server of a data folder running while anybody uses it.

Users hold a shared lock on `users.lock`; the keeper holds `keeper.lock`. The system lets go of
both when a process dies in any way, so nothing here can be stale."""

import contextlib
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

from evenkeel.core.database import cluster
from evenkeel.core.database.refusal import DatabaseUnavailable
from evenkeel.core.database.server import Server

READY = "ready"
LOOKS_EVERY = 0.5  # seconds
LONGEST_BACK_OFF = 30.0


class _Enough(Exception):
    """Somebody asked the keeper to stop."""


@contextlib.contextmanager
def held(file: Path, kind: int) -> Iterator[IO[str]]:
    """A lock of that kind on that file, for as long as the block runs."""
    with file.open("a+") as handle:
        fcntl.flock(handle, kind)
        yield handle


def is_alive(home: Path) -> bool:
    """Whether a keeper runs on this data folder."""
    try:
        with held(home / "keeper.lock", fcntl.LOCK_SH | fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True


def pid(home: Path) -> int:
    return int((home / "keeper.lock").read_text())


def keep(home: Path) -> None:
    """Run the server until its last user is gone."""
    # Newcomers wait at users.lock until keeper.lock is free; then they start their own.
    with (home / "users.lock").open("a") as users, _at_work(home):
        server = Server(cluster.prepare(home), home / "logs" / "postgresql.log")
        try:
            server.start()
            _tell(READY)
            _watch(server, users)
        except _Enough:
            pass
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            server.stop()


@contextlib.contextmanager
def _at_work(home: Path) -> Iterator[None]:
    with held(home / "keeper.lock", fcntl.LOCK_EX) as mark:
        mark.truncate(0)
        mark.write(str(os.getpid()))
        mark.flush()
        yield


def _watch(server: Server, users: IO[str]) -> None:
    """Return, with the door closed to new users, when no user is left."""
    pause = LOOKS_EVERY
    while not _is_unused(users):
        time.sleep(pause)
        if server.is_running():
            pause = LOOKS_EVERY
            continue
        pause = min(pause * 2, LONGEST_BACK_OFF)
        with contextlib.suppress(DatabaseUnavailable):
            server.start()


def _is_unused(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _tell(line: str) -> None:
    """One line to whoever started us; from then on we have nothing to say there."""
    os.write(1, f"{line}\n".encode())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Enough


def main() -> int:
    home = Path(sys.argv[1])
    os.chdir("/")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        keep(home)
    except (DatabaseUnavailable, OSError) as refusal:
        _tell(" ".join(str(refusal).split()))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
