"""Places on the page of an incident for processes that come later; empty, they cost nothing."""

from collections.abc import Iterator

import pytest
from django.test import Client

from evenkeel.core.people.models import User
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.queries import seams
from evenkeel.processes.incidents.queries.seams import SEAMS, Found
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def known_error(incident: Incident, reader: User) -> Iterator[Found]:
    """As a process that keeps known errors would answer."""
    for number in range(seams.MOST + 1):
        yield Found(f"KE-{number}", f"{incident.title}: known", f"/known_errors/KE-{number}/")


class TestAPlace:
    def test_is_not_even_asked_for_while_no_process_fills_it(
        self, incident: Incident, desk: Client
    ) -> None:
        page = desk.get(incident.url).content.decode()
        assert not [one.name for one in SEAMS if f"later/{one.name}/" in page]
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

    def test_is_none_of_the_users_business(
        self, incident: Incident, rita: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(seams.CHANGES.__dict__, "finders", [known_error])
        answer = browser_of(rita).get(f"{incident.url}later/changes/")
        assert b"KE-" not in answer.content
