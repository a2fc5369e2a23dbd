"""The forms of verbs: what they ask, refuse and keep."""

import re
from html import unescape

import pytest
from django.test import Client

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import categories
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
PAGE = "/incidents/INC-1/"
SHEET = {"HX-Request": "true"}


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def once_of(text: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', text)
    assert found
    return found[1]


class TestIntake:
    def test_records_and_shows_what_was_recorded(self, mona: User, desk: Client) -> None:
        assert 'name="title"' in text_of(desk, "/incidents/record/")
        sent = {"title": "Mail is down", "channel": "phone", "description": "Since nine"}
        response = desk.post("/incidents/record/", sent, follow=True)
        assert response.redirect_chain == [(PAGE, 302)]
        assert "INC-1 recorded." in response.content.decode()
        made = Incident.objects.get()
        assert (made.channel, made.description, made.requester) == ("phone", "Since nine", sam())

    def test_names_another_requester_by_what_the_field_suggests(
        self, mona: User, rita: User, desk: Client
    ) -> None:
        sent = {"title": "Mail is down", "requester": "Rita Ruiz (rita)"}
        desk.post("/incidents/record/", sent)
        assert Incident.objects.get().requester == rita

    def test_says_what_is_missing_and_keeps_what_was_typed(self, desk: Client) -> None:
        response = desk.post("/incidents/record/", {"title": "", "description": "Since nine"})
        text = response.content.decode()
        assert response.status_code == 422
        assert '<a href="#title">Title: This field is required.</a>' in text
        assert ">Since nine</textarea>" in text
        assert 'id="title" name="title" type="text" value=""' in text
        assert 'aria-invalid="true"' in text

    def test_makes_one_record_of_a_form_that_is_sent_twice(self, mona: User, desk: Client) -> None:
        once = once_of(text_of(desk, "/incidents/record/"))
        for _ in range(2):
            response = desk.post("/incidents/record/", {"title": "Mail", "once": once}, follow=True)
        assert Incident.objects.count() == 1
        assert response.redirect_chain == [(PAGE, 302)]
        assert "sent before" in response.content.decode()

    def test_is_filled_in_from_the_address(self, desk: Client) -> None:
        assert 'value="Disk &amp; tape"' in text_of(desk, "/incidents/record/?title=Disk+%26+tape")

    def test_finds_only_what_one_may_see(self, mona: User, desk: Client) -> None:
        response = desk.post("/incidents/record/", {"title": "Mail", "service": "SRV-99"})
        assert "There is no service “SRV-99”." in response.content.decode()


def sam() -> User:
    return User.objects.get(username="sam")


class TestVerb:
    def test_is_done_from_its_form(self, incident: Incident, desk: Client) -> None:
        assert "Say what sort of case it is." in text_of(desk, f"{PAGE}classify/")
        response = desk.post(f"{PAGE}classify/", {"category": "Mail", "version": "1"}, follow=True)
        text = response.content.decode()
        assert "INC-1 classified." in text
        assert 'data-saved-draft="incidents/INC-1/classify"' in text

    def test_answers_a_sheet_with_its_form_and_then_with_the_way_back(
        self, incident: Incident, desk: Client
    ) -> None:
        form = desk.get(f"{PAGE}classify/", headers=SHEET).content.decode()
        assert 'hx-post="/incidents/INC-1/classify/"' in form
        assert "<html" not in form
        response = desk.post(f"{PAGE}classify/", {"category": "Mail"}, headers=SHEET)
        assert (response.status_code, response["HX-Redirect"]) == (204, PAGE)

    def test_is_refused_by_the_page_as_by_the_action(self, incident: Incident, rita: User) -> None:
        client = browser_of(rita)
        for answer in (
            client.get(f"{PAGE}classify/"),
            client.post(f"{PAGE}classify/", {"category": "Mail"}),
            client.post(f"{PAGE}classify/", {"category": "Mail"}, headers=SHEET),
        ):
            assert answer.status_code == 403
            assert "Only the process staff" in answer.content.decode()
        incident.refresh_from_db()
        assert incident.state == "new"

    def test_is_not_there_on_a_record_one_may_not_see(self, incident: Incident, omar: User) -> None:
        client = browser_of(omar)
        assert client.post(f"{PAGE}cancel/", {"reason": "x"}).status_code == 404

    def test_is_not_there_if_the_kind_does_not_have_it(
        self, incident: Incident, desk: Client
    ) -> None:
        assert desk.get(f"{PAGE}fulfil/").status_code == 404
        assert desk.post(f"{PAGE}record/", {"title": "x"}).status_code == 404

    def test_says_what_the_state_still_needs(self, incident: Incident, desk: Client) -> None:
        response = desk.post(f"{PAGE}classify/", {"category": ""})
        assert "Category: " in response.content.decode()
        assert response.status_code == 422

    def test_keeps_the_default_of_what_was_left_open(
        self, incident: Incident, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam(), category="Mail")
        form = text_of(desk, f"{PAGE}resolve/")
        assert '<option value="permanent" selected>' in form or 'value="permanent" checked' in form
        desk.post(f"{PAGE}resolve/", {"solution": "Restarted", "resolution": ""})
        incident.refresh_from_db()
        assert (incident.state, incident.resolution) == ("resolved", "permanent")

    def test_opens_with_the_values_that_the_record_has(
        self, incident: Incident, desk: Client
    ) -> None:
        Incident.objects.update(channel="email")
        text = text_of(desk, f"{PAGE}edit/")
        assert '<option value="email" selected>' in text
        assert f'name="title" type="text" value="{incident.title}"' in text

    def test_never_has_two_ways_out_with_one_name(self, incident: Incident, mona: User) -> None:
        actions = text_of(browser_of(mona), f"{PAGE}cancel/").split('<div class="actions">')[-1]
        assert re.findall(r">(Cancel|Back)<", actions) == ["Cancel", "Back"]

    def test_edits_only_what_its_form_holds(self, incident: Incident, desk: Client) -> None:
        form = text_of(desk, f"{PAGE}edit/")
        assert 'value="Mail is down"' in form
        assert 'value="Rita Ruiz (rita)"' in form
        sent = {"title": "Mail is slow", "version": "1", "requester": "Rita Ruiz (rita)"}
        desk.post(f"{PAGE}edit/", sent | {"state": "closed", "channel": "phone"})
        incident.refresh_from_db()
        assert (incident.title, incident.state, incident.channel) == (
            "Mail is slow",
            "new",
            "phone",
        )

    def test_chooses_nothing_that_nobody_chose(self, incident: Incident, desk: Client) -> None:
        form = text_of(desk, f"{PAGE}classify/")
        assert '<option value="" selected>Choose …</option>' in form
        incidents.classify(incident, by=sam(), category="Mail")
        form = text_of(desk, f"{PAGE}classify/")
        assert '<option value="Mail" selected>' in form
        assert "Choose …" not in form
        assert ">Mail: Mail, lists and calendars.<" in form  # its guidance (ISRM-19)

    def test_leaves_open_what_can_be_chosen_no_more(self, incident: Incident, desk: Client) -> None:
        """Whoever looks into the form and sends it must not choose the first by mistake."""
        incidents.classify(incident, by=sam(), category="Mail")
        tree = Scheme.objects.get(scheme_kind=categories.NAME)
        listed = tree.versions.get(standing="in_force").content["categories"]
        retired = [one | {"retired": one["path"] == "Mail"} for one in listed]
        olga = holder("olga", RoleType.PROCESS_OWNER)
        schemes.draft(tree, by=olga, content={"categories": retired})
        schemes.approve(tree, by=olga)
        form = text_of(desk, f"{PAGE}classify/")
        assert '<option value="" selected>Choose …</option>' in form

    def test_of_cancelling_is_not_left_by_a_button_called_cancel(
        self, incident: Incident, rita: User
    ) -> None:
        assert text_of(browser_of(rita), f"{PAGE}cancel/").count(">Cancel</") == 1

    def test_lets_a_file_be_seen_by_everybody_unless_told_otherwise(
        self, incident: Incident, desk: Client
    ) -> None:
        form = text_of(desk, f"{PAGE}attach/")
        assert 'value="public" checked' in form
        assert ">–</option>" not in form


class TestStaleForm:
    def test_shows_both_versions_and_overwrites_nothing(
        self, incident: Incident, mona: User, desk: Client
    ) -> None:
        registry["incidents.edit"](incident, by=mona, title="Mail is slow in Oslo")
        sent = {"title": "Mail is gone", "version": "1", "channel": "portal"}
        response = desk.post(f"{PAGE}edit/", sent)
        text = unescape(response.content.decode())
        assert response.status_code == 409
        assert "you have version 1, it is now version 2" in text
        assert "<td>Mail is slow in Oslo</td><td>Mail is gone</td>" in text
        assert "<b>Mona Moen</b> edited this" in text
        assert 'name="version" value="2"' in text
        assert 'value="Mail is gone"' in text
        incident.refresh_from_db()
        assert incident.title == "Mail is slow in Oslo"

    def test_puts_mine_on_top_when_told_so(
        self, incident: Incident, mona: User, desk: Client
    ) -> None:
        registry["incidents.edit"](incident, by=mona, title="Mail is slow in Oslo")
        sent = {"title": "Mail is gone", "version": "2", "channel": "portal"}
        assert desk.post(f"{PAGE}edit/", sent).status_code == 302
        incident.refresh_from_db()
        assert incident.title == "Mail is gone"


class TestSuggestions:
    def test_name_people_oneself_first(self, rita: User, desk: Client) -> None:
        text = text_of(desk, "/suggest/account/?field=case_owner&case_owner=")
        assert re.findall(r'data-value="([^"]+)"', text) == ["Sam Sorel (sam)", "Rita Ruiz (rita)"]

    def test_find_people_by_any_part_of_their_name(self, rita: User, desk: Client) -> None:
        text = text_of(desk, "/suggest/account/?field=case_owner&case_owner=ruiz")
        assert re.findall(r'data-value="([^"]+)"', text) == ["Rita Ruiz (rita)"]

    def test_give_the_bare_name_to_a_filter(self, rita: User, desk: Client) -> None:
        text = text_of(desk, "/suggest/account/?field=filter-case_owner&plain=yes&case_owner=ruiz")
        assert 'data-value="rita"' in text

    def test_name_only_records_that_one_may_see(
        self, incident: Incident, omar: User, desk: Client
    ) -> None:
        address = "/suggest/incident/?field=target&target=mail"
        assert 'data-value="INC-1 Mail is down"' in text_of(desk, address)
        assert "INC-1" not in text_of(browser_of(omar), address)
        assert "INC-1" not in text_of(browser_of(omar), "/suggest/record/?target=INC")

    def test_of_a_kind_name_nothing_else(self, incident: Incident, mona: User) -> None:
        sms = User.objects.create_user("sms", is_system=True)
        registry["teams.record"](Team(), by=sms, title="Mail team")
        text = text_of(browser_of(mona), "/suggest/team/?field=team&team=mail")
        assert re.findall(r'data-value="([^"]+)"', text) == ["TEAM-1 Mail team"]

    def test_find_again_what_was_chosen(self, incident: Incident, desk: Client) -> None:
        text = text_of(desk, "/suggest/record/?field=target&target=INC-1+Mail+is+down")
        assert re.findall(r'data-value="([^"]+)"', text) == ["INC-1 Mail is down"]

    def test_of_an_unknown_kind_are_not_there(self, desk: Client) -> None:
        assert desk.get("/suggest/nothing/?q=x").status_code == 404
