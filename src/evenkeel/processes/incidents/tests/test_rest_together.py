"""A verb for many records, and views of lists, kept by programs as pages do."""

from typing import Any

import pytest

from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.records.models import Comment, Entry
from evenkeel.core.rules import registry
from evenkeel.core.testing.api import Api
from evenkeel.core.web.saved.models import FirstView, SavedView
from evenkeel.core.web.together import jobs, running
from evenkeel.core.web.together.models import Batch
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
NOTE = "/api/incidents/together/note"


def made(by: User, count: int) -> list[str]:
    return [
        registry["incidents.record"](Incident(), by=by, title=f"Mail {n}").number
        for n in range(count)
    ]


class TestAVerbForMany:
    def test_is_done_to_each_for_itself(self, rita: User, sam: User) -> None:
        one, two = made(rita, 2)
        asked = {"records": [one, f"{two}:9", "INC-99"], "inputs": {"text": "Look here"}}
        answer = Api(sam).post(NOTE, asked)
        told = answer.json()
        assert (answer.status_code, told["is_ended"], told["done"]) == (200, True, [one])
        reasons = {each["number"]: each["reason"] for each in told["refused"]}
        assert "was edited since you opened it" in reasons[two]
        assert reasons["INC-99"] == "There is no such record, or it is not yours to see."
        entry = Entry.objects.get(verb="incidents.note")
        assert (entry.actor, entry.via) == (sam, "rest")

    def test_takes_what_matches_as_a_list_does(self, rita: User, sam: User) -> None:
        numbers = made(rita, 3)
        asked = {"matching": "state=new", "inputs": {"text": "Look here"}}
        assert sorted(Api(sam).post(NOTE, asked).json()["done"]) == sorted(numbers)

    def test_of_many_is_left_to_the_worker_and_asked_for_later(
        self, rita: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "AT_ONCE", 1)
        numbers, api = made(rita, 2), Api(sam)
        answer = api.post(NOTE, {"records": numbers, "inputs": {"text": "Look here"}})
        assert (answer.status_code, answer.json()["is_ended"]) == (202, False)
        jobs.run_batch(batch=answer.json()["id"])
        report = api.get(answer.json()["url"]).json()
        assert (report["is_ended"], report["done"]) == (True, numbers)
        assert Api(rita).get(answer.json()["url"]).status_code == 404

    def test_is_done_once_under_a_key(self, rita: User, sam: User) -> None:
        asked = {"records": made(rita, 2), "inputs": {"text": "Look here"}}
        answers = [Api(sam).post(NOTE, asked, Idempotency_Key="k").json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert (Batch.objects.count(), Comment.objects.count()) == (1, 2)

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"inputs": {"text": "x"}}, "records"),
            ({"records": ["INC-1"], "matching": "state=new"}, "records"),
            ({"records": ["mail"]}, "records"),
            ({"records": []}, "records"),
            ({"records": [["INC-1", 2]]}, "records"),
            ({"records": ["INC-1"], "inputs": {"text": ""}}, "text"),
            ({"records": ["INC-1"], "inputs": {"wish": "x"}}, "wish"),
            ({"matching": "state=closed", "inputs": {"text": "x"}}, "matching"),
            ({"records": ["INC-1"], "more": 1}, "more"),
        ],
    )
    def test_is_refused_as_a_whole_where_it_makes_no_sense(
        self, rita: User, sam: User, asked: dict[str, Any], field: str
    ) -> None:
        made(rita, 1)
        answer = Api(sam).post(NOTE, asked)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]
        assert Batch.objects.count() == 0

    def test_is_for_those_who_may_do_it(self, rita: User, sam: User) -> None:
        asked = {"records": made(sam, 1), "inputs": {"text": "x"}}
        told = Api(rita).post(NOTE, asked)
        assert told.status_code == 403 or told.json()["done"] == []
        assert Api(sam, scope=ApiToken.Scope.READ).post(NOTE, asked).status_code == 403
        assert Comment.objects.count() == 0
        assert Api(sam).post("/api/incidents/together/attach", asked).status_code == 404


class TestAView:
    def kept(self, api: Api, **more: Any) -> Any:
        given = {"collection": "incidents", "title": "New ones", "query": "state=new", **more}
        return api.post("/api/views", given)

    def test_is_kept_edited_and_removed(self, sam: User, rita: User) -> None:
        api = Api(sam)
        answer = self.kept(api, is_first=True)
        assert answer.status_code == 201
        told = answer.json()
        assert (told["query"], told["shown_to"], told["is_first"]) == ("state=new", "own", True)
        made(rita, 1)
        assert api.get(told["url"]).json()["items"]
        address = answer["Location"]
        edited = api.post(address, {"title": "Fresh ones", "is_first": False}).json()
        assert (edited["title"], edited["query"], edited["is_first"]) == (
            "Fresh ones", "state=new", False,
        )  # fmt: skip
        assert FirstView.objects.count() == 0
        assert api.client.delete(address).status_code == 204
        assert SavedView.objects.count() == 0

    def test_is_refused_as_the_page_refuses_it(self, sam: User) -> None:
        api = Api(sam)
        for more, field in (
            ({"shown_to": "all"}, "shown_to"),
            ({"shown_to": "TEAM-1"}, "shown_to"),
            ({"title": " "}, "title"),
            ({"query": "colour=red"}, "colour"),
            ({"collection": "stars"}, "collection"),
            ({"title": 7}, "title"),
        ):
            answer = self.kept(api, **more)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
        self.kept(api)
        assert self.kept(api).json()["errors"][0]["field"] == "title"  # the name is taken

    def test_is_edited_by_its_owner_alone(self, sam: User, mona: User, rita: User) -> None:
        address = self.kept(Api(mona), shown_to="all")["Location"]
        assert Api(sam).post(address, {"title": "Mine"}).status_code == 403
        assert Api(sam).client.delete(address).status_code == 403
        own = self.kept(Api(mona), title="Own")["Location"]
        assert Api(sam).post(own, {"title": "Mine"}).status_code == 404

    def test_is_kept_once_under_a_key(self, sam: User) -> None:
        given = {"collection": "incidents", "title": "New ones"}
        answers = [
            Api(sam).post("/api/views", given, Idempotency_Key="k").status_code for _ in range(2)
        ]
        assert answers == [201, 201]
        assert SavedView.objects.count() == 1
