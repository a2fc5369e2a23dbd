"""A workaround that works makes an incident less urgent, and changes nothing of its impact."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.notices import jobs, wording
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
HELPS = "Use the web mail meanwhile."


@pytest.fixture
def hampered(incident: Incident, sam: User) -> Incident:
    """Impact 2, urgency 2: P2."""
    incidents.classify(incident, by=sam, category="Mail")
    done: Incident = incidents.prioritise(incident, by=sam, impact=2, urgency=2)
    return done


class TestAWorkaround:
    @pytest.mark.row("R-07")
    def test_proposes_a_lower_urgency_and_keeps_the_impact(
        self, hampered: Incident, sam: User, desk: Client
    ) -> None:
        form = desk.get(f"{hampered.url}apply_workaround/").content.decode()
        assert '<option value="3" selected>' in form
        sent = {"workaround": HELPS, "urgency": "3", "version": str(hampered.version)}
        desk.post(f"{hampered.url}apply_workaround/", sent)
        found = Incident.objects.get(pk=hampered.pk)
        assert (found.workaround, found.impact, found.urgency) == (HELPS, 2, 3)
        assert found.priority == 3
        assert found.priority_because["text"] == "Impact 2 and urgency 3 give P3."
        entry = found.entries.latest("position")
        assert "impact" not in entry.difference
        assert "major_check" in entry.given

    def test_lowers_nothing_where_it_is_said_to_help_too_little(
        self, hampered: Incident, sam: User
    ) -> None:
        for urgency in (None, 2):
            done = incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=urgency)
            assert (done.urgency, done.priority) == (2, 2)

    def test_proposes_no_second_step(self, hampered: Incident, sam: User, desk: Client) -> None:
        incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=3)
        form = desk.get(f"{hampered.url}apply_workaround/").content.decode()
        assert '<option value="3" selected>' in form
        assert HELPS in form

    def test_keeps_a_priority_that_was_set_by_hand(self, hampered: Incident, sam: User) -> None:
        known: dict[str, Any] = {"impact": 2, "urgency": 2, "priority": 1}
        incidents.prioritise(hampered, by=sam, **known, reason="The review panel waits")
        done = incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=3)
        assert (done.urgency, done.priority, done.priority_because["computed"]) == (3, 1, 3)
        assert "P1 stays, set by hand: The review panel waits" in done.priority_because["text"]
        assert done.priority_because["override"]["priority"] == 1

    def test_is_refused_where_it_cannot_be(
        self, hampered: Incident, sam: User, rita: User, mona: User
    ) -> None:
        with pytest.raises(Invalid, match="makes nothing more urgent"):
            incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=1)
        with pytest.raises(Invalid, match="goes from 1 to 4"):
            incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=9)
        with pytest.raises(Denied):
            incidents.apply_workaround(hampered, by=rita, workaround=HELPS)
        new = incidents.record(Incident(), by=sam, title="Mail again")
        with pytest.raises(Invalid, match="prioritise the incident first"):
            incidents.apply_workaround(new, by=sam, workaround=HELPS, urgency=3)
        incidents.declare_major(hampered, by=mona, reason="Everybody waits")
        with pytest.raises(Invalid, match="highest priority"):
            incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=3)

    def test_is_told_to_whoever_reported_it(
        self, hampered: Incident, sam: User, rita: User
    ) -> None:
        done = incidents.apply_workaround(hampered, by=sam, workaround=HELPS, urgency=3)
        portal = browser_of(rita).get(f"/portal/cases/{hampered.number}/").content.decode()
        assert "told you what helps meanwhile" in portal
        assert HELPS in portal
        jobs.spread(entry=done.entries.latest("position").pk)
        (heard,) = wording.said(wording.newest(rita, 1))
        assert heard.quoted == HELPS
