"""After closure the requester is asked how it was, once for each closure, on the portal."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.notices import jobs, wording
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import Denied, Invalid
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(incident: Incident, sam: User, rita: User) -> Incident:
    incidents.classify(incident, by=sam, category="Mail")
    incidents.resolve(incident, by=sam, solution="Restarted")
    done: Incident = incidents.close(incident, by=rita)
    return done


@pytest.fixture
def ritas(rita: User) -> Client:
    return browser_of(rita)


def address(case: Any, step: str = "") -> str:
    return f"/portal/cases/{case.number}/{step}"


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


class TestRating:
    def test_is_kept_with_the_case_and_its_history(self, closed: Incident, rita: User) -> None:
        rated = incidents.rate(closed, by=rita, satisfaction=4, satisfaction_comment="Quick")
        assert (rated.satisfaction, rated.satisfaction_comment) == (4, "Quick")
        entry = Entry.objects.filter(record=rated).latest("position")
        assert entry.difference["satisfaction"] == [None, 4]
        assert entry.audience == Audience.PUBLIC

    def test_is_there_for_service_requests_too(self, rita: User, sam: User, mona: User) -> None:
        made = requests.record(ServiceRequest(), by=rita, title="A licence", wish="access")
        requests.classify(made, by=sam, category="Software")
        requests.fulfil(made, by=sam, solution="Here it is")
        done = requests.close(made, by=rita)
        assert requests.rate(done, by=rita, satisfaction=5).satisfaction == 5

    def test_is_for_the_requester_alone(self, closed: Incident, sam: User, mona: User) -> None:
        for other in (sam, mona):
            with pytest.raises(Denied, match="Only the requester"):
                incidents.rate(closed, by=other, satisfaction=5)

    def test_comes_after_closure_and_not_before(self, incident: Incident, rita: User) -> None:
        with pytest.raises(Denied, match="Not possible while it is new"):
            incidents.rate(incident, by=rita, satisfaction=5)

    def test_is_no_question_of_what_was_cancelled(self, incident: Incident, rita: User) -> None:
        cancelled = incidents.cancel(incident, by=rita, reason="My cable")
        with pytest.raises(Denied, match="cancelled"):
            incidents.rate(cancelled, by=rita, satisfaction=5)

    @pytest.mark.parametrize("given", ["0", "6", "x", ""])
    def test_is_one_to_five(self, rita: User, given: str) -> None:
        with pytest.raises(Invalid) as refused:
            incidents.rate.clean({"satisfaction": given}, by=rita)
        assert set(refused.value.errors) == {"satisfaction"}

    def test_can_be_changed_for_some_days(self, closed: Incident, rita: User) -> None:
        assert closed.closed_at
        incidents.rate(closed, by=rita, satisfaction=1, satisfaction_comment="Slow")
        later = closed.closed_at + timedelta(days=14)
        assert incidents.rate(closed, by=rita, at=later, satisfaction=3).satisfaction == 3
        with pytest.raises(Invalid, match="14 days after closure"):
            incidents.rate(closed, by=rita, at=later + timedelta(hours=1), satisfaction=5)

    def test_is_about_one_closure(self, closed: Incident, rita: User, sam: User) -> None:
        incidents.rate(closed, by=rita, satisfaction=5, satisfaction_comment="Great")
        again = incidents.reopen(closed, by=rita, reason="It is back")
        assert (again.satisfaction, again.satisfaction_comment) == (None, "")
        incidents.resolve(again, by=sam, solution="Replaced")
        done = incidents.close(again, by=rita)
        assert incidents.rate(done, by=rita, satisfaction=2).satisfaction == 2


class TestPortal:
    def test_asks_where_the_user_sees_it(self, ritas: Client, closed: Incident) -> None:
        assert "How was it?" in text(ritas.get("/portal/"))
        page = text(ritas.get(address(closed)))
        assert re.search(r'<details class="doing" open><summary class="btn">Tell us how', page)
        assert page.count('type="radio"') == 5

    def test_takes_the_answer(self, ritas: Client, closed: Incident) -> None:
        sent = {"satisfaction": "4", "satisfaction_comment": "Friendly", "version": closed.version}
        assert ritas.post(address(closed, "rate/"), sent).status_code == 302
        closed.refresh_from_db()
        assert (closed.satisfaction, closed.satisfaction_comment) == (4, "Friendly")
        page = text(ritas.get(address(closed)))
        assert "It helps us to do better" in page
        assert "answered how it was" in page
        assert "How was it?" not in text(ritas.get("/portal/"))

    def test_opens_the_answer_to_be_changed(
        self, ritas: Client, closed: Incident, rita: User
    ) -> None:
        incidents.rate(closed, by=rita, satisfaction=2, satisfaction_comment="Slow")
        page = text(ritas.get(address(closed)))
        assert '<details class="doing"><summary class="btn">Change your answer' in page
        assert re.search(r'value="2" checked', page)
        assert ">Slow</textarea>" in page

    def test_keeps_what_was_typed_when_no_number_was_chosen(
        self, ritas: Client, closed: Incident
    ) -> None:
        sent = {"satisfaction_comment": "Well …", "version": closed.version}
        page = text(ritas.post(address(closed, "rate/"), sent), 422)
        assert "This field is required." in page
        assert ">Well …</textarea>" in page

    def test_asks_no_more_after_two_weeks(self, ritas: Client, closed: Incident) -> None:
        assert closed.closed_at
        Incident.objects.filter(pk=closed.pk).update(closed_at=closed.closed_at - timedelta(15))
        assert "Tell us how it was" not in text(ritas.get(address(closed)))
        assert "How was it?" not in text(ritas.get("/portal/"))


class TestDesk:
    def test_reads_what_the_user_answered(self, desk: Client, closed: Incident, rita: User) -> None:
        incidents.rate(closed, by=rita, satisfaction=2, satisfaction_comment="I had to wait")
        page = text(desk.get(closed.url))
        assert "2 · a little" in page
        assert "I had to wait" in page

    def test_lists_cases_by_it(self, desk: Client, closed: Incident, rita: User) -> None:
        incidents.rate(closed, by=rita, satisfaction=2)
        assert closed.title in text(desk.get("/incidents/?satisfaction=1,2"))
        assert closed.title not in text(desk.get("/incidents/?satisfaction=5"))

    def test_hears_of_it(self, closed: Incident, rita: User, mona: User) -> None:
        assert closed.case_owner == mona
        rated = incidents.rate(closed, by=rita, satisfaction=2, satisfaction_comment="Slow")
        jobs.spread(entry=Entry.objects.filter(record=rated).latest("position").pk)
        (told,) = wording.said(wording.newest(mona, 1))
        assert told.sentence == f"Rita Ruiz answered 2 of 5 when asked how {closed} was.".replace(
            "Mail is down", "“Mail is down”"
        )
        assert told.quoted == "Slow"
