"""Doing through the API: every verb, its refusals, versions and keys."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.models import Entry
from evenkeel.core.rest import jobs, once
from evenkeel.core.rest.models import AnsweredOnce
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Denied, registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
ONE = "/api/incidents/INC-1"
NEW = {"title": "Mail is down"}
# Token with account; then case owner, counter, record, entry, search row, job and what holds them.
RECORD_QUERIES = 8


def problem(answer: Any, status: int) -> Any:
    """The refusal, if it is one."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    return said


class TestVerb:
    @pytest.mark.row("ISRM-04")
    def test_records_alike_whatever_the_channel(self, rita: User) -> None:
        api, seen = Api(rita), []
        for channel in ("email", "portal", "phone", "monitoring"):
            made = api.post("/api/incidents", {**NEW, "channel": channel}).json()
            (entry,) = api.get(f"{made['url']}/entries").json()["items"]
            shown = api.get(made["url"]).json()
            assert shown.pop("channel") == channel
            told = {"number", "recorded_at", "url", "parts", "due_at"}
            same = {name: value for name, value in shown.items() if name not in told}
            seen.append((same, set(entry["difference"])))
        assert seen == [seen[0]] * 4
        problem(api.post("/api/incidents", {"channel": "email"}), 422)

    def test_carries_an_incident_from_recording_to_closure(
        self, rita: User, sam: User, mona: User
    ) -> None:
        answer = Api(rita).post("/api/incidents", NEW)
        assert (answer.status_code, answer["Location"]) == (201, ONE)
        steps: list[tuple[User, str, dict[str, Any], str]] = [
            (sam, "classify", {"category": "Mail"}, "classified"),
            (sam, "assign", {"case_owner": "sam"}, "in_progress"),
            (sam, "put_on_hold", {"hold_reason": "user"}, "on_hold"),
            (sam, "resume", {}, "in_progress"),
            (sam, "resolve", {"solution": "Restarted the queue"}, "resolved"),
            (rita, "close", {}, "closed"),
        ]
        for by, verb, inputs, state in steps:
            answer = Api(by).post(f"{ONE}/{verb}", inputs)
            assert (answer.status_code, answer.json()["state"]) == (200, state)
            assert answer["ETag"] == f'"{answer.json()["version"]}"'
        done = Entry.objects.filter(verb__startswith="incidents.").values_list("via", flat=True)
        assert set(done) == {"rest"}

    def test_costs_few_queries(self, rita: User) -> None:
        api = Api(rita)
        api.post("/api/incidents", NEW)
        with CaptureQueriesContext(connection) as made:
            api.post("/api/incidents", NEW)
        assert len(made) == RECORD_QUERIES

    def test_is_refused_with_the_sentence_of_the_action(
        self, incident: Incident, sam: User, rita: User
    ) -> None:
        with pytest.raises(Denied) as refused:
            registry["incidents.edit"](incident, by=rita, title="x")
        said = problem(Api(rita).post(f"{ONE}/edit", {"title": "x"}), 403)
        assert said["detail"] == str(refused.value)
        said = problem(Api(sam).post(f"{ONE}/resolve", {"solution": "x"}), 403)
        assert said["detail"] == "Not possible while it is new."

    def test_is_refused_before_its_inputs_are_judged(self, incident: Incident, rita: User) -> None:
        problem(Api(rita).post(f"{ONE}/classify", {}), 403)

    def test_is_not_there_for_an_outsider(self, incident: Incident, omar: User) -> None:
        problem(Api(omar).post(f"{ONE}/watch"), 404)
        assert incident.watches.count() == 0

    @pytest.mark.parametrize(
        ("inputs", "field", "reason"),
        [
            ({}, "title", "required"),
            ({"title": ""}, "title", "required"),
            ({"title": 7}, "title", "Give a text"),
            ({"title": ["x"]}, "title", "Give a text"),
            ({"title": "x" * 201}, "title", "at most 200"),
            ({"title": "a\x00b"}, "title", "Null characters"),
            ({**NEW, "channel": "pigeon"}, "channel", "not one of the available"),
            ({**NEW, "requester": "nobody"}, "requester", "There is no"),
            ({**NEW, "requester": "\x00"}, "requester", "There is no"),
            ({**NEW, "prioriti": 1}, "prioriti", "It is no input here"),
            ([], "", "JSON object"),
        ],
    )
    def test_names_each_field_that_is_refused_and_why(
        self, rita: User, inputs: Any, field: str, reason: str
    ) -> None:
        body = b"[]" if inputs == [] else inputs
        (error,) = problem(Api(rita).post("/api/incidents", body), 422)["errors"]
        assert error["field"] == field
        assert reason in error["reason"]
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(
        "due", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00Z", "x"]
    )
    def test_refuses_a_moment_that_no_clock_shows(
        self, incident: Incident, sam: User, due: str
    ) -> None:
        answer = Api(sam).post(f"{ONE}/add_task", {"task": "Look", "due": due})
        (error,) = problem(answer, 422)["errors"]
        assert error["field"] == "due"

    def test_takes_null_for_nothing(self, incident: Incident, sam: User) -> None:
        registry["incidents.edit"](incident, by=sam, description="Long story")
        assert Api(sam).post(f"{ONE}/edit", {"description": None}).status_code == 200
        incident.refresh_from_db()
        assert (incident.description, incident.title) == ("", "Mail is down")

    @pytest.mark.parametrize("body", [b"{", b'{"title": NaN}', b"\xff", b"[" * 100_000])
    def test_cannot_be_read_from_broken_json(self, rita: User, body: bytes) -> None:
        problem(Api(rita).post("/api/incidents", body), 400)

    def test_takes_json_only_where_there_is_no_file(self, rita: User) -> None:
        client = Api(rita).client
        answer = client.post("/api/incidents", "title=x", "application/x-www-form-urlencoded")
        assert problem(answer, 415)["detail"] == "Send application/json."

    def test_takes_a_file_in_a_form(self, incident: Incident, rita: User) -> None:
        file = SimpleUploadedFile("shot.png", b"bytes")
        assert Api(rita).send(f"{ONE}/attach", {"file": file}).status_code == 200
        assert incident.attachments.get().filename == "shot.png"

    def test_refuses_a_file_in_words(self, incident: Incident, rita: User) -> None:
        file = SimpleUploadedFile("run.exe", b"bytes")
        (error,) = problem(Api(rita).send(f"{ONE}/attach", {"file": file}), 422)["errors"]
        assert error["field"] == "file"
        assert "Files that end in .exe" in error["reason"]

    def test_refuses_a_body_that_is_too_large(self, rita: User, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        problem(Api(rita).post("/api/incidents", {"title": "x" * 200}), 413)

    def test_is_found_by_its_name_only(self, incident: Incident, sam: User) -> None:
        api = Api(sam)
        problem(api.post(f"{ONE}/explode"), 404)
        problem(api.post(f"{ONE}/record"), 404)
        problem(api.post("/api/explosions", {}), 404)
        problem(api.get("/api/incidents/"), 404)
        assert problem(api.get(f"{ONE}/resolve"), 405)
        assert api.get(f"{ONE}/resolve")["Allow"] == "POST"
        assert api.client.delete(ONE)["Allow"] == "GET, HEAD"


class TestIfMatch:
    def test_lets_the_version_through_that_was_read(self, incident: Incident, sam: User) -> None:
        api = Api(sam)
        tag = api.get(ONE)["ETag"]
        answer = api.post(f"{ONE}/edit", {"title": "Mail is slow"}, If_Match=tag)
        assert (answer.status_code, answer["ETag"]) == (200, '"2"')

    def test_refuses_a_stale_one_and_shows_both_versions(
        self, incident: Incident, sam: User, mona: User
    ) -> None:
        edit = registry["incidents.edit"]
        edit(incident, by=sam, title="Mail is slow")
        edit(incident, by=sam, title="Mail is gone", description="All of it")
        registry["incidents.assign"](incident, by=mona, case_owner=sam)
        answer = Api(sam).post(f"{ONE}/edit", {"title": "Mail is fine"}, If_Match='"2"')
        said = problem(answer, 412)
        assert "you have version 2, it is now version 4" in said["detail"]
        assert said["yours"] == {"title": "Mail is slow", "description": "", "case_owner": "mona"}
        assert said["theirs"] == {
            "title": "Mail is gone",
            "description": "All of it",
            "case_owner": "sam",
        }
        assert (said["version"], answer["ETag"]) == (4, '"4"')
        incident.refresh_from_db()
        assert incident.title == "Mail is gone"

    @pytest.mark.parametrize("tag", ["1", 'W/"1"', '"one"', '"1", "2"', ""])
    def test_is_refused_where_it_cites_no_version(
        self, incident: Incident, sam: User, tag: str
    ) -> None:
        problem(Api(sam).post(f"{ONE}/edit", {"title": "x"}, If_Match=tag), 400)


class TestIdempotencyKey:
    def test_makes_a_request_that_is_sent_twice_done_once(self, rita: User) -> None:
        api = Api(rita)
        first, again = (api.post("/api/incidents", NEW, Idempotency_Key="a") for _ in range(2))
        assert first.status_code == again.status_code == 201
        assert first.content == again.content
        assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
        assert Incident.objects.count() == 1

    def test_is_refused_for_another_request(self, incident: Incident, rita: User) -> None:
        api = Api(rita)
        api.post(f"{ONE}/comment", {"text": "One"}, Idempotency_Key="a")
        problem(api.post(f"{ONE}/comment", {"text": "Two"}, Idempotency_Key="a"), 422)
        problem(api.post(f"{ONE}/watch", {"text": "One"}, Idempotency_Key="a"), 422)
        assert incident.comments.count() == 1

    def test_belongs_to_one_account(self, rita: User, omar: User) -> None:
        for user in (rita, omar):
            assert Api(user).post("/api/incidents", NEW, Idempotency_Key="a").status_code == 201
        assert Incident.objects.count() == 2

    def test_keeps_no_refusal(self, rita: User) -> None:
        api = Api(rita)
        problem(api.post("/api/incidents", {}, Idempotency_Key="a"), 422)
        assert api.post("/api/incidents", NEW, Idempotency_Key="a").status_code == 201

    def test_is_forgotten_after_a_day(self, rita: User) -> None:
        api = Api(rita)
        api.post("/api/incidents", NEW, Idempotency_Key="a")
        AnsweredOnce.objects.update(answered_at=timezone.now() - once.KEPT_FOR)
        api.post("/api/incidents", {"title": "Other"}, Idempotency_Key="a")
        assert Incident.objects.count() == 2
        assert AnsweredOnce.objects.count() == 1

    def test_is_removed_by_a_job_after_a_day(self, rita: User, omar: User) -> None:
        api = Api(rita)
        api.post("/api/incidents", NEW, Idempotency_Key="a")
        AnsweredOnce.objects.update(answered_at=timezone.now() - once.KEPT_FOR)
        Api(omar).post("/api/incidents", NEW, Idempotency_Key="b")
        jobs.forget_answers()
        assert [kept.key for kept in AnsweredOnce.objects.all()] == ["b"]

    @pytest.mark.parametrize("key", ["", "ä", "x" * 201, "a b"])
    def test_is_refused_where_it_is_no_name(self, rita: User, key: str) -> None:
        problem(Api(rita).post("/api/incidents", NEW, Idempotency_Key=key), 400)

    def test_tells_files_apart(self, incident: Incident, rita: User) -> None:
        api = Api(rita)
        for content, status in ((b"one", 200), (b"one", 200), (b"two", 422)):
            answer = api.client.post(
                f"{ONE}/attach",
                {"file": SimpleUploadedFile("a.txt", content)},
                headers={"Idempotency-Key": "a"},
            )
            assert answer.status_code == status
        assert incident.attachments.count() == 1


class TestSameKeyAtTheSameTime:
    def test_is_refused_at_once_while_the_first_is_being_answered(self, rita: User) -> None:
        once._claim(rita, "a")  # held until this test's transaction ends
        refused = elsewhere(lambda: once._claim(rita, "a"))
        assert isinstance(refused, Problem)
        assert refused.status == 409

    def test_hinders_no_other_key_and_none_that_was_answered(self, rita: User) -> None:
        once._claim(rita, "a")
        assert elsewhere(lambda: once._claim(rita, "b")) is None
        once._claim(rita, "b")


def elsewhere(do: Callable[[], None]) -> Exception | None:
    """What it raises on another connection."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            with transaction.atomic():
                do()
        except Problem as problem:
            raised.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None
