"""Many processes, one data folder."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from evenkeel.core.database import DatabaseUnavailable, access, cluster, keeper
from evenkeel.core.database.programs import find
from evenkeel.core.database.tests.test_server import (
    is_there,
    note,
    notes,
    postmaster,
    wait_until_gone,
)

USER = """
import sys
from pathlib import Path
from evenkeel.core.database import access
from evenkeel.core.database.tests.test_server import note
home = Path(sys.argv[1])
with access.using(home):
    note(home, sys.argv[2])
    print("noted", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(home: Path, text: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the same data folder, until its input ends."""
    command = [sys.executable, "-c", USER, str(home), text]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "noted\n"
        yield process


class TestUsing:
    def test_leaves_nothing_running_behind(self, home: Path) -> None:
        with access.using(home):
            pids = [postmaster(home), keeper.pid(home)]
        assert [pid for pid in pids if is_there(pid)] == []

    def test_shares_one_server_and_the_last_one_out_stops_it(self, home: Path) -> None:
        with another(home, "a") as first:
            pid = postmaster(home)
            with access.using(home):
                assert postmaster(home) == pid
                first.communicate("")
                assert notes(home) == ["a"]
        wait_until_gone(pid)

    def test_ends_the_server_when_its_only_user_is_killed(self, home: Path) -> None:
        with another(home, "a") as first:
            pid = postmaster(home)
            first.kill()
        wait_until_gone(pid)
        with access.using(home):
            assert notes(home) == ["a"]

    def test_starts_anew_though_the_last_keeper_was_still_ending(self, home: Path) -> None:
        ending = ExitStack()
        ending.enter_context(keeper.held(home / "keeper.lock", fcntl.LOCK_EX))
        ends = threading.Timer(1, ending.close)
        ends.start()
        with access.using(home):
            note(home, "after it")
        ends.join()

    def test_outlives_the_user_who_started_it(self, home: Path) -> None:
        with another(home, "a") as first, access.using(home):
            first.kill()
            first.wait()
            time.sleep(2 * keeper.LOOKS_EVERY)
            assert notes(home) == ["a"]

    def test_starts_again_after_the_server_was_killed(self, home: Path) -> None:
        with access.using(home):
            note(home, "before")
            os.kill(pid := postmaster(home), signal.SIGKILL)
            wait_until_gone(pid)
            _wait_for_answer(home)
            assert notes(home) == ["before"]

    def test_starts_again_after_the_keeper_was_killed(self, home: Path) -> None:
        with access.using(home):
            note(home, "before")
            os.kill(keeper.pid(home), signal.SIGKILL)
            wait_until_gone(postmaster(home))
            access.ensure_kept(home)
            assert notes(home) == ["before"]

    def test_is_safe_for_many_that_come_and_go_at_the_same_time(self, home: Path) -> None:
        command = [sys.executable, "-c", USER, str(home)]
        crowd = [
            subprocess.Popen(
                [*command, f"{number}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            for number in range(6)
        ]
        assert [process.wait(60) for process in crowd] == [0] * 6
        with access.using(home):
            assert notes(home) == [f"{number}" for number in range(6)]


class TestPrograms:
    def test_of_a_version_that_nobody_has_are_asked_for_in_one_sentence(self) -> None:
        with pytest.raises(DatabaseUnavailable, match="install PostgreSQL 99"):
            find(99)

    def test_of_the_machine_do_when_the_wheel_has_none(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("evenkeel.core.database.programs.util.find_spec", lambda name: None)
        try:
            major = find().major
        except DatabaseUnavailable:
            pytest.skip("this machine has no PostgreSQL of its own")
        ready = cluster.prepare(home)
        assert (ready.data / "PG_VERSION").read_text().strip() == str(major)
        monkeypatch.undo()
        assert cluster.prepare(home).programs.major == major


class TestNamedDatabase:
    def test_that_is_not_there_is_reported_without_its_password(self) -> None:
        with pytest.raises(DatabaseUnavailable, match="cannot be reached") as refusal:
            access.check("postgresql://me:hush@127.0.0.1:1/evenkeel")
        assert "hush" not in str(refusal.value)
        assert "\n" not in str(refusal.value)

    def test_is_told_from_another_on_the_same_machine_by_its_port(self) -> None:
        with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1, port 1, database evenkeel"):
            access.check("postgresql://127.0.0.1:1/evenkeel")

    def test_that_speaks_another_language_is_reported_with_the_whole_reason(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:

            def say() -> None:
                with other.accept()[0] as caller:
                    caller.sendall(b"HTTP/1.1 400")

            answer = threading.Thread(target=say)
            answer.start()
            address = f"postgresql://127.0.0.1:{other.getsockname()[1]}/evenkeel"
            with pytest.raises(DatabaseUnavailable, match=r"\(received invalid response.*\)"):
                access.check(address)
            answer.join()

    def test_that_answers_is_taken(self) -> None:
        access.check(os.environ["DATABASE_URL"])


def _wait_for_answer(home: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(cluster.url(home)).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the keeper did not start the server again"
            time.sleep(0.1)
        else:
            return
