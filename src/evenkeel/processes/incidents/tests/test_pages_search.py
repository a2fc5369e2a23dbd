"""The search page: marked words, kinds, numbers, and nothing that one may not see."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenkeel.core.people.models import User
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def search(client: Client, query: str) -> str:
    response: Any = client.get(f"/search/?{query}")
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


class TestSearchPage:
    def test_marks_the_words(self, desk: Client, incident: Incident) -> None:
        page = search(desk, "q=mail")
        assert f'href="{incident.url}" data-open><mark>Mail</mark> is down</a>' in page

    def test_leads_from_a_number_to_its_record(self, desk: Client, incident: Incident) -> None:
        answer = desk.get(f"/search/?q={incident.number.lower()}")
        assert answer["Location"] == incident.url

    def test_keeps_to_the_kind_that_was_chosen(self, desk: Client, incident: Incident) -> None:
        assert "is down</a>" in search(desk, "q=mail&kind=incident")
        assert "Nothing found" in search(desk, "q=mail&kind=service_request")

    def test_does_not_find_what_one_may_not_see(
        self, incident: Incident, sam: User, rita: User, omar: User
    ) -> None:
        registry["incidents.note"](incident, by=sam, text="Zebra")
        assert "Nothing found" in search(browser_of(omar), "q=mail")
        assert "Nothing found" in search(browser_of(rita), "q=zebra")
        assert browser_of(omar).get(f"/search/?q={incident.number}").status_code == 200

    def test_writes_no_word_of_a_record_as_markup(self, desk: Client, rita: User) -> None:
        incidents.record(Incident(), by=rita, title="Mail <script>alert(1)</script>")
        page = search(desk, "q=mail")
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page

    def test_teaches_what_can_be_asked(self, desk: Client) -> None:
        assert "What are you looking for?" in search(desk, "")

    def test_costs_the_same_however_much_is_found(
        self, desk: Client, incident: Incident, rita: User
    ) -> None:
        few = queries(desk)
        for number in range(25):
            incidents.record(Incident(), by=rita, title=f"Mail trouble {number}")
        assert "Next" in search(desk, "q=mail")
        # A full page needs no second look for similar words, so it costs less, never more.
        assert queries(desk) <= few


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as made:
        search(client, "q=mail")
    return len(made)
