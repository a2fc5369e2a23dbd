"""What those who watch the installation are told, and what the public is not."""

import os
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from evenkeel.core.backups import keeping
from evenkeel.core.directory.tests.conftest import give, someone
from evenkeel.core.jobs import LONG
from evenkeel.core.operation import looks, requests
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.testing.api import Api

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[5]
TOKEN = "for the one who watches"
WATCHER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture
def anna(roles: None) -> User:
    """The auditor."""
    return give(someone("anna"), RoleType.AUDITOR)


def looked_at(client: Client) -> dict[str, Any]:
    told = client.get("/health/", headers=WATCHER).json()["looked at"]
    assert isinstance(told, dict)
    return told


def figure(client: Client, name: str) -> float:
    text = client.get("/metrics", headers=WATCHER).content.decode()
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not in:\n{text}"
    return float(found[1])


class TestHealth:
    def test_tells_everybody_that_it_lives_and_is_ready_and_nothing_else(
        self, client: Client
    ) -> None:
        assert client.get("/health/live/").content == b"alive\n"
        answer = client.get("/health/")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})

    @pytest.mark.parametrize("header", ["Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ÿ"])
    def test_tells_no_more_to_a_wrong_token(self, client: Client, header: str) -> None:
        answer = client.get("/health/", headers={"Authorization": header})
        assert answer.json() == {"status": "ready"}
        assert client.get("/metrics", headers={"Authorization": header}).status_code == 401

    def test_without_a_token_in_the_settings_takes_none(
        self, client: Client, settings: Any
    ) -> None:
        settings.METRICS_TOKEN = ""
        for header in ("Bearer ", "Bearer"):
            assert client.get("/metrics", headers={"Authorization": header}).status_code == 401

    def test_says_all_to_the_auditor_and_their_token_and_not_to_others(
        self, anna: User, rita: User, client: Client
    ) -> None:
        assert Api(anna).get("/metrics").status_code == 200
        assert Api(rita).get("/metrics").status_code == 401
        client.force_login(rita)
        assert client.get("/health/").json() == {"status": "ready"}
        client.force_login(anna)
        assert set(client.get("/health/").json()["looked at"]) == {*looks.READY, *looks.SOUND}

    def test_is_not_ready_for_a_database_of_another_version(self, client: Client) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0020_unseen_notices'")
        answer = client.get("/health/")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
        told = looked_at(client)
        assert told["migrations"]["says"] == "1 are missing; `evenkeel run` makes them."

    def test_is_not_ready_and_tells_so_without_a_database(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: Any, **__: Any) -> None:
            raise OperationalError("password of evenkeel at 10.1.2.3")

        monkeypatch.setattr(connection, "cursor", away)  # none of the tests may stop theirs
        client.cookies["sessionid"] = "somebody"
        answer = client.get("/health/", headers=WATCHER)
        assert answer.status_code == 503
        assert answer.json()["looked at"] == {
            "database": {"sound": False, "says": "does not answer (OperationalError)."}
        }
        assert client.get("/health/live/").status_code == 200

    def test_names_what_to_look_after_and_stays_ready(self, client: Client) -> None:
        app.configure_task("incidents.remind").defer()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - interval '3 hours';"
                " INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '5 minutes')"
            )
        answer = client.get("/health/", headers=WATCHER)
        assert answer.status_code == 200
        assert answer.json()["status"] == "ready, with something to look after"
        told = answer.json()["looked at"]
        assert told["jobs"]["says"] == "the oldest of 1 has waited for 3 hours."
        assert told["worker"]["says"].startswith("none has given a sign of life for 5 minutes")
        assert told["backup"]["sound"] is False

    def test_lets_what_is_long_wait_for_its_like(self, client: Client) -> None:
        app.configure_task("core.back_up", queue=LONG).defer()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_events SET at = now() - interval '3 hours'")
        told = client.get("/health/", headers=WATCHER).json()["looked at"]["jobs"]
        assert told == {"sound": True, "says": "1 wait, 0 running."}

    def test_finds_a_living_worker_and_a_young_backup_sound(
        self, client: Client, tmp_path: Any, settings: Any
    ) -> None:
        settings.EVENKEEL_HOME = tmp_path
        (tmp_path / "one.zip").touch()
        made = keeping.Last(timezone.now(), str(tmp_path / "one.zip"))
        (tmp_path / "last-backup.json").write_bytes(msgspec.json.encode(made))
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        told = looked_at(client)
        assert (told["worker"]["sound"], told["jobs"]["sound"], told["backup"]["sound"]) == (
            (True,) * 3
        )
        assert 0 <= figure(client, "evenkeel_backup_age_seconds") < 60
        assert figure(client, "evenkeel_workers") == 1


class TestMetrics:
    def test_count_requests_by_room_and_status(self, client: Client) -> None:
        name = 'evenkeel_requests_total{room="web.about",status="200"}'
        client.get("/about/")
        before = figure(client, name)
        client.get("/about/")
        assert figure(client, name) == before + 1
        assert figure(client, 'evenkeel_request_seconds_count{room="web.about"}') >= 2
        assert figure(client, 'evenkeel_request_seconds_bucket{room="web.about",le="+Inf"}') >= 2

    def test_count_the_rooms_of_the_api_apart(self, rita: User, client: Client) -> None:
        assert Api(rita).get("/api/incidents").status_code == 200
        assert figure(client, 'evenkeel_requests_total{room="rest.lists",status="200"}') >= 1

    def test_tell_jobs_and_memory_and_leave_out_what_is_not_known(self, client: Client) -> None:
        app.configure_task("x.y").defer()
        assert figure(client, 'evenkeel_jobs{state="queued"}') == 1
        size = figure(client, f'evenkeel_process_memory_bytes{{process="{os.getpid()}"}}')
        assert size > 10_000_000
        text = client.get("/metrics", headers=WATCHER).content.decode()
        assert not re.search(r"^evenkeel_worker_silent_seconds \S", text, re.MULTILINE)

    def test_are_in_the_documents_one_and_all(self, client: Client) -> None:
        text = client.get("/metrics", headers=WATCHER).content.decode()
        page = (ROOT / "docs/operating/watching.md").read_text(encoding="utf-8")
        told = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
        assert told == set(re.findall(r"^\| `(evenkeel_\w+)`", page, re.MULTILINE))

    def test_hold_every_line_to_the_format_that_prometheus_reads(self, client: Client) -> None:
        client.get("/about/")
        text = client.get("/metrics", headers=WATCHER).content.decode()
        sample = r'[a-z_]+(\{([a-z]+="[^"\\\n]*",?)+\})? -?[0-9.e+-]+'
        wrong = [
            line
            for line in text.splitlines()
            if not line.startswith("# ") and not re.fullmatch(sample, line)
        ]
        assert wrong == []
        assert text.endswith("\n")


class TestTheNameOfARequest:
    def test_is_what_the_proxy_says_where_it_is_a_name(self, client: Client) -> None:
        said = client.get("/health/live/", headers={"X-Request-ID": "abc-12345"})
        assert said.headers[requests.HEADER] == "abc-12345"

    @pytest.mark.parametrize("given", ["", "short", "x" * 65, "with\tblank and more"])
    def test_is_our_own_otherwise(self, client: Client, given: str) -> None:
        said = client.get("/health/live/", headers={"X-Request-ID": given})
        assert re.fullmatch(r"[0-9a-f]{16}", said.headers[requests.HEADER])
