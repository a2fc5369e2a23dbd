"""What becomes of a job: rolled back, killed, failed, done."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.jobs import housekeeping, listing, timetable
from evenkeel.core.jobs.stalled import MOST_ATTEMPTS, requeue
from evenkeel.core.jobs.tests import slow
from evenkeel.core.people.models import User
from evenkeel.core.people.sessions import Session
from evenkeel.core.records.models import Entry, Record
from evenkeel.core.rules import Denied, registry

PATIENCE = 60.0  # seconds; two cores, and other tests on them
WORKER = (
    "import django; django.setup()\n"
    "from evenkeel.core.jobs.tests import slow\n"
    "from evenkeel.project import worker; worker.main()"
)


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


def states() -> list[tuple[str, str, int]]:
    return [(job.name, job.state, job.attempts) for job in reversed(listing.not_done())]


def taken(task: Callable[..., Any], attempts: int = 0, lock: str | None = None) -> int:
    """A job that a worker took who is no more."""
    [(job,)] = rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock)"
        " VALUES ('default', %s, 'doing', %s, %s) RETURNING id",
        task.name if hasattr(task, "name") else task.__name__,
        attempts,
        lock,
    )
    return int(job)


class TestKilledWorker:
    @pytest.fixture
    def database(self, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
        """What is written is there for other processes, too; its jobs are removed at the end."""
        with django_db_blocker.unblock():
            yield
            rows("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
            connection.close()

    @pytest.fixture
    def start(self, database: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
        name = connection.settings_dict
        url = f"postgresql://{name['USER']}@/{name['NAME']}?host={name['HOST']}&port={name['PORT']}"
        started = []

        def worker() -> subprocess.Popen[bytes]:
            environment = {**os.environ, "DATABASE_URL": url.removesuffix("&port=")}
            environment["DJANGO_SETTINGS_MODULE"] = "evenkeel.project.settings"
            started.append(subprocess.Popen([sys.executable, "-c", WORKER], env=environment))
            return started[-1]

        yield worker
        for process in started:
            process.kill()
            process.wait()

    def test_loses_nothing(
        self, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
    ) -> None:
        slow.write_twice.defer(folder=str(tmp_path))
        first = start()
        wait_for((tmp_path / "begun").exists)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        assert rows(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", self.name
        ) == [("doing",)]
        assert requeue(0.0) >= 1
        second = start()
        wait_for((tmp_path / "done").exists)
        assert (tmp_path / "done").read_text() == str(second.pid)
        wait_for(lambda: not rows("SELECT FROM procrastinate_jobs WHERE task_name = %s", self.name))

    name = "core.write_twice"

    def test_does_what_is_due_while_something_long_goes_on(
        self, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
    ) -> None:
        slow.wait_for_the_other.defer(folder=str(tmp_path))
        start()
        wait_for((tmp_path / "begun").exists)
        slow.be_quick.defer(folder=str(tmp_path))
        wait_for((tmp_path / "done").exists)

    def test_leaves_a_failed_job_to_be_tried_again(
        self, start: Callable[[], subprocess.Popen[bytes]]
    ) -> None:
        slow.fail.defer()
        start()
        query = (
            "SELECT status::text, scheduled_at > now() FROM procrastinate_jobs WHERE attempts = 1"
        )
        wait_for(lambda: rows(query))
        assert rows(query) == [("todo", True)]
        [why] = rows("DELETE FROM core_jobfault RETURNING said")
        assert why == ("RuntimeError: as the test wants it",)


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.mark.django_db
class TestJob:
    def test_is_not_asked_for_by_an_action_that_was_rolled_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form, sms = registry["teams.record"], User.objects.the_sms()

        def ask(record: Record, entry: Entry) -> None:
            slow.fail.defer()

        def refuse(record: Record, entry: Entry) -> None:
            assert states() == [("core.fail", "queued", 0)]
            raise Denied("Too late.")

        monkeypatch.setattr("evenkeel.core.rules.action.within", [ask, refuse])
        with pytest.raises(Denied):
            form(Team(), by=sms, title="Desk", level=1)
        assert states() == []
        monkeypatch.setattr("evenkeel.core.rules.action.within", [ask])
        form(Team(), by=sms, title="Desk", level=1)
        assert states() == [("core.fail", "queued", 0)]

    def test_waits_again_when_its_worker_fell_silent(self) -> None:
        taken(slow.fail)
        assert states() == [("core.fail", "stalled", 0)]
        assert requeue(30.0) == 1
        assert states() == [("core.fail", "queued", 1)]

    def test_is_left_to_a_worker_that_gives_signs_of_life(self) -> None:
        job = taken(slow.fail)
        rows("INSERT INTO procrastinate_workers DEFAULT VALUES")
        rows(
            "UPDATE procrastinate_jobs SET worker_id = (SELECT max(id) FROM procrastinate_workers)"
        )
        assert requeue(30.0) == 0
        assert [(found.id, found.state) for found in listing.not_done()] == [(job, "running")]

    def test_is_given_up_after_it_took_many_workers_with_it(self) -> None:
        taken(slow.fail, attempts=MOST_ATTEMPTS)
        assert requeue(30.0) == 0
        assert states() == [("core.fail", "failed", MOST_ATTEMPTS + 1)]

    def test_of_the_timetable_gives_way_to_its_next_time(self) -> None:
        taken(slow.fail, lock="core.fail")
        slow.fail.configure(queueing_lock="core.fail").defer()
        taken(slow.write_twice)
        assert requeue(30.0) == 1
        assert states() == [("core.fail", "queued", 0), ("core.write_twice", "queued", 1)]


@pytest.mark.django_db
class TestTimetable:
    def test_requeues_stalled_jobs_every_minute(self) -> None:
        assert timetable["core.requeue_stalled"].cron == "* * * * *"

    def test_says_of_every_line_what_it_does(self) -> None:
        assert all(timed.does for timed in timetable.values())

    def test_is_documented(self) -> None:
        docs = Path(__file__).parents[5] / "docs/operating/jobs.md"
        text = docs.read_text(encoding="utf-8")
        assert [name for name in timetable if f"`{name}`" not in text] == []


@pytest.mark.django_db
class TestHousekeeping:
    def test_removes_expired_sessions_alone(self) -> None:
        store = import_module(settings.SESSION_ENGINE).SessionStore
        for days in (-1, 1):
            session = store()
            session.set_expiry(timezone.now() + timedelta(days=days))
            session.create()
        housekeeping.remove_expired_sessions()
        assert [left.expire_date > timezone.now() for left in Session.objects.all()] == [True]

    def test_removes_failures_after_thirty_days(self) -> None:
        for days in (29, 31):
            job = taken(slow.fail)
            rows("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", job)
            ago = "UPDATE procrastinate_events SET at = now() - make_interval(days => %s)"
            rows(f"{ago} WHERE job_id = %s", days, job)
        housekeeping.remove_old_failures()
        assert len(states()) == 1
