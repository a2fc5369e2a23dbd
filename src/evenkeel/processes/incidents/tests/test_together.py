"""One verb for several incidents of a list: chosen, done one by one, each with its result."""

import re
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.people.models import User
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import registry
from evenkeel.core.web.together import choosing, running
from evenkeel.core.web.together.jobs import forget_batches, run_batch
from evenkeel.core.web.together.models import Batch, BatchResult
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def record(by: User, count: int) -> list[Incident]:
    return [incidents.record(Incident(), by=by, title=f"Trouble {n}") for n in range(count)]


def picks(records: list[Incident]) -> str:
    return ",".join(f"{one.number}:{one.version}" for one in records)


def send(client: Client, verb: str, chosen: str, **inputs: str) -> Any:
    return client.post(f"/incidents/together/{verb}/", {"pick": chosen, **inputs})


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def outcome(batch: Batch) -> dict[str, str]:
    return dict(batch.results.values_list("number", "refused"))


class TestList:
    def test_lets_staff_choose_rows_in_the_version_they_see(self, desk: Client, sam: User) -> None:
        (one,) = record(sam, 1)
        assert f'name="pick" value="{one.number}:{one.version}"' in text(desk, "/incidents/")

    def test_offers_no_boxes_to_whom_they_are_of_no_use(self, rita: User) -> None:
        record(rita, 1)
        assert 'name="pick"' not in text(browser_of(rita), "/incidents/")


class TestChoosing:
    def test_offers_the_verbs_that_one_of_them_allows(self, desk: Client, sam: User) -> None:
        new, classified = record(sam, 2)
        incidents.classify(classified, by=sam, category="Access")
        query = f"pick={new.number}:1&pick={classified.number}:1"
        shown = text(desk, f"/incidents/together/?{query}")
        offered = re.findall(r"/incidents/together/(\w+)/\?", shown)
        assert {"classify", "assign"} <= set(offered)
        assert "1 of 2" in shown
        assert "reopen" not in offered

    def test_leaves_out_verbs_that_belong_to_one_record(self) -> None:
        names = {action.verb for action in choosing.for_many(Incident)}
        assert {"assign", "classify", "note", "watch"} <= names
        assert not {"record", "attach", "tick_step", "warn", "breach"} & names

    def test_takes_all_that_match_with_their_versions(self, desk: Client, sam: User) -> None:
        record(sam, 3)
        form = text(desk, "/incidents/together/assign/?matching=state%3Dnew")
        (chosen,) = re.findall(r'name="pick" value="([^"]*)"', form)
        assert chosen == "INC-1:1,INC-2:1,INC-3:1"

    @pytest.mark.parametrize("query", ["", "pick=INC-1", "matching=state%3Dclosed"])
    def test_of_nothing_is_refused(self, desk: Client, query: str) -> None:
        answer = desk.get(f"/incidents/together/assign/?{query}")
        assert answer.status_code == 422
        assert "Nothing is chosen." in answer.content.decode()

    def test_of_more_than_are_done_at_once_is_refused(
        self, desk: Client, sam: User, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(choosing, "MOST", 2)
        record(sam, 3)
        answer = desk.get("/incidents/together/?matching=")
        assert answer.status_code == 422
        assert "At most 2 at once" in answer.content.decode()

    def test_tells_before_what_will_be_refused(self, desk: Client, sam: User) -> None:
        records = record(sam, 2)
        incidents.cancel(records[0], by=sam, reason="By mistake")
        chosen = "&".join(f"pick={one.number}:1" for one in records)
        assert "1 will be refused" in text(desk, f"/incidents/together/assign/?{chosen}")


class TestDoing:
    def test_goes_through_the_action_of_each(self, desk: Client, sam: User) -> None:
        records = record(sam, 3)
        answer = send(desk, "classify", picks(records), category="Access")
        batch = Batch.objects.get()
        assert answer.headers["Location"] == batch.address
        assert outcome(batch) == {one.number: "" for one in records}
        entries = Entry.objects.filter(verb="incidents.classify", actor=sam)
        assert entries.count() == 3
        assert "3 done, 0 refused." in text(desk, batch.address)

    def test_tells_of_each_that_is_refused_why(self, desk: Client, sam: User) -> None:
        fine, cancelled, edited = record(sam, 3)
        chosen = picks([fine, cancelled, edited]) + ",INC-99:1"
        incidents.cancel(cancelled, by=sam, reason="By mistake")
        incidents.edit(edited, by=sam, title="Trouble, altered")
        send(desk, "classify", chosen, category="Access")
        told = outcome(Batch.objects.get())
        assert told[fine.number] == ""
        assert "edited since you opened it" in told[cancelled.number]
        assert "edited since you opened it" in told[edited.number]
        assert "not yours to see" in told["INC-99"]
        edited.refresh_from_db()
        assert edited.category == ""
        assert "1 done, 3 refused." in text(desk, Batch.objects.get().address)

    def test_is_done_once_however_often_it_is_sent(self, desk: Client, sam: User) -> None:
        records = record(sam, 2)
        for _ in range(2):
            answer = send(desk, "note", picks(records), text="Seen.", once="a-mark")
            assert answer.headers["Location"] == Batch.objects.get().address
        assert Entry.objects.filter(verb="incidents.note").count() == 2

    def test_goes_on_where_it_broke_off(self, desk: Client, sam: User) -> None:
        records = record(sam, 2)
        inputs = {"text": "Seen."}
        asked = [(one.number, one.version) for one in records]
        batch = running.ask(registry["incidents.note"], asked, inputs, by=sam, mark="")
        running._do(batch, *asked[0], inputs)
        assert "1 of 2" in text(desk, batch.address)
        run_batch(batch=batch.pk)
        run_batch(batch=batch.pk)
        assert Entry.objects.filter(verb="incidents.note").count() == 2
        assert "2 done" in text(desk, batch.address)

    def test_of_many_is_left_to_the_worker(self, desk: Client, sam: User) -> None:
        records = record(sam, running.AT_ONCE + 1)
        send(desk, "note", picks(records), text="Seen.")
        batch = Batch.objects.get()
        assert not BatchResult.objects.exists()
        assert "every 1s" in text(desk, batch.address)
        run_batch(batch=batch.pk)
        part = desk.get(batch.address, headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Refresh"]) == (286, "true")
        assert f"{len(records)} done" in text(desk, batch.address)

    def test_is_refused_as_a_whole_where_the_form_is_wrong(self, desk: Client, sam: User) -> None:
        answer = send(desk, "classify", picks(record(sam, 2)), category="")
        assert answer.status_code == 422
        assert not Batch.objects.exists()

    def test_leaves_as_it_is_what_is_left_empty(self, desk: Client, sam: User) -> None:
        (one,) = record(sam, 1)
        send(desk, "edit", picks([one]), title="", description="By phone")
        one.refresh_from_db()
        assert (one.title, one.description) == ("Trouble 0", "By phone")

    def test_asks_for_the_right_of_each_at_the_time_it_is_done(self, sam: User, rita: User) -> None:
        hers, *_ = record(rita, 1)
        (his,) = record(sam, 1)
        send(browser_of(rita), "classify", picks([hers, his]), category="Access")
        told = outcome(Batch.objects.get())
        assert "can do this" in told[hers.number]
        assert "not yours to see" in told[his.number]


class TestReport:
    def test_is_read_by_who_asked_alone(self, desk: Client, sam: User, mona: User) -> None:
        send(desk, "watch", picks(record(sam, 1)))
        batch = Batch.objects.get()
        assert browser_of(mona).get(batch.address).status_code == 404
        assert batch.address in text(desk, "/together/")
        assert "Nothing yet" in text(browser_of(mona), "/together/")

    def test_goes_after_three_months(self, desk: Client, sam: User) -> None:
        send(desk, "watch", picks(record(sam, 1)))
        forget_batches()
        assert Batch.objects.exists()
        Batch.objects.update(asked_at="2020-01-01T00:00Z")
        forget_batches()
        assert not BatchResult.objects.exists()
