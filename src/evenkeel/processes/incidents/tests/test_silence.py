"""What presses is acknowledged by somebody, or the next level hears of it (PR9.3, ISRM-10)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.notices import jobs
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import escalation
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import silence
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import holder
from evenkeel.processes.incidents.tests.test_prioritise import approve

pytestmark = pytest.mark.django_db
LEVELS = [
    {"to": "process_manager", "silence": 10},
    {"to": "process_owner", "silence": 20},
    {"to": "sms_owner"},
]


@pytest.fixture
def olga(mona: User) -> User:
    """The process owner, who has put the levels in force."""
    owner = holder("olga", RoleType.PROCESS_OWNER, full_name="Olga Orlova")
    approve(escalation.NAME, owner, hierarchical=LEVELS)
    return owner


@pytest.fixture
def pressing(incident: Incident, sam: User, olga: User) -> Any:
    """P1 since this moment."""
    return incidents.prioritise(incident, by=sam, impact=1, urgency=1)


def later(minutes: float) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def reached(case: Incident) -> list[str]:
    found = case.entries.filter(verb="incidents.escalate_silence").order_by("position")
    return [f"{one.given['to']}: {one.given['because']}" for one in found]


class TestSilence:
    def test_takes_it_up_level_by_level_once_each(
        self, pressing: Incident, mona: User, olga: User
    ) -> None:
        assert silence.escalate_all(later(9)) == 0
        assert [silence.escalate_all(later(11)), silence.escalate_all(later(12))] == [1, 0]
        assert [silence.escalate_all(later(21)), silence.escalate_all(later(500))] == [1, 0]
        assert reached(pressing) == [
            "process manager: nobody has acknowledged it within 10 minutes",
            "process owner: nobody has acknowledged it within 20 minutes",
        ]
        last = pressing.entries.latest("position")
        jobs.spread(entry=last.pk)
        assert Notice.objects.filter(entry=last, recipient=olga).exists()
        assert first_fault(Incident.objects.get(pk=pressing.pk)) is None

    def test_ends_when_somebody_acknowledges(
        self, pressing: Incident, sam: User, desk: Client
    ) -> None:
        assert "Nobody has acknowledged it" in desk.get(pressing.url).content.decode()
        done: Any = incidents.acknowledge(pressing, by=sam)
        assert (done.acknowledged_by, silence.escalate_all(later(60))) == (sam, 0)
        assert "Nobody has acknowledged it" not in desk.get(pressing.url).content.decode()
        assert not incidents.acknowledge.may(sam, done)

    @pytest.mark.parametrize("ends", ["prioritise", "resolve"])
    def test_ends_when_it_presses_no_more(self, pressing: Incident, sam: User, ends: str) -> None:
        if ends == "prioritise":
            incidents.prioritise(pressing, by=sam, impact=4, urgency=4)
        else:
            incidents.dismiss_major(pressing, by=sam, reason="A rehearsal")
            incidents.classify(pressing, by=sam, category="Mail")
            incidents.resolve(pressing, by=sam, solution="Restarted")
        assert silence.escalate_all(later(60)) == 0

    def test_begins_anew_when_it_presses_again(self, pressing: Incident, sam: User) -> None:
        incidents.acknowledge(pressing, by=sam)
        incidents.prioritise(pressing, by=sam, impact=4, urgency=4)
        again: Any = incidents.prioritise(pressing, by=sam, impact=1, urgency=1)
        assert again.acknowledged_at is None
        assert silence.escalate_all(later(11)) == 1

    def test_of_what_does_not_press_concerns_nobody(
        self, incident: Incident, sam: User, olga: User
    ) -> None:
        calm = incidents.prioritise(incident, by=sam, impact=4, urgency=4)
        assert silence.escalate_all(later(60)) == 0
        assert not incidents.acknowledge.may(sam, calm)
        with pytest.raises(Invalid, match="still time"):
            incidents.escalate_silence(calm, by=User.objects.the_sms())

    def test_is_not_ended_by_its_user(self, pressing: Incident, rita: User) -> None:
        with pytest.raises(Denied):
            incidents.acknowledge(pressing, by=rita)
