"""Reading through the API: lists, records, what hangs off them, and for whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.models import Attachment, Audience
from evenkeel.core.rules import registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
ONE = "/api/incidents/INC-1"
LIST_QUERIES = 2  # token with account and its rights, rows
RECORD_QUERIES = 2  # the same, with the record for rows
PART_QUERIES = {"entries": 4, "comments": 3, "tasks": 4, "links": 3, "attachments": 3}


def record(by: User, count: int) -> None:
    start = timezone.now() - timedelta(days=30)
    for number in range(count):
        at = start + timedelta(minutes=number)
        incidents.record(Incident(), by=by, at=at, title=f"Trouble {number}")


def queries(api: Api, address: str) -> int:
    with CaptureQueriesContext(connection) as made:
        assert api.get(address).status_code == 200
    return len(made)


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["title"] for item in answer.json()["items"]]


class TestList:
    def test_shows_what_one_may_see_and_counts_nothing_else(
        self, incident: Incident, sam: User, rita: User, omar: User
    ) -> None:
        for user, seen in ((sam, ["Mail is down"]), (rita, ["Mail is down"]), (omar, [])):
            answer = Api(user).get("/api/incidents?count=yes")
            assert titles(answer) == seen
            assert answer.json()["count"] == len(seen)

    def test_says_the_columns_of_the_page_by_name(
        self, incident: Incident, sam: User, mona: User
    ) -> None:
        (item,) = Api(sam).get("/api/incidents").json()["items"]
        assert item["number"] == "INC-1"
        assert item["state"] == "new"
        assert item["case_owner"] == "mona"
        assert item["url"] == ONE

    def test_says_a_moment_as_the_record_does(self, incident: Incident, sam: User) -> None:
        api = Api(sam)
        (item,) = api.get("/api/incidents").json()["items"]
        (chosen,) = api.get("/api/incidents?columns=recorded_at,channel").json()["items"]
        assert item["recorded_at"] == chosen["recorded_at"] == incident.recorded_at.isoformat()
        assert item["recorded_at"] == api.get(ONE).json()["recorded_at"]
        assert chosen["channel"] == "phone"

    @pytest.mark.parametrize("sort", ["-recorded_at", "recorded_at", "priority", "due_at"])
    def test_leads_from_page_to_page_without_gap_or_repetition(self, sam: User, sort: str) -> None:
        record(sam, 7)
        Incident.objects.filter(number="INC-3").update(priority=1, due_at=timezone.now())
        api, address, found = Api(sam), f"/api/incidents?sort={sort}&limit=3", []
        while address:
            answer = api.get(address)
            found += titles(answer)
            address = answer.json()["next"]
            assert answer.get("Link") == (f'<{address}>; rel="next"' if address else None)
        assert len(found) == len(set(found)) == 7
        assert found[0] == {"-recorded_at": "Trouble 6", "recorded_at": "Trouble 0"}.get(
            sort, "Trouble 2"
        )

    def test_filters_as_the_page_does(self, incident: Incident, sam: User) -> None:
        api = Api(sam)
        assert titles(api.get("/api/incidents?state=new,classified&case_owner=mona")) == [
            "Mail is down"
        ]
        assert titles(api.get("/api/incidents?state=closed")) == []
        assert titles(api.get("/api/incidents?team=none&is_open=yes")) == ["Mail is down"]

    @pytest.mark.parametrize(
        ("query", "field", "reason"),
        [
            ("priority=high", "priority", "must be an integer"),
            ("stat=new", "stat", "It is no parameter here"),
            ("sort=title", "sort", "One of"),
            ("limit=0", "limit", "from 1 to 200"),
            ("limit=201", "limit", "from 1 to 200"),
            ("after=x", "after", "Take it from"),
            ("columns=password", "columns", "there are"),
            ("count=maybe", "count", "yes or no"),
            ("state=new&state=closed", "state", "Give it once"),
            ("state=%00", "state", "NUL"),
        ],
    )
    def test_names_the_parameter_that_cannot_be_and_why(
        self, sam: User, query: str, field: str, reason: str
    ) -> None:
        answer = Api(sam).get(f"/api/incidents?{query}")
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        (error,) = answer.json()["errors"]
        assert error["field"] == field
        assert reason in error["reason"]

    @pytest.mark.parametrize(
        "query",
        [
            "after=.1.99999999999999999999999",
            f"after=.{10**30}.1",
            "after=.-62135596800000000.1",
            f"sort=priority&after={10**30}.1.1",
            f"priority={10**30}",
            f"priority={10**30},1",
            "state=" + "x" * 5000,
            "case_owner=%F0%9F%98%80,none,%27",
        ],
    )
    def test_never_fails_on_what_it_is_asked(self, sam: User, query: str) -> None:
        assert Api(sam).get(f"/api/incidents?{query}").status_code in {200, 422}

    def test_costs_the_same_whatever_its_length(self, sam: User, mona: User) -> None:
        record(sam, 5)
        api = Api(sam)
        assert queries(api, "/api/incidents") == LIST_QUERIES
        record(sam, 50)
        assert queries(api, "/api/incidents") == LIST_QUERIES


class TestRecord:
    def test_shows_its_fields_and_cites_its_version(self, incident: Incident, sam: User) -> None:
        answer = Api(sam).get(ONE)
        shown = answer.json()
        assert answer["ETag"] == '"1"'
        assert (shown["number"], shown["version"], shown["requester"]) == ("INC-1", 1, "rita")
        assert shown["parts"]["entries"] == f"{ONE}/entries"

    def test_says_what_may_be_done_and_why_the_rest_may_not(
        self, incident: Incident, rita: User
    ) -> None:
        shown = Api(rita).get(ONE).json()
        assert {"comment", "cancel", "watch"} <= set(shown["may"])
        assert shown["may_not"]["close"] == "Not possible while it is new."
        assert shown["may_not"]["edit"].startswith("Only the process staff")

    def test_is_not_there_for_an_outsider(self, incident: Incident, omar: User) -> None:
        api = Api(omar)
        for address in (ONE, f"{ONE}/entries", f"{ONE}/attachments", "/api/incidents/INC-2"):
            assert api.get(address).status_code == 404

    def test_costs_the_same_whatever_its_history(self, incident: Incident, sam: User) -> None:
        api = Api(sam)
        assert queries(api, ONE) == RECORD_QUERIES
        for _ in range(5):
            registry["incidents.note"](incident, by=sam, text="Looking into it")
        assert queries(api, ONE) == RECORD_QUERIES


class TestPart:
    @pytest.fixture
    def talked_about(self, incident: Incident, sam: User, rita: User) -> Incident:
        do = {verb: registry[f"incidents.{verb}"] for verb in ("comment", "note", "attach")}
        do["comment"](incident, by=rita, text="Any news?")
        do["note"](incident, by=sam, text="The queue hangs")
        for name, audience in (("log.txt", Audience.INTERNAL), ("shot.png", Audience.PUBLIC)):
            file = ContentFile(b"bytes of " + name.encode(), name=name)
            do["attach"](incident, by=sam, file=file, audience=audience)
        registry["incidents.add_task"](incident, by=sam, task="Look", steps="One\nTwo")
        incidents.assign(incident, by=sam, case_owner=sam)
        return incident

    @pytest.mark.usefixtures("talked_about")
    def test_hides_what_is_internal_from_those_outside(self, sam: User, rita: User) -> None:
        seen = {}
        for user in (sam, rita):
            read = {part: Api(user).get(f"{ONE}/{part}").json()["items"] for part in PART_QUERIES}
            seen[user] = {
                "said": [comment["text"] for comment in read["comments"]],
                "files": [file["filename"] for file in read["attachments"]],
                "tasks": [task["title"] for task in read["tasks"]],
                "audiences": {entry["audience"] for entry in read["entries"]},
            }
        assert seen[sam] == {
            "said": ["Any news?", "The queue hangs"],
            "files": ["log.txt", "shot.png"],
            "tasks": ["Look"],
            "audiences": {"public", "internal"},
        }
        assert seen[rita] == {
            "said": ["Any news?"],
            "files": ["shot.png"],
            "tasks": [],
            "audiences": {"public"},
        }

    @pytest.mark.usefixtures("talked_about")
    def test_names_people_in_the_history_not_keys(self, sam: User) -> None:
        last = Api(sam).get(f"{ONE}/entries").json()["items"][-1]
        assert last["verb"] == "incidents.assign"
        assert last["difference"] == {"case_owner": ["mona", "sam"]}
        assert len(last["hash"]) == 64

    @pytest.mark.usefixtures("talked_about")
    def test_hides_internal_fields_in_the_history_too(
        self, rita: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Incident, "inside_fields", frozenset({"channel"}))
        api = Api(rita)
        assert "channel" not in api.get(f"{ONE}/entries").json()["items"][0]["difference"]
        assert "channel" not in api.get(ONE).json()
        assert api.get("/api/incidents?columns=channel").status_code == 422

    @pytest.mark.usefixtures("talked_about")
    def test_comes_page_by_page(self, sam: User) -> None:
        api, address, positions = Api(sam), f"{ONE}/entries?limit=2", []
        while address:
            answer = api.get(address).json()
            positions += [entry["position"] for entry in answer["items"]]
            address = answer["next"]
        assert positions == list(range(1, 8))

    @pytest.mark.usefixtures("talked_about")
    def test_gives_the_bytes_of_a_file_to_its_audience_only(self, sam: User, rita: User) -> None:
        internal, public = Attachment.objects.order_by("pk")
        answer = Api(sam).get(f"/api/attachments/{internal.pk}")
        assert b"".join(answer.streaming_content) == b"bytes of log.txt"
        assert answer["Content-Disposition"] == 'attachment; filename="log.txt"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert Api(rita).get(f"/api/attachments/{internal.pk}").status_code == 404
        assert Api(rita).get(f"/api/attachments/{public.pk}").status_code == 200

    def test_shows_links_both_ways_to_what_one_may_see(
        self, incident: Incident, sam: User, rita: User, omar: User
    ) -> None:
        theirs: Incident = incidents.record(Incident(), by=omar, title="No mail here")
        registry["incidents.link"](theirs, by=sam, target=incident, kind="duplicates")
        (link,) = Api(sam).get(f"{ONE}/links").json()["items"]
        assert (link["sense"], link["number"]) == ("is duplicated by", "INC-2")
        (back,) = Api(sam).get("/api/incidents/INC-2/links").json()["items"]
        assert (back["sense"], back["number"]) == ("duplicates", "INC-1")
        assert Api(rita).get(f"{ONE}/links").json()["items"] == []

    @pytest.mark.parametrize("part", PART_QUERIES)
    def test_costs_the_same_whatever_its_length(
        self, talked_about: Incident, sam: User, part: str
    ) -> None:
        api = Api(sam)
        assert queries(api, f"{ONE}/{part}") == PART_QUERIES[part]
        for number in range(5):
            other = incidents.record(Incident(), by=sam, title=f"Also {number}")
            registry["incidents.link"](talked_about, by=sam, target=other)
            registry["incidents.comment"](talked_about, by=sam, text=str(number))
            registry["incidents.add_task"](talked_about, by=sam, task=str(number), steps="a\nb")
        assert queries(api, f"{ONE}/{part}") == PART_QUERIES[part]
