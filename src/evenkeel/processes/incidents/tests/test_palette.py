"""The palette: what is reached by its name, by whom, from which page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.people.models import User
from evenkeel.core.web.saved import actions
from evenkeel.core.web.saved.models import SavedView
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
OPTION = re.compile(r'data-url="([^"]*)"( data-sheet)?>.*?class="words">(.*?)</span>')
QUERIES = 9  # session, account with its rights, views; the rest is the search for beginnings


def asked(user: User, text: str, here: str = "/") -> dict[str, str]:
    """Words -> address of what the palette offers, in its order."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"https://x.example{here}"}
    response = browser_of(user).get("/palette/", {"q": text}, headers=headers)
    assert response.status_code == 200
    return {words: url for url, _, words in OPTION.findall(response.content.decode())}


class TestPalette:
    def test_jumps_to_a_number_first(self, sam: User, incident: Incident) -> None:
        first, *_ = asked(sam, incident.number.lower()).items()
        assert first == (f"{incident.number} Mail is down", incident.url)

    def test_leads_to_pages_and_new_records_by_the_beginnings_of_words(self, sam: User) -> None:
        assert "/incidents/?is_open=yes&amp;first=yes" in asked(sam, "inc").values()
        assert asked(sam, "new inc")["New incident"] == "/incidents/record/"
        assert "New incident" not in asked(sam, "ncident")

    def test_runs_the_verbs_of_the_record_that_is_open(self, sam: User, incident: Incident) -> None:
        offered = asked(sam, "", incident.url)
        assert offered["Classify"] == f"{incident.url}classify/"
        assert "Reopen" not in offered
        assert "Classify" not in asked(sam, "", "/incidents/")

    def test_offers_no_verb_that_one_may_not(self, rita: User, incident: Incident) -> None:
        incidents.classify(incident, by=User.objects.get(username="mona"), category="Access")
        assert "Assign" not in asked(rita, "", incident.url)

    def test_finds_views_and_records_and_the_search(self, sam: User, incident: Incident) -> None:
        view = SavedView(collection="incidents")
        actions.keep(view, by=sam, title="Mail, all of it", shown_to="own", params={"q": "mail"})
        offered = asked(sam, "mail")
        assert list(offered) == [
            "Mail, all of it",
            f"{incident.number} Mail is down",
            "Search for “mail”",
        ]
        assert offered["Search for “mail”"] == "/search/?q=mail"

    def test_tells_nothing_of_what_one_may_not_see(self, omar: User, incident: Incident) -> None:
        for text in ("mail", incident.number):
            assert list(asked(omar, text, incident.url)) == [f"Search for “{text}”"]

    def test_takes_whatever_is_typed_as_text(self, sam: User) -> None:
        for text in ("<b>", "\x00", "((", "%", "x" * 500, "INC-99999999999999999999"):
            asked(sam, text)
        assert "<b>" not in browser_of(sam).get("/palette/?q=<b>").content.decode()

    def test_costs_the_same_whatever_is_found(self, sam: User, incident: Incident) -> None:
        client = browser_of(sam)
        client.get("/palette/?q=mail")
        with CaptureQueriesContext(connection) as made:
            client.get("/palette/?q=mail")
        assert len(made) == QUERIES


class TestKeysOfVerbs:
    def test_stand_on_the_buttons_that_can_be_pressed(self, sam: User, incident: Incident) -> None:
        page = browser_of(sam).get(incident.url).content.decode()
        assert re.search(r'/classify/"[^>]*aria-keyshortcuts="l"', page)
        assert 'aria-keyshortcuts="h"' not in page  # neither to be held nor to be resumed now
