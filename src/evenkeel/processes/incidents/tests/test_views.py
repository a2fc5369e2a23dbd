"""Views of the list of incidents: who keeps, sees, edits and begins with them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import TeamMembership, User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.testing.api import Api
from evenkeel.core.web.saved import actions, state
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.screen import screens
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
GRAVE = {"is_open": "yes", "priority": "1,2", "sort": "due_at", "columns": "number,title,team"}
QUERIES = 3  # session, account with its rights, views


@pytest.fixture
def team(sam: User, mona: User) -> Team:
    made: Team = Team.objects.create(number="TEAM-9", of_kind="team", title="Desk", state="active")
    for person in (sam, mona):
        TeamMembership.objects.create(team=made, person=person)
    return made


def keep(by: User, title: str = "Grave", shown_to: str = "own", **params: str) -> SavedView:
    view = SavedView(collection="incidents")
    return actions.keep(view, by=by, title=title, shown_to=shown_to, params=params or GRAVE)


def panel(user: User, query: str = "") -> str:
    here = {"HX-Request": "true", "HX-Current-URL": f"https://x.example/incidents/{query}"}
    response = browser_of(user).get("/views/incidents/", headers=here)
    assert response.status_code == 200
    return response.content.decode()


def current(text: str) -> list[str]:
    return [re.sub(r"<.*", "", one) for one in re.findall(r'aria-current="true"[^>]*>(.*)', text)]


class TestView:
    def test_is_a_link_to_the_list_in_its_state(self, sam: User) -> None:
        view = keep(sam)
        assert (
            "columns=number,title,team&is_open=yes&priority=1,2&sort=due_at&view=" in view.address
        )
        assert current(panel(sam, view.address.removeprefix("/incidents/"))) == ["Grave"]

    def test_is_open_whatever_the_order_in_the_address(self, sam: User) -> None:
        keep(sam, is_open="yes", state="new")
        assert current(panel(sam, "?state=new&is_open=yes&page=2&after=x")) == ["Grave"]

    def test_is_altered_until_its_new_state_is_kept(self, sam: User) -> None:
        view = keep(sam, state="new")
        query = f"?state=new&priority=1&view={view.pk}"
        assert "is altered, and not saved" in panel(sam, query)
        form = {"now": "state=new&priority=1"}
        browser_of(sam).post(f"/views/incidents/{view.pk}/keep/", form)
        view.refresh_from_db()
        assert view.query == "priority=1&state=new"
        assert "is altered" not in panel(sam, query)

    def test_is_saved_from_a_form_and_opened(self, sam: User) -> None:
        desk = browser_of(sam)
        form = desk.get("/views/incidents/save/?state=new&page=3&utm=x").content.decode()
        (now,) = re.findall(r'name="now" value="([^"]*)"', form)
        sent = {"now": now.replace("&amp;", "&"), "title": " New  ones ", "shown_to": "own"}
        answer = desk.post("/views/incidents/save/", sent)
        view = SavedView.objects.get()
        assert (view.title, view.query, view.owner) == ("New ones", "state=new", sam)
        assert answer.headers["Location"] == view.address
        assert (
            "You have a view of this name."
            in desk.post("/views/incidents/save/", sent).content.decode()
        )

    @pytest.mark.parametrize(
        ("title", "params", "field"),
        [
            ("", GRAVE, "title"),
            ("x" * 81, GRAVE, "title"),
            ("Odd", {"state": "nonsense"}, "state"),
            ("Odd", {"q": "colour:red"}, "q"),
            ("Odd", {"q": "x" * 2001}, ""),
        ],
    )
    def test_is_refused_where_the_list_would_be(
        self, sam: User, title: str, params: dict[str, str], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            keep(sam, title, **params)
        assert list(refused.value.errors) == [field]

    def test_is_gone_when_its_owner_removes_it(self, sam: User, incident: Incident) -> None:
        view = keep(sam)
        browser_of(sam).post(f"/views/incidents/{view.pk}/remove/")
        assert not SavedView.objects.exists()
        assert Incident.objects.count() == 1


class TestViewOfOthers:
    def test_is_shown_to_nobody_unless_they_are_named(
        self, sam: User, mona: User, rita: User, team: Team
    ) -> None:
        keep(sam, "Own")
        keep(sam, "Of the desk", "TEAM-9")
        keep(mona, "For all", "all")
        seen = {user: re.findall(r'title="([^",]*)', panel(user)) for user in (sam, mona, rita)}
        assert seen == {
            sam: ["Of the desk", "Own", "For all"],
            mona: ["For all", "Of the desk"],
            rita: ["For all"],
        }

    def test_shows_only_what_its_reader_may_see(self, mona: User, sam: User, rita: User) -> None:
        incidents.record(Incident(), by=sam, title="Mail is down")
        incidents.record(Incident(), by=rita, title="My printer is on fire")
        address = keep(mona, "New", "all", state="new").address
        assert "Mail is down" not in browser_of(rita).get(address).content.decode()
        assert "My printer is on fire" in browser_of(rita).get(address).content.decode()

    def test_is_for_everybody_only_by_who_runs_the_process(self, sam: User) -> None:
        with pytest.raises(Invalid, match="shown_to"):
            keep(sam, shown_to="all")

    def test_is_for_no_team_that_one_is_not_in(self, rita: User, team: Team) -> None:
        with pytest.raises(Invalid, match="shown_to"):
            keep(rita, shown_to="TEAM-9")

    def test_is_edited_by_its_owner_alone(self, sam: User, mona: User, team: Team) -> None:
        view = keep(mona, shown_to="TEAM-9")
        desk = browser_of(sam)
        for address in (f"{view.pk}/", f"{view.pk}/keep/", f"{view.pk}/remove/"):
            answer = desk.post(f"/views/incidents/{address}", {"title": "Mine", "shown_to": "own"})
            assert answer.status_code == 403
        with pytest.raises(Denied, match="Only its owner"):
            actions.remove(view, by=sam)
        assert SavedView.objects.get().title == "Grave"

    def test_is_not_there_for_whom_it_is_not_shown(self, sam: User, rita: User) -> None:
        view = keep(sam)
        for what in ("keep", "remove", "first"):
            assert browser_of(rita).post(f"/views/incidents/{view.pk}/{what}/").status_code == 404

    def test_for_everybody_can_be_put_right_when_its_owner_is_gone(
        self, mona: User, sam: User
    ) -> None:
        view = keep(mona, shown_to="all")
        SavedView.objects.update(owner=sam)
        view.refresh_from_db()
        actions.remove(view, by=mona)
        assert not SavedView.objects.exists()


class TestFirstView:
    def test_opens_where_the_rail_leads(self, desk: Client, sam: User) -> None:
        rail = desk.get("/").content.decode()
        assert 'href="/incidents/?is_open=yes&amp;first=yes"' in rail
        assert desk.get("/incidents/?is_open=yes&first=yes").status_code == 200
        view = keep(sam)
        desk.post(f"/views/incidents/{view.pk}/first/")
        assert desk.get("/incidents/?is_open=yes&first=yes").headers["Location"] == view.address
        assert desk.get("/incidents/?is_open=yes").status_code == 200
        desk.post(f"/views/incidents/{view.pk}/not_first/")
        assert desk.get("/incidents/?is_open=yes&first=yes").status_code == 200

    def test_is_each_persons_own(self, sam: User, mona: User) -> None:
        view = keep(mona, shown_to="all")
        actions.begin_with("incidents", view, by=mona)
        assert browser_of(sam).get("/incidents/?first=yes").status_code == 200

    def test_opens_no_more_when_it_is_shown_no_more(self, sam: User, mona: User) -> None:
        view = keep(mona, shown_to="all")
        actions.begin_with("incidents", view, by=sam)
        actions.keep(view, by=mona, title="Grave", shown_to="own")
        assert browser_of(sam).get("/incidents/?first=yes").status_code == 200


class TestFormerName:
    def test_leads_to_the_name_of_today(self, sam: User, monkeypatch: Any) -> None:
        keep(sam)
        SavedView.objects.update(query="columns=number,squad&squad=none")
        monkeypatch.setitem(screens["incidents"].__dict__, "formerly", {"squad": "team"})
        text = panel(sam, "?team=none&columns=number,team")
        assert current(text) == ["Grave"]
        assert "has no more" not in text
        shown = browser_of(sam).get("/incidents/?columns=number,squad&squad=none").content.decode()
        assert "Team: none" in shown

    def test_that_is_none_any_more_is_said(self, sam: User) -> None:
        keep(sam)
        SavedView.objects.update(query="columns=number,mood&state=new&weather=fine")
        text = panel(sam, "?state=new")
        assert "Asks for what this list has no more: weather, mood." in text
        assert browser_of(sam).get(SavedView.objects.get().address).status_code == 200


class TestPanel:
    def test_costs_one_query_whatever_is_kept(self, sam: User, mona: User, team: Team) -> None:
        for number in range(12):
            keep(mona, f"View {number}", "TEAM-9")
        client = browser_of(sam)
        address = "/views/incidents/?state=new"
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        assert len(made) == QUERIES

    def test_is_a_page_where_no_script_runs(self, sam: User) -> None:
        keep(sam)
        text = browser_of(sam).get("/views/incidents/?state=new").content.decode()
        assert "<html" in text
        assert "Save this view" in text

    def test_shows_names_as_text_whatever_they_contain(self, sam: User) -> None:
        keep(sam, "<b>Grave</b>")
        assert "<b>Grave" not in panel(sam)


class TestViewsOfTheApi:
    def test_lead_to_the_list_in_their_state(self, sam: User, mona: User, rita: User) -> None:
        incidents.record(Incident(), by=mona, title="Mail is down")
        keep(mona, "New", "all", state="new", columns="title")
        keep(rita, "Not yours")
        (item,) = Api(sam).get("/api/views?collection=incidents").json()["items"]
        assert (item["title"], item["owner"], item["shown_to"]) == ("New", "mona", "all")
        (found,) = Api(sam).get(item["url"]).json()["items"]
        assert found["title"] == "Mail is down"

    def test_are_refused_of_a_list_that_is_none(self, sam: User) -> None:
        assert Api(sam).get("/api/views?collection=moods").status_code == 422
        assert Api(sam).get("/api/views?mood=fine").status_code == 422


def test_written_says_the_same_of_equal_states() -> None:
    one = state.written({"state": "new,closed", "sort": "-recorded_at", "page": "3", "q": ""})
    assert one == state.written({"view": "3", "state": "new,closed", "after": "x.y.z"})
