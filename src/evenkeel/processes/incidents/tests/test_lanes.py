"""The list of incidents as a board: a lane for each open state, and the verbs that move a card."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.rules import lifecycles, registry
from evenkeel.core.web.lanes.reading import COUNTED, MOST, _cards, _with_cards, lanes, read
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.saved import actions as views
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.screen import screens
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
QUERIES = 3  # session, account with its rights, and the cards of all lanes
BOARD = "/incidents/?as=board"
HERE = {"HX-Request": "true", "HX-Current-URL": "https://x.example/incidents/?as=board&priority=1"}


def put(number: int, state: str, **fields: Any) -> None:
    """So many incidents in a state, a minute apart; the last is the newest."""
    begin = timezone.now() - timedelta(days=9)
    made = []
    for place in range(number):
        case = Incident(title=f"{state} {place}", of_kind="incident", state=state, **fields)
        case.number = f"INC-{state}-{place}"[:20]
        case.recorded_at = begin + timedelta(minutes=place)
        made.append(case)
    for case in made:
        case.save()


def page(client: Client, address: str = BOARD) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str) -> dict[str, list[str]]:
    """The titles of the cards of each lane, as they stand on the page."""
    parts = re.split(r'data-lane="(\w+)"', text)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return {name: re.findall(r"data-open[^>]*>(.*?)</a>", lane) for name, lane in found}


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as made:
        page(client)
    return len(made)


def held(case: Incident, sam: User) -> Incident:
    """The incident, classified, in the hands of Sam and waiting for its user."""
    worked_on: dict[str, Any] = {"state": "in_progress", "category": "mail", "case_owner": sam}
    Incident.objects.filter(pk=case.pk).update(**worked_on)
    case.refresh_from_db()
    done: Incident = registry["incidents.put_on_hold"](case, by=sam, hold_reason="user")
    return done


class TestBoard:
    def test_has_a_lane_for_each_open_state_in_the_order_of_the_lifecycle(
        self, desk: Client, sam: User
    ) -> None:
        put(2, "new")
        put(1, "on_hold")
        put(1, "closed", is_open=False)
        assert shown(page(desk)) == {
            "new": ["new 1", "new 0"],
            "classified": [],
            "in_progress": [],
            "on_hold": ["on_hold 0"],
            "resolved": [],
        }

    def test_is_there_for_what_people_move_from_state_to_state_alone(self, desk: Client) -> None:
        approval = ("new", "classified", "approval", "in_progress", "on_hold", "fulfilled")
        assert lanes("service_request") == approval
        assert {kind for kind in lifecycles() if lanes(kind)} == {
            "incident",
            "service_request",
            "service",
        }
        assert "as=board" in page(desk, "/service_requests/")
        assert "as=board" not in page(desk, "/contacts/")
        assert "data-lanes" not in page(desk, "/contacts/?as=board")
        assert "as=board" not in page(desk, "/people/")
        assert "data-lanes" not in page(desk, "/people/?as=board")

    def test_keeps_the_filters_and_the_search_of_the_list(self, desk: Client) -> None:
        put(1, "new", priority=1)
        put(2, "classified", priority=2)
        address = f"{BOARD}&priority=1&state=new,classified"
        assert shown(page(desk, address)) == {"new": ["new 0"], "classified": []}
        assert 'href="?as=board&amp;priority=1"' in page(desk, address)  # any state
        assert 'href="?priority=1&amp;state=new,classified"' in page(desk, address)  # the list
        assert desk.get(f"{BOARD}&priority=high").status_code == 400

    def test_says_that_it_shows_what_is_open(self, desk: Client) -> None:
        put(1, "closed", is_open=False)
        assert "The board shows what is open" in page(desk, f"{BOARD}&state=closed")

    def test_orders_its_cards_as_the_list_does(self, desk: Client) -> None:
        put(2, "new")
        Incident.objects.filter(title="new 0").update(priority=1)
        Incident.objects.filter(title="new 1").update(priority=3)
        assert shown(page(desk))["new"] == ["new 1", "new 0"]
        assert shown(page(desk, f"{BOARD}&sort=priority"))["new"] == ["new 0", "new 1"]

    def test_hides_what_the_list_hides(self, desk: Client, omar: User) -> None:
        put(1, "new", is_restricted=True)
        put(1, "classified")
        assert "new 0" not in page(desk)
        assert "classified 0" in page(desk)
        assert "classified 0" not in page(browser_of(omar))

    def test_is_remembered_by_a_view(self, sam: User) -> None:
        view = SavedView(collection="incidents")
        views.keep(view, by=sam, title="Mine", shown_to="own", params={"as": "board", "x": "y"})
        assert view.address == f"{BOARD}&view={view.pk}"
        of_contacts = SavedView(collection="contacts")
        views.keep(of_contacts, by=sam, title="Mine", shown_to="own", params={"as": "board"})
        assert of_contacts.query == ""

    def test_shows_titles_and_names_as_text_whatever_they_contain(
        self, desk: Client, sam: User
    ) -> None:
        User.objects.filter(pk=sam.pk).update(full_name="<b>Sam</b>")
        incidents.record(Incident(case_owner=sam), by=sam, title="<script>alert(1)</script>")
        text = page(desk)
        assert "<script>alert" not in text
        assert "<b>Sam" not in text


class TestCost:
    def test_is_the_same_however_many_there_are(self, desk: Client) -> None:
        put(1, "new")
        assert queries(desk) == QUERIES
        put(MOST, "classified")
        put(MOST, "on_hold")
        assert queries(desk) == QUERIES

    def test_is_one_query_more_where_a_lane_holds_more_than_it_shows(self, desk: Client) -> None:
        put(MOST + 2, "new")
        put(MOST + 1, "on_hold")
        assert queries(desk) == QUERIES + 1
        text = page(desk)
        assert len(shown(text)["new"]) == MOST
        assert '<a class="all" href="?state=new">All 52</a>' in text
        assert '<a class="all" href="?state=on_hold">All 51</a>' in text

    def test_ends_counting_where_nobody_reads_on(self, sam: User) -> None:
        put(COUNTED + 2, "new")
        lane = read(Listing(screens["incidents"], sam, {"as": "board", "state": "new"}))[0]
        assert lane.count == COUNTED + 1
        assert lane.said == "999+"

    def test_goes_along_the_index_of_states(self, sam: User) -> None:
        put(2, "new")
        listing = _with_cards(Listing(screens["incidents"], sam, {"as": "board"}))
        with connection.cursor() as cursor, CaptureQueriesContext(connection) as made:
            assert _cards(listing, lanes("incident"))
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {made.captured_queries[0]['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert plan.count("record_by_state") == 5
        assert "Sort" not in plan


class TestMoves:
    def moves(self, client: Client, case: Incident, more: str = "") -> list[str]:
        text = page(client, f"{case.url}moves/{more}")
        return re.findall(r'data-to="(\w+)"', text)

    def test_lead_where_the_verbs_of_the_reader_lead(
        self, desk: Client, incident: Incident, rita: User, omar: User
    ) -> None:
        assert self.moves(desk, incident) == ["classified"]
        assert self.moves(browser_of(rita), incident) == []
        assert browser_of(omar).get(f"{incident.url}moves/").status_code == 404

    def test_are_those_that_are_accepted_and_no_others(
        self, desk: Client, incident: Incident, sam: User
    ) -> None:
        case = held(incident, sam)
        assert self.moves(desk, case) == ["in_progress", "resolved"]
        assert self.moves(desk, case, "?to=resolved") == ["resolved"]
        text = page(desk, f"{case.url}moves/")
        assert re.findall(r'data-step="[^"]*/(\w+)/"( data-asks)?', text) == [
            ("resume", ""),
            ("resolve", " data-asks"),
        ]

    def test_say_that_somebody_was_faster(self, desk: Client, incident: Incident) -> None:
        assert "was edited since" in page(desk, f"{incident.url}moves/?version=99")
        here = f"{incident.url}moves/?version={incident.version}"
        assert "was edited since" not in page(desk, here)

    def test_leave_the_board_where_it_is_and_tell_it(
        self, desk: Client, incident: Incident, sam: User
    ) -> None:
        case = held(incident, sam)
        sent = {"version": case.version}
        answer = desk.post(f"{case.url}resume/", sent, headers=HERE)
        assert answer.status_code == 204
        assert json.loads(answer["HX-Trigger"])["card-moved"]["number"] == case.number
        assert json.loads(answer["HX-Trigger"])["card-moved"]["said"].startswith(case.number)
        assert "HX-Redirect" not in answer
        case.refresh_from_db()
        assert case.state == "in_progress"
        assert 'class="toast-line success"' not in page(desk)  # it was said already

    def test_of_a_card_that_is_stale_are_refused_with_both_versions(
        self, desk: Client, incident: Incident, sam: User
    ) -> None:
        case = held(incident, sam)
        answer = desk.post(f"{case.url}resume/", {"version": case.version - 1}, headers=HERE)
        assert answer.status_code == 409
        assert "Somebody else was faster" in answer.content.decode()
        case.refresh_from_db()
        assert case.state == "on_hold"

    def test_that_one_may_not_do_are_refused_in_a_sentence(
        self, incident: Incident, sam: User, rita: User
    ) -> None:
        case = held(incident, sam)
        answer = browser_of(rita).post(f"{case.url}resume/", {}, headers=HERE)
        assert answer.status_code == 403
        assert answer.content.decode().startswith("Only ")
        case.refresh_from_db()
        assert case.state == "on_hold"
