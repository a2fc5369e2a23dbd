"""The portal: users report, follow their cases, answer, confirm; nothing internal shows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.clocks.models import Clock
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records.models import Audience, Entry, Record, Via
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import registry
from evenkeel.core.web.words import exact
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
# session, account with its rights, the case, its entries, files and comments
QUERIES_OF_A_CASE = 6
QUERIES_OF_THE_START = 7  # the first two, what is announced, open and closed cases of two kinds


@pytest.fixture
def ritas(rita: User, mona: User) -> Client:
    """The browser of the requester."""
    return browser_of(rita)


@pytest.fixture
def solved(incident: Incident, sam: User) -> Incident:
    """An incident that was worked on, with things said inside and outside."""
    team = Team.objects.create(number="TEAM-1", of_kind="team", title="Secret team", state="active")
    incidents.classify(incident, by=sam, category="Storage")
    incidents.assign(incident, by=sam, case_owner=sam, team=team)
    registry["incidents.note"](incident, by=sam, text="The user is clumsy")
    registry["incidents.comment"](incident, by=sam, text="We are looking at it")
    for name, audience in (("log.txt", Audience.INTERNAL), ("guide.txt", Audience.PUBLIC)):
        file = SimpleUploadedFile(name, b"words")
        registry["incidents.attach"](incident, by=sam, file=file, audience=audience)
    done: Incident = incidents.resolve(incident, by=sam, solution="Restarted the queue")
    return done


def offer_mail() -> None:
    """A service, whichever process keeps services."""
    kinds()["service"].objects.create(number="SRV-1", of_kind="service", title="Mail", state="live")


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def address(record: Any, step: str = "") -> str:
    return f"/portal/cases/{record.number}/{step}"


class TestReport:
    def test_becomes_an_incident_of_whoever_sends_it(self, ritas: Client, rita: User) -> None:
        offer_mail()
        assert "What is wrong?" in text(ritas.get("/portal/incidents/report/"))
        given = {"title": "No mail", "description": "Since noon", "service": "SRV-1"}
        answer = ritas.post("/portal/incidents/report/", given)
        made = Incident.objects.get()
        assert answer["Location"] == address(made)
        assert (made.requester, made.channel) == (rita, "portal")
        assert made.service == Record.objects.get(number="SRV-1")
        assert Entry.objects.get(record=made).via == Via.PAGE

    def test_offers_the_services_by_name(self, ritas: Client) -> None:
        offer_mail()
        page = text(ritas.get("/portal/incidents/report/"))
        assert '<option value="SRV-1">Mail</option>' in page
        assert "I do not know" in page

    def test_becomes_a_request_where_something_is_asked_for(self, ritas: Client) -> None:
        given = {"title": "More space", "wish": "change", "description": "", "service": ""}
        ritas.post("/portal/service_requests/report/", given)
        assert ServiceRequest.objects.get().wish == "change"

    def test_keeps_what_was_typed_when_something_is_missing(self, ritas: Client) -> None:
        page = text(ritas.post("/portal/incidents/report/", {"description": "Since noon"}), 422)
        assert "Since noon</textarea>" in page
        assert "What you typed is still here." in page
        assert not Incident.objects.exists()

    def test_takes_pictures_with_it(self, ritas: Client) -> None:
        file = SimpleUploadedFile("screen.png", b"a picture")
        ritas.post("/portal/incidents/report/", {"title": "No mail", "files": file})
        added = Incident.objects.get().attachments.get()
        assert (added.filename, added.audience) == ("screen.png", Audience.PUBLIC)

    def test_is_not_recorded_at_all_with_a_file_that_is_not_taken(self, ritas: Client) -> None:
        file = SimpleUploadedFile("trojan.exe", b"MZ")
        page = text(ritas.post("/portal/incidents/report/", {"title": "No", "files": file}), 422)
        assert "opening them runs them" in page
        assert not Incident.objects.exists()

    def test_is_recorded_once_however_often_it_is_sent(self, ritas: Client) -> None:
        form = text(ritas.get("/portal/incidents/report/"))
        once = re.search(r'name="once" value="(.+?)"', form)
        assert once
        given = {"title": "No mail", "once": once[1]}
        first = ritas.post("/portal/incidents/report/", given)
        second = ritas.post("/portal/incidents/report/", given)
        assert first["Location"] == second["Location"]
        assert Incident.objects.count() == 1

    def test_sets_only_what_the_portal_asks_for(
        self, ritas: Client, rita: User, omar: User
    ) -> None:
        given = {"title": "No mail", "requester": "omar", "channel": "phone"}
        ritas.post("/portal/incidents/report/", given)
        made = Incident.objects.get()
        assert (made.requester, made.channel) == (rita, "portal")

    def test_is_not_offered_for_other_kinds(self, ritas: Client) -> None:
        assert ritas.get("/portal/services/report/").status_code == 404


class TestCase:
    def test_tells_where_it_stands_and_what_happened(self, ritas: Client, solved: Incident) -> None:
        page = text(ritas.get(address(solved)))
        assert "We think it works again." in page
        assert "<b>You</b> reported this" in page
        assert "<b>Sam Sorel</b> solved it" in page
        assert "Restarted the queue" in page
        assert "We are looking at it" in page
        assert "guide.txt" in page

    def test_shows_nothing_internal(self, ritas: Client, solved: Incident) -> None:
        page = text(ritas.get(address(solved)))
        hidden = ["clumsy", "log.txt", "Storage", "Secret team", "lassif", "ssigned"]
        assert [word for word in hidden if word in page] == []

    def test_shows_nothing_internal_to_staff_either(
        self, desk: Client, sam: User, mona: User
    ) -> None:
        own: Incident = incidents.record(Incident(), by=sam, title="My own mail is down")
        registry["incidents.note"](own, by=mona, text="He is a colleague")
        assert "colleague" not in text(desk.get(address(own)))

    def test_is_hidden_from_everybody_else(
        self, desk: Client, omar: User, incident: Incident
    ) -> None:
        for browser in (desk, browser_of(omar)):
            assert browser.get(address(incident)).status_code == 404
            assert browser.post(address(incident, "cancel/"), {"reason": "x"}).status_code == 404
            assert browser.post(address(incident, "reply/"), {"text": "x"}).status_code == 404
        incident.refresh_from_db()
        assert incident.state == "new"

    def test_says_for_whom_it_waits(self, ritas: Client, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        reason = Incident.HoldReason.USER
        incidents.put_on_hold(incident, by=sam, hold_reason=reason, note="Which program?")
        page = text(ritas.get(address(incident)))
        assert "We need your answer" in page
        assert "Which program?" in page
        assert "We need your answer" in text(ritas.get("/portal/"))

    def test_says_by_when_it_is_to_be_done(
        self, ritas: Client, incident: Incident, sam: User
    ) -> None:
        assert "We want to be done" not in text(ritas.get(address(incident)))
        incidents.classify(incident, by=sam, category="Mail")
        done = incidents.prioritise(incident, by=sam, impact=1, urgency=1)
        clock = Clock.objects.get(record=done, kind="resolution")
        assert clock.due_at
        by = exact(clock.due_at)
        assert f"We want to be done with it by <b>{by}</b>" in text(ritas.get(address(done)))
        assert f"expected by {by}" in text(ritas.get("/portal/"))
        Clock.objects.filter(pk=clock.pk).update(due_at=timezone.now() - timedelta(minutes=1))
        assert "it takes longer, and we go on with it" in text(ritas.get(address(done)))
        incidents.put_on_hold(done, by=sam, hold_reason=Incident.HoldReason.USER)
        assert "done with it by" not in text(ritas.get(address(done)))

    def test_is_answered(self, ritas: Client, incident: Incident, rita: User) -> None:
        file = SimpleUploadedFile("screen.png", b"a picture")
        answer = ritas.post(address(incident, "reply/"), {"text": "It beeps", "files": file})
        assert answer.status_code == 302
        said = incident.comments.get()
        assert (said.text, said.audience, said.said_by) == ("It beeps", Audience.PUBLIC, rita)
        assert said.attachments.get().filename == "screen.png"

    @pytest.mark.parametrize("files", [(), ("screen.png",)], ids=["in words", "with a file"])
    def test_goes_on_by_itself_once_it_is_answered(
        self, ritas: Client, incident: Incident, sam: User, files: tuple[str, ...]
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.put_on_hold(incident, by=sam, hold_reason=Incident.HoldReason.USER)
        sent: dict[str, Any] = {"text": "The mail program."}
        sent["files"] = [SimpleUploadedFile(name, b"a picture") for name in files]
        assert ritas.post(address(incident, "reply/"), sent).status_code == 302
        incident.refresh_from_db()
        assert (incident.state, incident.hold_reason) == ("in_progress", "")
        assert "We need your answer" not in text(ritas.get(address(incident)))
        said = incident.comments.get(text="The mail program.")
        assert [one.filename for one in said.attachments.all()] == list(files)

    def test_takes_no_empty_answer(self, ritas: Client, incident: Incident) -> None:
        page = text(ritas.post(address(incident, "reply/"), {"text": " "}), 422)
        assert "Write something, or attach a file." in page

    def test_is_confirmed(self, ritas: Client, solved: Incident) -> None:
        assert "Yes, it works again" in text(ritas.get(address(solved)))
        ritas.post(address(solved, "close/"), {"version": solved.version})
        solved.refresh_from_db()
        assert solved.state == "closed"
        page = text(ritas.get(address(solved)))
        assert "Write to us" not in page
        assert "It does not work" in page

    def test_is_not_confirmed_from_a_page_that_is_out_of_date(
        self, ritas: Client, solved: Incident
    ) -> None:
        old = {"version": solved.version - 1}
        page = text(ritas.post(address(solved, "close/"), old), 409)
        assert "Look at it again" in page
        solved.refresh_from_db()
        assert solved.state == "resolved"

    def test_is_reopened_with_what_is_still_wrong(self, ritas: Client, solved: Incident) -> None:
        ritas.post(address(solved, "reopen/"), {"reason": "Still no mail"})
        solved.refresh_from_db()
        assert solved.state == "in_progress"
        assert "Still no mail" in text(ritas.get(address(solved)))

    def test_is_not_reopened_without_a_word(self, ritas: Client, solved: Incident) -> None:
        page = text(ritas.post(address(solved, "reopen/"), {"reason": ""}), 422)
        assert "What is still wrong? – This field is required." in page
        assert '<details class="doing" open>' in page

    def test_is_cancelled_with_a_reason(self, ritas: Client, incident: Incident) -> None:
        ritas.post(address(incident, "cancel/"), {"reason": "It was my cable"})
        incident.refresh_from_db()
        assert incident.state == "cancelled"

    def test_offers_only_steps_that_are_possible(self, ritas: Client, incident: Incident) -> None:
        page = text(ritas.get(address(incident)))
        assert "I no longer need this" in page
        assert "Yes, it works again" not in page
        assert ritas.post(address(incident, "close/")).status_code == 403

    def test_offers_no_other_verbs(self, ritas: Client, incident: Incident) -> None:
        assert ritas.post(address(incident, "classify/"), {"category": "x"}).status_code == 404

    def test_costs_the_same_however_long_its_history(
        self, ritas: Client, incident: Incident, sam: User
    ) -> None:
        before = _queries(ritas, address(incident))
        for number in range(6):
            registry["incidents.comment"](incident, by=sam, text=f"Word {number}")
            file = SimpleUploadedFile(f"{number}.txt", b"words")
            registry["incidents.attach"](incident, by=sam, file=file)
        assert [before, _queries(ritas, address(incident))] == [QUERIES_OF_A_CASE] * 2


class TestStart:
    def test_lists_ones_own_cases_and_no_others(
        self, ritas: Client, incident: Incident, omar: User
    ) -> None:
        incidents.record(Incident(), by=omar, title="Printer on fire")
        page = text(ritas.get("/portal/"))
        assert "Mail is down" in page
        assert "Printer" not in page
        assert "Printer" not in text(ritas.get("/portal/cases/"))

    def test_pages_through_many(self, ritas: Client, rita: User) -> None:
        for number in range(23):
            incidents.record(Incident(), by=rita, title=f"Trouble {number}.")
        first, second = (text(ritas.get(f"/portal/cases/?page={page}")) for page in (1, 2))
        assert ("Trouble 22." in first, "Trouble 2." in first) == (True, False)
        assert ("Trouble 22." in second, "Trouble 2." in second) == (False, True)

    def test_sends_strangers_to_sign_in(self, client: Client) -> None:
        assert client.get("/portal/")["Location"].startswith("/accounts/login/?next=%2Fportal%2F")

    def test_costs_the_same_however_many_cases_there_are(
        self, ritas: Client, incident: Incident, rita: User
    ) -> None:
        before = _queries(ritas, "/portal/")
        for number in range(8):
            incidents.record(Incident(), by=rita, title=f"Trouble {number}")
        assert [before, _queries(ritas, "/portal/")] == [QUERIES_OF_THE_START] * 2


def _queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as made:
        text(client.get(page))
    return len(made)
