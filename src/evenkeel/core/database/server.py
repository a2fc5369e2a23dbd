"""The PostgreSQL server as a child process that dies with its parent."""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from functools import partial
from io import BufferedIOBase
from pathlib import Path

from evenkeel.core.database import parent
from evenkeel.core.database.cluster import NAME, Cluster
from evenkeel.core.database.refusal import DatabaseUnavailable

PATIENCE = 60.0  # seconds; after a power cut the server first reads its log again
# The C library of GNU keeps ever more of what a connection once needed; held at the 128 KB with
# which it begins, a connection is 6 MB smaller after some work, at no cost that could be measured.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_TRIM_THRESHOLD_": "131072"}
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
                env={**os.environ, **ENVIRONMENT}, start_new_session=True,
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
        sockets = self.cluster.sockets
        if answers(sockets, NAME):
            return
        command = [sys.executable, "-m", "evenkeel.core.database.making", str(sockets)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            raise DatabaseUnavailable(f"The database could not be made: {_reason(made.stderr)}")


def answers(sockets: Path, database: str = "postgres") -> bool:
    """Whether a server takes connections there, to this database.

    Asked by hand, in PostgreSQL's protocol (version 3.0): who only watches a server should not
    carry a whole library for it.
    """
    said = f"user\0{NAME}\0database\0{database}\0\0".encode()
    try:
        with socket.socket(socket.AF_UNIX) as line, line.makefile("rb") as answer:
            line.settimeout(5)
            line.connect(str(sockets / ".s.PGSQL.5432"))
            line.sendall(struct.pack("!II", len(said) + 8, 3 << 16) + said)
            is_ready = _is_ready(answer)
            line.sendall(b"X" + struct.pack("!I", 4))  # a farewell, or the log would note its lack
    except (OSError, struct.error):  # it is not there, or went while it spoke
        return False
    return is_ready


def _is_ready(answer: BufferedIOBase) -> bool:
    """Read what the server says of itself, until it waits for us ("Z") or refuses ("E")."""
    while (kind := answer.read(1)) not in {b"Z", b"E", b""}:
        answer.read(struct.unpack("!I", answer.read(4))[0] - 4)
    return kind == b"Z"


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
