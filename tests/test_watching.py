"""The running installation as those see it who watch it: health, figures, logs."""

import http.client
import json
import os
import re
import secrets
import signal
import time
from collections.abc import Iterator

import pytest

from evenkeel.core.testing.live import free_port
from tests.installation import installed

TOKEN = "for the one who watches"
SO_MANY = 60


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where an Evenkeel answers, with two processes of its web server."""
    home, port = tmp_path_factory.mktemp("watched"), free_port()
    with installed(f"watched_{secrets.token_hex(4)}", home) as house:
        house.environment |= {
            "EVENKEEL_WORKERS": "2",
            "EVENKEEL_LOGS": "json",
            "EVENKEEL_METRICS_TOKEN": TOKEN,
            "EVENKEEL_HOME": str(home),
        }
        process = house.start("run", "--no-demo", "--port", str(port))
        try:
            wait_until_ready(port)
            yield port
        finally:
            process.terminate()
            process.communicate(timeout=60)
    lines = (home / "logs/web.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) > SO_MANY
    assert all({"at", "level", "logger", "message"} <= json.loads(line).keys() for line in lines)


def get(port: int, address: str) -> tuple[int, str]:
    """On a connection of its own, so that either process may take it; again where it fell."""
    deadline = time.monotonic() + 90
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", address, headers={"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            assert time.monotonic() < deadline, "it never answered"
            time.sleep(0.1)
        finally:
            connection.close()


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 90
    while get(port, "/health/")[0] != 200:
        assert time.monotonic() < deadline, "never ready"
        time.sleep(0.2)


def counted(port: int) -> int:
    told = get(port, "/metrics")[1]
    found = re.search(
        r'^evenkeel_requests_total{room="web.about",status="200"} (\d+)', told, re.MULTILINE
    )
    return int(found[1]) if found else 0


def processes(port: int) -> set[int]:
    told = get(port, "/metrics")[1]
    found = re.findall(r'^evenkeel_process_memory_bytes{process="(\d+)"}', told, re.MULTILINE)
    return {int(pid) for pid in found}


class TestRequests:
    def test_are_added_up_over_processes_and_outlive_one_that_falls(self, port: int) -> None:
        before = counted(port)
        for _ in range(SO_MANY):
            assert get(port, "/about/")[0] == 200
        assert {counted(port) for _ in range(8)} == {before + SO_MANY}
        both = processes(port)
        assert len(both) == 2
        os.kill(min(both), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while processes(port) == both or len(processes(port)) < 2:
            assert time.monotonic() < deadline, "no process took the place of the fallen one"
            get(port, "/about/")
        for _ in range(SO_MANY):
            get(port, "/about/")
        assert counted(port) >= before + 2 * SO_MANY


class TestHealth:
    def test_sees_the_worker_at_work(self, port: int) -> None:
        deadline = time.monotonic() + 60
        while not json.loads(get(port, "/health/")[1])["looked at"]["worker"]["sound"]:
            assert time.monotonic() < deadline, "the worker was never seen"
            time.sleep(0.5)
