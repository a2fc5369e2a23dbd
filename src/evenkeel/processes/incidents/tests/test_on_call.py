"""Who is on duty is called for what presses, before it goes up the levels (PR9.3, ISRM-08)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.directory.actions import rota, team
from evenkeel.core.directory.models import Person, Team
from evenkeel.core.notices import jobs
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import escalation
from evenkeel.processes.incidents import jobs as timed
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import silence
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import holder
from evenkeel.processes.incidents.tests.test_prioritise import approve
from evenkeel.processes.incidents.tests.test_silence import LEVELS, later

pytestmark = pytest.mark.django_db
BEGUN = timezone.now().date() - timedelta(days=3)


@pytest.fixture
def nils() -> User:
    return holder("nils", RoleType.PROCESS_STAFF, full_name="Nils Aune", email="n@desk.example")


@pytest.fixture
def emi() -> User:
    return holder("emi", RoleType.PROCESS_STAFF, full_name="Emi Sato", email="e@desk.example")


@pytest.fixture
def night(nils: User, emi: User, mona: User) -> Team:
    """A team on whose rota stands Nils first and Emi behind; the levels are in force."""
    owner = holder("olga", RoleType.PROCESS_OWNER, full_name="Olga Orlova")
    approve(escalation.NAME, owner, hierarchical=LEVELS)
    sms = User.objects.the_sms()
    made: Any = team.record(Team(), by=sms, title="Night watch")
    for layer, one in ((1, nils), (2, emi)):
        team.admit(made, by=sms, person=one)
        rota.plan_duty(made, by=sms, layer=layer, people=one.username, begins=BEGUN, zone="UTC")
    return Team.objects.get(pk=made.pk)


@pytest.fixture
def pressing(incident: Incident, night: Team, sam: User) -> Any:
    """P1, with that team, since this moment; nobody has been called yet."""
    incidents.assign(incident, by=sam, team=night)
    return incidents.prioritise(incident, by=sam, impact=1, urgency=1)


def said(case: Incident) -> list[str]:
    """Who was called or told, in order."""
    verbs = ("incidents.call_on_duty", "incidents.escalate_silence")
    found = case.entries.filter(verb__in=verbs).order_by("position")
    return [f"{one.given.get('who') or one.given['to']}: {one.given['because']}" for one in found]


def test_first_layer_is_called_at_once_then_the_next_then_the_levels(pressing: Incident) -> None:
    timed.call_on_duty(kind="incident", case=pressing.pk)
    timed.call_on_duty(kind="incident", case=pressing.pk)  # a job may run twice
    assert said(pressing) == ["Nils Aune: it is P1"]
    assert [silence.escalate_all(later(m)) for m in (9, 11, 12)] == [0, 1, 0]
    assert [silence.escalate_all(later(m)) for m in (19, 21, 22)] == [0, 1, 0]
    assert said(pressing)[1:] == [
        "Emi Sato: it is P1, and nobody has acknowledged it within 10 minutes",
        "process manager: nobody has acknowledged it within 10 minutes",
    ]
    assert first_fault(Incident.objects.get(pk=pressing.pk)) is None


def test_who_is_called_hears_at_once_also_in_quiet_hours_and_without_mails_at_once(
    pressing: Incident, nils: User, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    wishes: dict[str, Any] = {"mail_notices": "daily", "quiet_from": 0, "quiet_until": 23}
    person, _ = Person.objects.get_or_create(user=nils, defaults={"number": "PER-900"})
    Person.objects.filter(pk=person.pk).update(**wishes)
    timed.call_on_duty(kind="incident", case=pressing.pk)
    entry = pressing.entries.get(verb="incidents.call_on_duty")
    jobs.spread(entry=entry.pk)
    notice = Notice.objects.get(entry=entry, recipient=nils)
    assert notice.mail == Notice.Mail.WAITING
    assert notice.mail_due_at is not None
    assert notice.mail_due_at <= timezone.now()


def test_nobody_is_called_once_somebody_acknowledges(pressing: Incident, nils: User) -> None:
    timed.call_on_duty(kind="incident", case=pressing.pk)
    incidents.acknowledge(pressing, by=nils)
    assert silence.escalate_all(later(60)) == 0


def test_a_layer_in_which_nobody_is_there_is_passed_over_at_once(
    pressing: Incident, night: Team, nils: User
) -> None:
    team.dismiss(night, by=User.objects.the_sms(), person=nils)
    timed.call_on_duty(kind="incident", case=pressing.pk)
    assert said(pressing) == ["Emi Sato: it is P1"]


def test_another_team_calls_its_own_people(pressing: Incident, sam: User) -> None:
    timed.call_on_duty(kind="incident", case=pressing.pk)
    other = team.record(Team(), by=User.objects.the_sms(), title="Without a rota")
    moved: Any = incidents.assign(pressing, by=sam, team=other, reason="Theirs")
    assert (moved.called_layer, moved.called_since) == (0, None)
    assert silence.escalate_all(later(11)) == 1
    assert said(pressing)[-1].startswith("process manager: ")


def test_what_monitoring_opened_presses_where_its_team_has_a_rota(
    sam: User, night: Team, incident: Incident
) -> None:
    seen: Any = incidents.record(Incident(), by=sam, title="Disk full", channel="monitoring")
    assert seen.presses_since is None
    opened: Any = incidents.assign(seen, by=sam, team=night)
    assert opened.presses_since is not None
    timed.call_on_duty(kind="incident", case=opened.pk)
    assert said(opened) == ["Nils Aune: monitoring opened it"]
    assert silence.escalate_all(later(11)) == 1


def test_nobody_calls_by_hand_or_without_a_reason(incident: Incident, sam: User) -> None:
    with pytest.raises(Denied):
        incidents.call_on_duty(incident, by=sam)
    with pytest.raises(Invalid, match="Nobody is to be called"):
        incidents.call_on_duty(incident, by=User.objects.the_sms())
