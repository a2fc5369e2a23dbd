"""While a new case is typed, the open ones that sound alike are shown."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.people.models import User
from evenkeel.core.records.record import kinds
from evenkeel.core.search import learning
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def reported(by: User, title: str, **fields: Any) -> Incident:
    made: Incident = incidents.record(Incident(), by=by, title=title, **fields)
    return made


def shown(client: Client, title: str, **more: str) -> list[str]:
    """The numbers in the hint, in order."""
    page = client.get("/similar/incidents/", {"title": title} | more)
    assert page.status_code == 200
    return [part.split("<")[0] for part in page.content.decode().split('<span class="number">')[1:]]


@pytest.fixture
def reports(rita: User, omar: User, mona: User) -> list[Incident]:
    made = [
        reported(rita, "Cannot log in to notebooks"),
        reported(omar, "Notebooks: login page is empty"),
        reported(omar, "Printer has no paper"),
    ]
    learning.learn()
    return made


class TestHint:
    def test_shows_what_shares_two_words_and_nothing_else(
        self, reports: list[Incident], desk: Client
    ) -> None:
        assert shown(desk, "No login to notebooks") == [reports[1].number]
        assert shown(desk, "Paper for notebooks") == []
        assert shown(desk, "Printer") == [reports[2].number]

    def test_knows_a_word_from_its_beginning(self, reports: list[Incident], desk: Client) -> None:
        assert shown(desk, "printer pap") == [reports[2].number]

    def test_says_nothing_before_there_is_a_word(
        self, reports: list[Incident], desk: Client
    ) -> None:
        assert shown(desk, "pri") == []
        assert shown(desk, "\0 ' & |") == []

    def test_leaves_out_what_is_closed(
        self, reports: list[Incident], desk: Client, mona: User
    ) -> None:
        incidents.cancel(reports[2], by=mona, reason="Paper is there")
        assert shown(desk, "Printer paper") == []

    def test_puts_the_same_service_first(
        self, reports: list[Incident], rita: User, desk: Client
    ) -> None:
        mail = kinds()["service"].objects.create(
            number="SRV-1", of_kind="service", title="Mail", state="live"
        )
        own = reported(rita, "Printer paper", service=mail)
        for title in ("Printer paper jam", "Printer out of paper"):
            reported(rita, title)
        first = shown(desk, "Printer paper", service="SRV-1 Mail")[0]
        assert first == own.number

    def test_shows_nobody_what_they_may_not_see(
        self, reports: list[Incident], rita: User, omar: User
    ) -> None:
        assert shown(browser_of(rita), "Printer paper") == []
        assert shown(browser_of(omar), "Printer paper") == [reports[2].number]

    def test_is_asked_for_by_the_form_of_cases_only(self, desk: Client) -> None:
        def form(collection: str) -> str:
            return desk.get(f"/{collection}/record/").content.decode()

        assert 'hx-get="/similar/incidents/"' in form("incidents")
        assert 'hx-get="/similar/service_requests/"' in form("service_requests")
        assert "/similar/" not in form("contacts")
