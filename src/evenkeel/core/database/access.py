"""A database for the time that one needs it: the named one, or our own, started when asked."""

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from evenkeel.core.database import cluster, keeper
from evenkeel.core.database.programs import OLDEST
from evenkeel.core.database.refusal import DatabaseUnavailable
from evenkeel.core.database.server import PATIENCE, answers

# Those that this process started, so that it can see them off.
_keepers: dict[Path, subprocess.Popen[bytes]] = {}


@contextlib.contextmanager
def using(home: Path) -> Iterator[None]:
    """Our own server runs while the block does, however many blocks there are in how many
    processes; the last one out stops it."""
    home.mkdir(parents=True, exist_ok=True)
    with keeper.held(home / "users.lock", fcntl.LOCK_SH) as users:
        ensure(home)
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                abandon(home)


def ensure(home: Path) -> None:
    """A keeper runs and its server answers. For holders of `users.lock` only."""
    deadline = time.monotonic() + PATIENCE
    while not _answers(home):
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                f"PostgreSQL in {home} does not answer; its last words are in {home}/logs."
            )
        time.sleep(0.1)


def _answers(home: Path) -> bool:
    """Does the server, with a keeper? One that ends just now is not counted on, but replaced."""
    with keeper.held(home / "start.lock", fcntl.LOCK_EX):
        if not keeper.is_alive(home):
            _start_keeper(home)
    return answers(cluster.socket_folder(cluster.data_folder(home)), cluster.NAME)


def ensure_kept(home: Path) -> None:
    """The same at the price of one system call: the keeper looks after its server itself."""
    if not keeper.is_alive(home):
        ensure(home)


def check(url: str) -> None:
    """A database that somebody else runs: can it be reached, and is it new enough?"""
    import psycopg  # noqa: PLC0415  (as large as the rest; whoever runs our own never asks)
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    parts = conninfo_to_dict(url)
    host, port = parts.get("host") or "the local socket", parts.get("port") or 5432
    place = f"{host}, port {port}, database {parts.get('dbname')}"
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as fault:
        said = str(fault).strip().splitlines()[0].rsplit(" failed: ", 1)[-1]
        reason = re.sub(r"^(FATAL:|\[Errno -?\d+\])\s*", "", said).strip(" .")
        raise DatabaseUnavailable(
            f"The database at {place} cannot be reached ({reason}); start it or mend DATABASE_URL."
        ) from None
    if version < OLDEST:
        raise DatabaseUnavailable(
            f"The database at {place} is PostgreSQL {version}; Evenkeel needs {OLDEST} or later."
        )


def _start_keeper(home: Path) -> None:
    (home / "logs").mkdir(exist_ok=True)
    with (home / "logs" / "keeper.log").open("ab") as log:
        # A session of its own: Ctrl-C in the terminal must not reach the database first.
        process = subprocess.Popen(
            [sys.executable, "-m", keeper.__name__, str(home)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    said = ""
    if process.stdout:
        with process.stdout as stdout:
            said = stdout.readline().decode().strip()
    if fallen := _keepers.pop(home, None):
        fallen.wait()
    _keepers[home] = process
    if said != keeper.READY:
        raise DatabaseUnavailable(said or f"PostgreSQL did not start; see {home}/logs/keeper.log.")


def abandon(home: Path) -> None:
    """Nobody uses the server any more: end its keeper, and wait until both are gone."""
    with contextlib.suppress(ProcessLookupError, ValueError, FileNotFoundError):
        if keeper.is_alive(home):
            os.kill(keeper.pid(home), signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while keeper.is_alive(home) and time.monotonic() < deadline:
        time.sleep(0.02)
    if child := _keepers.pop(home, None):
        child.wait()
