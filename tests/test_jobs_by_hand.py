"""Jobs tried again and given up by people, on the page and on the command line."""

import re
from typing import Any

import pytest
from django.test import Client

from evenkeel.core import cli
from evenkeel.core.backups.writing import BackupFailed
from evenkeel.core.directory.tests.conftest import give, max_, olga, rita, roles, someone
from evenkeel.core.jobs import faults, housekeeping, listing
from evenkeel.core.jobs.models import JobFault
from evenkeel.core.jobs.tests import slow
from evenkeel.core.jobs.tests.test_jobs import rows, states, taken
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.people.trail import AccessEntry, Kind

__all__ = ["max_", "olga", "rita", "roles"]
pytestmark = pytest.mark.django_db
WHY = "SMTPServerDisconnected: Connection unexpectedly closed"


def failed(lock: str | None = None) -> int:
    """A job that was given up, with its reason."""
    job = taken(slow.fail, attempts=7, lock=lock)
    rows("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", job)
    rows("INSERT INTO core_jobfault VALUES (%s, %s, now())", job, WHY)
    return job


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User) -> str:
    return browser(user).get("/jobs/").content.decode()


def trail() -> list[tuple[str, str]]:
    told = AccessEntry.objects.filter(kind=Kind.JOB).order_by("position")
    return [(str(entry.person and entry.person.username), entry.said) for entry in told]


class TestTheWorker:
    def test_keeps_why_a_job_failed_and_lets_it_fail(self) -> None:
        class Context:
            class job:  # noqa: N801
                id = taken(slow.fail)

        for _ in range(2):
            with pytest.raises(RuntimeError):
                faults.note(slow.fail, Context, None)
        assert [fault.said for fault in JobFault.objects.all()] == [
            "RuntimeError: as the test wants it"
        ]

    def test_says_what_is_ours_in_our_words_alone(self) -> None:
        assert faults.sentence(BackupFailed("There is no room.")) == "There is no room."
        assert faults.sentence(KeyError()) == "KeyError"
        assert faults.sentence(OSError(28, "No space left\non device")) == (
            "OSError: [Errno 28] No space left on device"
        )

    def test_forgets_the_failures_of_jobs_that_are_gone(self) -> None:
        kept = failed()
        rows("INSERT INTO core_jobfault VALUES (%s, %s, now())", kept + 1000, WHY)
        housekeeping.remove_old_failures()
        assert [fault.job for fault in JobFault.objects.all()] == [kept]


class TestThePage:
    def test_shows_failures_with_their_reason_and_what_to_do(self, olga: User) -> None:
        job = failed()
        shown = page(olga)
        assert WHY in shown
        assert f"/jobs/{job}/try_again/" in shown
        assert f"/jobs/{job}/give_up/" in shown
        assert "core.requeue_stalled" in shown

    def test_is_read_by_the_auditor_who_changes_nothing(self, roles: None) -> None:
        job, anna = failed(), give(someone("anna"), RoleType.AUDITOR)
        assert WHY in page(anna)
        assert "try_again" not in page(anna)
        assert browser(anna).post(f"/jobs/{job}/try_again/").status_code == 403
        assert [state for _, state, _ in states()] == ["failed"]
        assert trail() == []

    def test_is_for_those_who_answer_for_the_sms(self, rita: User) -> None:
        assert browser(rita).get("/jobs/").status_code == 403
        assert browser(rita).post(f"/jobs/{failed()}/give_up/").status_code == 403

    def test_lets_a_failed_job_be_tried_again(self, max_: User) -> None:
        job = failed()
        browser(max_).post(f"/jobs/{job}/try_again/")
        [waiting] = listing.not_done()
        assert (waiting.state, waiting.due_at, waiting.said) == ("queued", None, WHY)
        assert trail() == [("max", f"core.fail {job} tried again")]

    def test_lets_a_job_that_waits_for_its_next_attempt_be_tried_now(self, max_: User) -> None:
        slow.fail.configure(schedule_in={"hours": 1}).defer()
        [waiting] = listing.not_done()
        assert waiting.may_be_tried
        browser(max_).post(f"/jobs/{waiting.id}/try_again/")
        [waiting] = listing.not_done()
        assert not waiting.may_be_tried

    def test_gives_up_what_failed_or_waits_and_no_more_warns_of_it(self, max_: User) -> None:
        slow.fail.defer()
        failed()
        for job in listing.not_done():
            browser(max_).post(f"/jobs/{job.id}/give_up/")
        assert states() == []
        assert len(trail()) == 2

    def test_refuses_what_cannot_be_in_a_sentence(self, max_: User) -> None:
        client, running, twice = browser(max_), taken(slow.fail), failed(lock="core.fail")
        slow.fail.configure(queueing_lock="core.fail").defer()
        told = {
            job: client.post(f"/jobs/{job}/try_again/", follow=True).content.decode()
            for job in (running, twice, 10_000_000)
        }
        assert "is being done now" in told[running]
        assert "waits already and does the same; give this one up." in told[twice]
        assert "There is no job 10000000" in told[10_000_000]
        assert client.post(f"/jobs/{twice}/explode/").status_code == 404
        assert client.get(f"/jobs/{twice}/give_up/").status_code == 405
        assert trail() == []


class TestTheCommand:
    def test_does_the_same(self, olga: User, capsys: Any) -> None:
        job = failed()
        assert cli.main(["jobs"]) == 1
        assert WHY in capsys.readouterr().out
        assert cli.main(["jobs", "try_again", str(job), "--as", "olga"]) == 0
        assert cli.main(["jobs", "give_up", str(job), "--as", "olga"]) == 0
        assert re.findall(r"\w+\.$", capsys.readouterr().out, re.MULTILINE) == ["again.", "up."]
        assert trail() == [
            ("olga", f"core.fail {job} tried again"),
            ("olga", f"core.fail {job} given up"),
        ]

    def test_says_who_may_and_what_is_missing(self, rita: User, capsys: Any) -> None:
        job = failed()
        assert cli.main(["jobs", "give_up", str(job), "--as", "rita"]) == 1
        assert cli.main(["jobs", "give_up", str(job)]) == 1
        assert cli.main(["jobs", "give_up", "--as", "rita"]) == 1
        told = capsys.readouterr().err
        assert "Only the SMS owner or the SMS manager can do this." in told
        assert told.count("Say which job, and who you are") == 2
        assert states()[0][1] == "failed"
        assert trail() == []
