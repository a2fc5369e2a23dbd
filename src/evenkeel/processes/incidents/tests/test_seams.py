"""Places on the pages of cases for processes that come later; empty, they cost nothing."""

from collections.abc import Iterator

import pytest
from django.test import Client

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import review as reviews
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import (
    Incident,
    MajorIncidentReview,
    ServiceRequest,
)
from evenkeel.processes.incidents.queries import seams
from evenkeel.processes.incidents.queries.seams import OF_INCIDENTS, OF_REQUESTS, Deed, Found
from evenkeel.processes.incidents.tests.conftest import browser_of
from evenkeel.processes.incidents.tests.test_pages_verbs import text_of

pytestmark = pytest.mark.django_db


def raise_change(case: Record, reader: User) -> Deed:
    """As a process that keeps changes would offer it."""
    return Deed("Raise a request for change", f"/changes/record/?source={case.number}")


def known_error(incident: Record, reader: User) -> Iterator[Found]:
    """As a process that keeps known errors would answer."""
    for number in range(seams.MOST + 1):
        yield Found(f"KE-{number}", f"{incident.title}: known", f"/known_errors/KE-{number}/")


class TestAPlace:
    def test_is_not_even_asked_for_while_no_process_fills_it(
        self, incident: Incident, desk: Client
    ) -> None:
        page = desk.get(incident.url).content.decode()
        assert not [one.name for one in OF_INCIDENTS if f"later/{one.name}/" in page]
        assert desk.get(f"{incident.url}later/known-errors/").content == b""

    def test_shows_what_the_other_process_finds_and_no_more_than_ten(
        self, incident: Incident, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(seams.KNOWN_ERRORS.__dict__, "finders", [known_error])
        assert f"{incident.url}later/known-errors/" in desk.get(incident.url).content.decode()
        panel = desk.get(f"{incident.url}later/known-errors/").content.decode()
        assert "Known errors" in panel
        assert 'href="/known_errors/KE-9/"' in panel
        assert "KE-10" not in panel

    def test_offers_what_can_be_done_there_for_requests_too(
        self, sam: User, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wish = requests.record(ServiceRequest(wish="change"), by=sam, title="More disks")
        assert not [one.name for one in OF_REQUESTS if one.name in text_of(desk, wish.url)]
        monkeypatch.setitem(seams.CHANGES.__dict__, "offers", [raise_change])
        assert f"{wish.url}later/changes/" in text_of(desk, wish.url)
        panel = text_of(desk, f"{wish.url}later/changes/")
        offered = f'href="/changes/record/?source={wish.number}">Raise a request for change</a>'
        assert offered in panel

    def test_of_a_review_shows_what_its_actions_became(
        self, incident: Incident, mona: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incidents.classify(incident, by=mona, category="Mail")
        grave = incidents.declare_major(incident, by=mona, reason="Everybody waits")
        review = reviews.record(MajorIncidentReview(), by=mona, incident=grave)
        browser = browser_of(mona)
        assert "later/following/" not in text_of(browser, review.url)
        monkeypatch.setitem(seams.FOLLOWING.__dict__, "finders", [known_error])
        assert "What its actions became" in text_of(browser, f"{review.url}later/following/")

    def test_is_none_of_the_users_business(
        self, incident: Incident, rita: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(seams.CHANGES.__dict__, "finders", [known_error])
        answer = browser_of(rita).get(f"{incident.url}later/changes/")
        assert b"KE-" not in answer.content
