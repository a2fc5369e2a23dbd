"""The user hears when work begins; a case recorded for somebody is of their organisation."""

from typing import Any

import pytest

from evenkeel.core.notices import jobs
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import User
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.actions import contact as contacts
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Contact, Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def heard(person: User, incident: Incident) -> bool:
    entry = incident.entries.latest("position")
    jobs.spread(entry=entry.pk)
    return Notice.objects.filter(entry=entry, recipient=person).exists()


class TestWorkBegins:
    def test_and_the_user_is_told_and_reads_it_in_the_portal(
        self, incident: Incident, rita: User, sam: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        begun = incidents.assign(incident, by=sam, case_owner=sam)
        assert begun.state == "in_progress"
        assert heard(rita, begun)
        page = browser_of(rita).get(f"/portal/cases/{incident.number}/").content.decode()
        assert "began to work on it" in page

    def test_and_is_told_once_not_when_it_changes_hands(
        self, incident: Incident, rita: User, sam: User, mona: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam)
        moved = incidents.assign(incident, by=mona, case_owner=mona, reason="Sam is ill")
        assert not heard(rita, moved)
        said = Api(rita).get(f"/api/incidents/{incident.number}/entries").content
        assert b"Sam is ill" not in said

    def test_without_what_was_said_inside(self, incident: Incident, rita: User, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam, reason="She shouts")
        said = Api(rita).get(f"/api/incidents/{incident.number}/entries").content
        assert b"She shouts" not in said
        assert b"incidents.assign" in said


class TestTheOrganisation:
    def test_is_that_of_whoever_asks(self, mona: User, sam: User, rita: User) -> None:
        hers = User.objects.create_user("hers", organisation=party("Her institute"))
        made = incidents.record(Incident(), by=sam, title="No mail", requester=hers)
        assert made.organisation == party("Her institute")
        call = contacts.record(Contact(), by=sam, title="A call", requester=hers)
        assert call.organisation == party("Her institute")

    def test_stays_what_was_named(self, mona: User, sam: User) -> None:
        hers = User.objects.create_user("hers", organisation=party("Her institute"))
        other = party("Another", "customer")
        named: dict[str, Any] = {"requester": hers, "organisation": other}
        made = incidents.record(Incident(), by=sam, title="No mail", **named)
        assert made.organisation == other
