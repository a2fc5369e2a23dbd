"""Monitoring reports events: of most no incident comes, of one key just one (R-04, ISRM-28)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import ApiToken, RoleType, User
from evenkeel.core.records.links import Link, Reference
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import receiving, storms
from evenkeel.processes.incidents.models import Alert, Incident, MonitoringEvent
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
EVENTS = "/api/events"
DISK = {"source": "Zabbix", "key": "disk-17", "severity": "critical", "title": "Disk 17 fails"}
OVER = DISK | {"severity": "recovery", "title": "Disk 17 is well"}


@pytest.fixture
def zabbix(mona: User) -> User:
    """The account of the monitoring, which holds a role in ISRM."""
    return holder("zabbix", RoleType.PROCESS_STAFF, full_name="Zabbix")


@pytest.fixture
def api(zabbix: User) -> Api:
    return Api(zabbix, scope=ApiToken.Scope.EVENTS)


def sent(api: Api, *events: dict[str, Any]) -> list[Any]:
    """What became of each."""
    answers = [api.post(EVENTS, event) for event in events]
    assert {one.status_code for one in answers} <= {200, 201}, [one.content for one in answers]
    return [one.json() for one in answers]


def the_only() -> Any:
    return Incident.objects.get()


def verbs(incident: Incident) -> list[str]:
    found = incident.entries.order_by("position").values_list("verb", flat=True)
    return [verb.rpartition(".")[2] for verb in found]


@pytest.mark.row("R-04")
def test_information_opens_no_incident_and_a_disruption_one(api: Api) -> None:
    [said] = sent(api, DISK | {"severity": "information"})
    assert (said["outcome"], said["incident"]) == ("kept", None)
    assert not Incident.objects.exists()
    possible, certain = sent(api, DISK | {"severity": "warning", "key": "load"}, DISK)
    assert (possible["outcome"], certain["outcome"]) == ("opened", "opened")
    effects = dict(Incident.objects.values_list("number", "effect"))
    assert effects == {possible["incident"]: "", certain["incident"]: "disruption"}


class TestOneKey:
    def test_has_one_incident_to_which_the_others_are_added(self, api: Api) -> None:
        first, *others = sent(api, *[DISK] * 5)
        assert {one["outcome"] for one in others} == {"added"}
        assert {one["incident"] for one in others} == {first["incident"]}
        case = the_only()
        assert (case.channel, case.requester.username) == ("monitoring", "zabbix")
        assert Alert.objects.get().count == 5
        assert verbs(case) == ["record", "assess"]

    def test_tells_how_many_there_were_every_ten_minutes(self, api: Api) -> None:
        sent(api, DISK, DISK, DISK)
        Alert.objects.update(told_at=timezone.now() - receiving.TOLD_EVERY)
        sent(api, DISK, DISK)
        case = the_only()
        entries = case.entries.filter(verb="incidents.add_event")
        assert [entry.given["count"] for entry in entries] == [4]
        assert first_fault(case) is None

    def test_is_another_key_in_another_monitoring(self, api: Api) -> None:
        sent(api, DISK, DISK | {"source": "Checkmk"})
        assert Incident.objects.count() == 2

    def test_opens_another_incident_beside_the_first_once_that_is_closed(
        self, api: Api, sam: User
    ) -> None:
        sent(api, DISK)
        first = the_only()
        incidents.classify(first, by=sam, category="Storage")
        incidents.resolve(first, by=sam, solution="Swapped", cause="hardware")
        incidents.close(first, by=sam, at=timezone.now() + timedelta(days=30))
        sent(api, DISK)
        second: Any = Incident.objects.latest("pk")
        assert second.pk != first.pk
        assert Link.objects.get(source=second.pk).target_id == first.pk

    def test_opens_again_what_was_resolved_before_it_happened(self, api: Api, sam: User) -> None:
        sent(api, DISK)
        case = the_only()
        early = (timezone.now() - timedelta(minutes=1)).isoformat()
        incidents.classify(case, by=sam, category="Storage")
        incidents.assign(case, by=sam, case_owner=sam)
        incidents.resolve(case, by=sam, solution="Swapped", cause="hardware")
        sent(api, DISK | {"at": early})
        case.refresh_from_db()
        assert case.state == "resolved"
        sent(api, DISK)
        case.refresh_from_db()
        assert case.state == "in_progress"


class TestARecovery:
    def test_is_noted_and_proposes_to_resolve_it(self, api: Api, desk: Client, sam: User) -> None:
        _, over = sent(api, DISK, OVER)
        assert over["outcome"] == "recovered"
        case = the_only()
        assert (case.is_open, verbs(case)[-1]) == (True, "note_recovery")
        assert "Over, says monitoring" in desk.get(case.url).content.decode()
        incidents.classify(case, by=sam, category="Storage")
        form = desk.get(f"{case.url}resolve/").content.decode()
        since = timezone.localtime(case.recovered_at)
        assert f"{since:%Y-%m-%dT%H:%M}" in form

    def test_is_noted_once_and_taken_back_when_it_comes_again(self, api: Api) -> None:
        sent(api, DISK, OVER, OVER)
        case = the_only()
        assert verbs(case).count("note_recovery") == 1
        sent(api, DISK)
        case.refresh_from_db()
        assert (case.recovered_at, verbs(case)[-1]) == (None, "add_event")

    def test_of_what_nobody_knows_is_only_kept(self, api: Api) -> None:
        [said] = sent(api, OVER)
        assert (said["outcome"], said["incident"]) == ("kept", None)


class TestAnEvent:
    @pytest.mark.parametrize("named", ["number", "title"])
    def test_names_its_service(self, api: Api, named: str) -> None:
        storage = _service("Storage")
        [said] = sent(api, DISK | {"service": getattr(storage, named)})
        assert said["service"] == storage.number
        case = the_only()
        assert case.service_id == storage.pk

    def test_finds_the_service_of_a_component_and_links_what_is_affected(self, api: Api) -> None:
        storage = _service("Storage")
        pool = Record.objects.create(
            number="CMP-1", of_kind="service_component", title="Pool B", state="in_use",
            service=storage,
        )  # fmt: skip
        [said] = sent(api, DISK | {"component": "pool b"})
        assert said["service"] == storage.number
        case = the_only()
        link = Link.objects.get(source=case.pk)
        assert (link.target_id, link.kind) == (pool.pk, "affects")

    def test_keeps_the_name_of_a_component_that_is_not_here(self, api: Api) -> None:
        sent(api, DISK | {"component": "shelf-3"})
        kept = Reference.objects.get()
        assert (kept.relation, kept.outside_name) == ("affected CI", "shelf-3")

    def test_is_taken_once_by_its_id(self, api: Api) -> None:
        event = DISK | {"id": "4711"}
        first, again = api.post(EVENTS, event), api.post(EVENTS, event)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert MonitoringEvent.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"severity": "bad"},
            {"title": ""},
            {"source": None},
            {"key": 7},
            {"service": "SRV-99"},
            {"at": "yesterday"},
            {"at": "2999-01-01T00:00:00Z"},
            {"colour": "red"},
            {"title": "x" * 201},
            {"text": "\x00"},
        ],
    )
    def test_is_refused_with_the_field_that_is_wrong(self, api: Api, wrong: dict[str, Any]) -> None:
        answer = api.post(EVENTS, DISK | wrong)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == list(wrong)
        assert not MonitoringEvent.objects.exists()


class TestAStorm:
    def test_opens_no_more_incidents_than_somebody_can_read(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storms, "MOST_OPENED", 2)
        said = sent(api, *(DISK | {"key": f"disk-{number}"} for number in range(5)))
        assert [one["outcome"] for one in said] == ["opened", "opened", *["storm"] * 3]
        assert Incident.objects.count() == 3
        assert {one["incident"] for one in said[2:]} == {Incident.objects.latest("pk").number}
        [known] = sent(api, DISK | {"key": "disk-0"})
        assert known["outcome"] == "added"

    def test_is_refused_beyond_what_is_taken_within_a_minute(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storms, "MOST", 3)
        sent(api, *[DISK] * 3)
        refused = api.post(EVENTS, DISK)
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        sent(api, DISK | {"source": "Checkmk"})


class TestWhoSends:
    def test_a_token_for_events_does_nothing_else(self, api: Api, incident: Incident) -> None:
        assert api.get(EVENTS).status_code == 403
        assert api.get(f"/api/incidents/{incident.number}").status_code == 403
        assert api.post("/api/incidents", {"title": "x"}).status_code == 403

    def test_a_token_that_reads_reports_nothing(self, zabbix: User) -> None:
        assert Api(zabbix, scope="read").post(EVENTS, DISK).status_code == 403

    def test_somebody_without_a_role_reports_nothing(self, rita: User) -> None:
        assert Api(rita).post(EVENTS, DISK).status_code == 403

    def test_such_a_token_is_issued(self, zabbix: User) -> None:
        assert "events" in ApiToken.Scope.values


class TestTheList:
    def test_says_what_became_of_each(self, api: Api, desk: Client, sam: User) -> None:
        sent(api, DISK, DISK | {"severity": "information", "title": "All is well"})
        page = desk.get("/events/").content.decode()
        assert "Opened an incident" in page
        assert "All is well" in page
        assert "All is well" not in desk.get("/events/?outcome=opened").content.decode()
        items = Api(sam).get(f"{EVENTS}?outcome=kept").json()["items"]
        assert [one["title"] for one in items] == ["All is well"]
        assert Api(sam).get(f"{EVENTS}?outcome=lost").status_code == 422

    def test_is_for_those_inside(self, rita: User) -> None:
        assert browser_of(rita).get("/events/").status_code == 403
        assert Api(rita).get(EVENTS).status_code == 404

    def test_says_nothing_of_a_restricted_case(self, api: Api, desk: Client, sam: User) -> None:
        sent(api, DISK)
        Incident.objects.update(is_restricted=True)
        page = desk.get("/events/").content.decode()
        assert "of a restricted case" in page
        assert "Disk 17" not in page
        [item] = Api(sam).get(EVENTS).json()["items"]
        assert (item["title"], item["incident"]) == (None, None)

    def test_costs_the_same_however_many_there_are(self, api: Api, desk: Client) -> None:
        counted = []
        for _ in range(2):
            sent(api, DISK)
            with CaptureQueriesContext(connection) as made:
                desk.get("/events/")
            counted.append(len(made))
        assert counted[0] == counted[1]

    def test_forgets_after_three_months(self, api: Api) -> None:
        sent(api, DISK)
        assert receiving.forget(timezone.now() + receiving.KEPT_FOR - timedelta(hours=1)) == 0
        assert receiving.forget(timezone.now() + receiving.KEPT_FOR + timedelta(hours=1)) == 1
        assert Incident.objects.count() == 1
        assert Alert.objects.count() == 1


def _service(title: str) -> Record:
    """A service as there is one; its process has tests of its own."""
    known = {"number": "SRV-1", "of_kind": "service", "title": title, "state": "live"}
    return Record.objects.get(pk=kinds()["service"].objects.create(**known).pk)
