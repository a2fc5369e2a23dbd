"""The PostgreSQL server as a child process that dies with its parent."""

import os
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import psycopg

from evenkeel.core.database import parent
from evenkeel.core.database.cluster import NAME, Cluster
from evenkeel.core.database.refusal import DatabaseUnavailable

PATIENCE = 60.0  # seconds; after a power cut the server first reads its log again
# What a server says when the one before it has not quite gone.
STILL_GOING = ("already exists", "still in use", "already in use")


class Server:
    """Starts, watches and stops the server of one cluster."""

    def __init__(self, cluster: Cluster, log: Path) -> None:
        self.cluster = cluster
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        self.log.parent.mkdir(parents=True, exist_ok=True)
        while True:
            began = self.log.stat().st_size if self.log.exists() else 0
            disown_stale_pid(self.cluster.data)
            self._process = self._spawn()
            if self._answers(deadline):
                break
            said = self.log.read_bytes()[began:].decode(errors="replace")
            if time.monotonic() > deadline or not any(text in said for text in STILL_GOING):
                self.stop()
                raise DatabaseUnavailable(f"PostgreSQL did not start: {_reason(said)} ({self.log})")
            time.sleep(0.1)
        self._make_database()

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, committed ones are on disk."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self) -> None:
        if self._process:
            self._process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        data, sockets = self.cluster.data, self.cluster.sockets
        command = [self.cluster.programs["postgres"], "-D", str(data), "-h", ""]
        command += ["-k", str(sockets)]
        # Root connects to a server of another account; nobody else passes the folder around it.
        command += ["-c", "unix_socket_permissions=0700", "-c", "logging_collector=off"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "LC_ALL": "C.UTF-8"}, start_new_session=True,
                preexec_fn=partial(parent.end_with_parent, signal.SIGINT),  # noqa: PLW1509  (started before any thread)
                **self.cluster.account.as_arguments,
            )  # fmt: skip

    def _answers(self, deadline: float) -> bool:
        """True once it takes connections; False when it has ended instead."""
        while self.is_running() and time.monotonic() < deadline:
            if answers(self.cluster.sockets):
                return True
            time.sleep(0.02)
        return False

    def _make_database(self) -> None:
        address = f"host={self.cluster.sockets} user={NAME} dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(there, [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")


def answers(sockets: Path) -> bool:
    """Whether a server takes connections there."""
    try:
        psycopg.connect(f"host={sockets} user={NAME} dbname=postgres", connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def disown_stale_pid(data: Path) -> None:
    """After a crash the pid in postmaster.pid may have been given to a stranger, and PostgreSQL
    would wait for the stranger for ever. With our own pid in its place PostgreSQL sees its
    parent, knows that the file is stale, and still checks that no old backend is left."""
    file = data / "postmaster.pid"
    try:
        pid, *rest = file.read_text().splitlines(keepends=True)
        stranger = Path(f"/proc/{int(pid)}")
        if Path("/proc/self").exists() and stranger.exists() and not _works_in(stranger, data):
            file.write_text("".join([f"{os.getpid()}\n", *rest]))
    except (FileNotFoundError, ValueError):
        return


def _works_in(process: Path, data: Path) -> bool:
    """Every process of a server works in its database folder."""
    try:
        return (process / "cwd").resolve() == data
    except OSError:
        return False


def _reason(said: str) -> str:
    lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
    return (lines or said.splitlines() or ["it said nothing"])[-1].split("FATAL:")[-1].strip()
