"""`evenkeel run` and the commands beside it, as processes, through the accidents of a day."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from evenkeel.core.database import access, cluster

EVENKEEL = [sys.executable, "-m", "evenkeel.project"]
PATIENCE = 90.0  # seconds; two cores, and other tests on them


class Running(NamedTuple):
    """A running Evenkeel, and the port it answers on."""

    process: subprocess.Popen[str]
    port: int


def settings(home: Path, **more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing but a data folder."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith("EVENKEEL_")
    }
    return {**kept, "EVENKEEL_HOME": str(home), **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(home: Path) -> list[int]:
    """Every living process that was started with this data folder, PostgreSQL's own included."""
    mark = f"EVENKEEL_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def name_of(pid: int) -> str:
    """As `top` shows it."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def memory_of(pid: int, kind: str) -> int:
    """Kilobytes; `Pss_Anon` is `Anonymous` with what is shared divided among those who share it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/static/nothing.css")
        return connection.getresponse().status == 404
    except OSError:
        return False
    finally:
        connection.close()


def start(home: Path) -> Running:
    port = free_port()
    process = subprocess.Popen(
        [*EVENKEEL, "run", "--no-demo", "--port", str(port)],
        env=settings(home), stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    said = [process.stdout.readline() for _ in range(3)]
    # Nobody can sign in to an empty installation; whoever started it is told where to begin.
    assert said[0].startswith("Nobody can sign in yet."), said
    assert re.fullmatch(rf"http://localhost:{port}/accounts/first/\S+/\n", said[1]), said
    assert f"http://127.0.0.1:{port}" in said[2], said
    return Running(process, port)


@pytest.fixture
def run(home: Path) -> Iterator[Callable[[], Running]]:
    """Start Evenkeel; whatever the test leaves running is ended."""
    started: list[Running] = []

    def begin() -> Running:
        started.append(start(home))
        return started[-1]

    yield begin
    for running in started:
        running.process.terminate()
        running.process.communicate(timeout=PATIENCE)


def say(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """The exit code of a command and what it said on standard error."""
    done = subprocess.run(
        [*EVENKEEL, *arguments],
        env=settings(home, **more), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


class TestRun:
    def test_ends_with_ctrl_c_and_leaves_no_process(
        self, home: Path, run: Callable[[], Running]
    ) -> None:
        running = run()
        assert answers(running.port)
        os.killpg(running.process.pid, signal.SIGINT)
        assert running.process.wait(PATIENCE) == 0
        assert processes_of(home) == []

    def test_opens_its_data_again_after_everything_was_killed(
        self, home: Path, run: Callable[[], Running]
    ) -> None:
        run()
        with psycopg.connect(cluster.url(home)) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'committed' AS text")
        for pid in processes_of(home):
            with suppress(ProcessLookupError):  # it ended with one that was killed before it
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not processes_of(home))
        assert answers(run().port)
        with psycopg.connect(cluster.url(home)) as connection:
            assert connection.execute("SELECT text FROM note").fetchall() == [("committed",)]

    @pytest.mark.parametrize("name", ["evenkeel-web", "evenkeel-worker", "postgres"])
    def test_replaces_what_was_killed(
        self, home: Path, run: Callable[[], Running], name: str
    ) -> None:
        running = run()
        before = [pid for pid in processes_of(home) if name == name_of(pid)]
        os.kill(min(before), signal.SIGKILL)
        wait_for(
            lambda: any(name == name_of(pid) for pid in processes_of(home) if pid not in before)
        )
        wait_for(lambda: answers(running.port))

    def test_holds_in_memory_once_what_its_processes_have_loaded(
        self, home: Path, run: Callable[[], Running]
    ) -> None:
        run()
        for name in ("evenkeel-web", "evenkeel-worker"):
            pid = min(pid for pid in processes_of(home) if name_of(pid) == name)
            assert memory_of(pid, "Pss_Anon") < memory_of(pid, "Anonymous") / 1.5, name

    def test_dies_whole_when_its_head_is_killed(
        self, home: Path, run: Callable[[], Running]
    ) -> None:
        run().process.kill()
        wait_for(lambda: not processes_of(home))

    def test_names_a_taken_port_in_one_sentence(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as squatter:
            port = squatter.getsockname()[1]
            code, said = say(home, "run", "--port", str(port))
        assert code == 1
        assert f"port {port} is taken" in said
        assert said.count("\n") == 1


class TestCommand:
    def test_names_an_unreachable_database_in_one_sentence(self, home: Path) -> None:
        url = "postgresql://me:hush@127.0.0.1:1/evenkeel"
        for command in (["run"], ["list", "incidents"]):
            code, said = say(home, *command, DATABASE_URL=url, EVENKEEL_PORT=str(free_port()))
            assert code == 1
            assert "cannot be reached (Connection refused)" in said
            assert said.count("\n") == 1

    def test_names_a_wrong_setting_in_one_sentence(self, home: Path) -> None:
        code, said = say(home, "list", "incidents", EVENKEEL_DEBUG="perhaps")
        assert (code, said) == (
            1,
            "evenkeel: EVENKEEL_DEBUG=perhaps is refused: write yes or no.\n",
        )

    def test_check_finds_a_new_installation_sound(self, home: Path) -> None:
        assert say(home, "list", "incidents", "--count")[0] == 0
        done = subprocess.run(
            [*EVENKEEL, "check", "--json"],
            env=settings(home), capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = {finding["what"]: finding for finding in json.loads(done.stdout)}
        assert [finding for finding in found.values() if not finding["is_sound"]] == []
        assert "evidence" in found
        assert done.returncode == 0

    def test_check_names_the_first_fault_and_ends_with_1(self, home: Path) -> None:
        url = "postgresql://me:hush@127.0.0.1:1/evenkeel"
        done = subprocess.run(
            [*EVENKEEL, "check"],
            env=settings(home, DATABASE_URL=url), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stdout.splitlines()[1].startswith("FAULT  database: The database at 127.0.0.1")
        assert "hush" not in done.stdout

    def test_makes_the_database_that_it_needs_and_stops_it(self, home: Path) -> None:
        assert say(home, "list", "incidents", "--count")[0] == 0
        assert processes_of(home) == []

    def test_is_safe_beside_others_on_an_empty_data_folder(self, home: Path) -> None:
        crowd = [
            subprocess.Popen(
                [*EVENKEEL, "list", "incidents", "--count"],
                env=settings(home),
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        assert [process.communicate(timeout=PATIENCE)[0] for process in crowd] == ["0\n"] * 3

    def test_needs_no_database_to_tell_its_version(self, home: Path) -> None:
        assert say(home, "--version")[0] == 0
        assert not (home / "database").exists()

    def test_uses_the_server_that_runs_already(self, home: Path) -> None:
        with access.using(home):
            before = (home / "database" / "postmaster.pid").read_text().splitlines()[0]
            assert say(home, "list", "incidents", "--count")[0] == 0
            assert (home / "database" / "postmaster.pid").read_text().startswith(before)
