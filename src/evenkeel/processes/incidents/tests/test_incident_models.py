"""Incident models: drafted, approved, recognised in an incident, chosen, reviewed, retired."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.models import Entry, Task
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.processes.incidents import jobs, queries
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import incident_model as models
from evenkeel.processes.incidents.actions import prepared
from evenkeel.processes.incidents.models import Incident, IncidentModel
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
STEPS = "Look which users write most\nAsk them to archive\nRaise the quota by 10 %"
TERMS: dict[str, Any] = {
    "words": "quota, disk full",
    "steps": STEPS,
    "set_category": "Storage / Quota",
    "set_impact": 3,
    "set_urgency": 2,
}


@pytest.fixture
def olga() -> User:
    """The process owner."""
    return holder("olga", RoleType.PROCESS_OWNER, full_name="Olga Orsini")


@pytest.fixture
def team() -> Team:
    known = {"number": "TEAM-1", "of_kind": "team", "title": "Storage team", "state": "active"}
    return Team.objects.create(**known)


@pytest.fixture
def mail() -> Any:
    """A service, whichever process keeps services."""
    known = {"number": "SRV-1", "of_kind": "service", "title": "Storage", "state": "live"}
    return kinds()["service"].objects.create(**known)


def model(sam: User, mona: User, title: str = "Disk quota is used up", **terms: Any) -> Any:
    """A model in force, drafted by the one and approved by the other."""
    fields = {name: terms.pop(name) for name in ("service", "review_on") if name in terms}
    made = models.record(IncidentModel(), by=sam, title=title, **fields)
    models.draft(made, by=sam, **TERMS | terms)
    return models.approve(made, by=mona)


def report(by: User, title: str, **fields: Any) -> Any:
    return incidents.record(Incident(), by=by, title=title, **fields)


def known(incident: Any, sam: User) -> list[str]:
    return [found.number for found, _ in queries.recognised(incident, sam)]


class TestIncidentModel:
    def test_is_used_by_nobody_before_it_is_approved(
        self, sam: User, rita: User, incident: Incident
    ) -> None:
        made = models.record(IncidentModel(), by=sam, title="Disk quota is used up")
        models.draft(made, by=sam, **TERMS)
        assert (made.state, made.case_owner, made.requester) == ("draft", sam, None)
        assert known(report(rita, "Over quota"), sam) == []
        with pytest.raises(Invalid, match="is not in force"):
            incidents.choose_model(incident, by=sam, incident_model=made)

    def test_is_approved_by_somebody_else_than_who_drafted_it(
        self, sam: User, mona: User, olga: User
    ) -> None:
        made = models.record(IncidentModel(), by=mona, title="Disk quota is used up")
        models.draft(made, by=mona, **TERMS)
        with pytest.raises(Denied):
            models.approve(made, by=sam)
        with pytest.raises(Invalid, match="somebody else approves it"):
            models.approve(made, by=mona)
        made = models.approve(made, by=olga)
        version = made.versions.get()
        assert (made.state, version.standing, version.approved_by) == ("in_force", "in_force", olga)
        assert made.review_on == timezone.localdate() + timedelta(days=365)

    def test_keeps_every_version_and_goes_on_from_the_last(
        self, sam: User, mona: User, olga: User
    ) -> None:
        made = model(sam, mona)
        begun = made.begun("draft")
        assert (begun["words"], begun["steps"]) == ("quota, disk full", STEPS)
        models.draft(made, by=mona, **{**begun, "steps": "Call the user"}, because="Quicker")
        assert made.in_force().number == 1
        models.approve(made, by=olga)
        standings = [one.standing for one in made.versions.order_by("number")]
        assert standings == ["superseded", "in_force"]
        assert made.in_force().steps == ["Call the user"]

    def test_names_impact_and_urgency_together(self, sam: User) -> None:
        made = models.record(IncidentModel(), by=sam, title="Half")
        with pytest.raises(Invalid, match="or neither"):
            models.draft(made, by=sam, **TERMS | {"set_urgency": None})


class TestRecognition:
    def test_goes_by_what_is_written_wherever_nothing_speaks_against_it(
        self, sam: User, mona: User, rita: User, mail: Any
    ) -> None:
        made = model(sam, mona, service=mail, category="Storage")
        assert known(report(rita, "My QUOTA is over"), sam) == [made.number]
        assert known(report(rita, "Odd", description="disk full again", service=mail), sam)
        assert known(report(rita, "Mail is slow", service=mail), sam) == []
        other = kinds()["service"].objects.create(
            number="SRV-2", of_kind="service", title="Mail", state="live"
        )
        assert known(report(rita, "Over quota", service=other), sam) == []
        sorted_away = incidents.classify(report(rita, "Over quota"), by=sam, category="Mail")
        assert known(sorted_away, sam) == []
        within = incidents.classify(report(rita, "Over quota"), by=sam, category="Storage / Quota")
        assert known(within, sam) == [made.number]

    def test_puts_first_what_fits_best(self, sam: User, mona: User, rita: User, mail: Any) -> None:
        loose = model(sam, mona, "Any quota")
        close = model(sam, mona, "Quota of the storage", service=mail)
        assert known(report(rita, "Quota", service=mail), sam) == [close.number, loose.number]

    def test_is_shown_on_the_incident_at_no_cost_to_its_page(
        self, sam: User, mona: User, rita: User, desk: Client
    ) -> None:
        made = model(sam, mona)
        incident = report(rita, "Over quota")
        desk.get(incident.url)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(incident.url).content.decode()
        assert len(asked) <= 9
        assert f'hx-get="{incident.url}later/models/"' in page
        panel = desk.get(f"{incident.url}later/models/").content.decode()
        assert made.title in panel
        assert "it speaks of “quota”" in panel
        sent = {"incident_model": made.number, "version": incident.version}
        desk.post(f"{incident.url}choose_model/", sent)
        assert Incident.objects.get(pk=incident.pk).incident_model == made
        assert desk.get(f"{incident.url}later/models/").content == b""

    def test_is_nothing_for_the_requester(
        self, sam: User, mona: User, rita: User, desk: Client
    ) -> None:
        made = model(sam, mona)
        incident = report(rita, "Over quota")
        browser = browser_of(rita)
        assert browser.get(f"{incident.url}later/models/").content == b""
        incidents.choose_model(incident, by=sam, incident_model=made)
        assert made.title in desk.get(incident.url).content.decode()
        assert made.title not in browser.get(incident.url).content.decode()
        assert desk.get(f"{incident.url}later/else/").status_code == 404


class TestChoosing:
    @pytest.mark.row("ISRM-26")
    def test_fills_in_what_is_open_and_makes_the_steps_a_task(
        self, sam: User, mona: User, rita: User, team: Team
    ) -> None:
        made = model(sam, mona, set_team=team)
        incident = report(rita, "Over quota")
        incidents.choose_model(incident, by=sam, incident_model=made)
        found = Incident.objects.get(pk=incident.pk)
        assert (found.state, found.category) == ("classified", "Storage / Quota")
        assert (found.impact, found.urgency, found.team_id) == (3, 2, team.pk)
        assert found.priority
        task = Task.objects.get(record=incident)
        assert task.title == made.title
        assert [step.text for step in task.steps.order_by("position")] == STEPS.splitlines()
        cited = {"incident_model": made.number, "version": 1, "tasks": [task.pk]}
        told = {"text": "Sam Sorel chose it: it speaks of “quota”.", **cited}
        filled = {"category": "Storage / Quota", "impact": 3, "urgency": 2, "team_id": team.pk}
        assert found.model_because == {**told, "filled": filled}
        assert Entry.objects.get(verb="incidents.choose_model").given.items() >= cited.items()
        solved = incidents.resolve(found, by=sam, solution="Raised it")
        with pytest.raises(Invalid, match="One task is still open"):
            incidents.close(solved, by=rita)
        for step in task.steps.all():
            registry["incidents.tick_step"](found, by=sam, step=step.pk)
        registry["incidents.complete_task"](found, by=sam, task=task.pk)

    def test_leaves_what_was_decided_by_hand(
        self, sam: User, mona: User, rita: User, team: Team
    ) -> None:
        made = model(sam, mona, set_team=team)
        incident = incidents.classify(report(rita, "Over quota"), by=sam, category="Storage")
        incident = incidents.prioritise(incident, by=sam, impact=4, urgency=4)
        incident = incidents.choose_model(incident, by=sam, incident_model=made)
        assert (incident.category, incident.impact, incident.urgency) == ("Storage", 4, 4)

    def test_of_another_takes_back_the_steps_of_the_first(
        self, sam: User, mona: User, rita: User
    ) -> None:
        first = model(sam, mona)
        second = model(sam, mona, "Archive instead", steps="Archive")
        incident = report(rita, "Over quota")
        incident = incidents.choose_model(incident, by=sam, incident_model=first)
        with pytest.raises(Invalid, match="already"):
            incidents.choose_model(incident, by=sam, incident_model=first)
        incidents.choose_model(incident, by=sam, incident_model=second)
        assert [task.title for task in Task.objects.filter(record=incident)] == ["Archive instead"]

    def test_of_another_replaces_what_the_first_filled_in_and_nothing_decided_by_hand(
        self, sam: User, mona: User, rita: User, team: Team
    ) -> None:
        wrong = model(sam, mona, "Login fails", set_category="Access / Login", set_team=team)
        right = model(sam, mona, set_impact=4, set_urgency=4)
        incident = report(rita, "Over quota")
        incidents.choose_model(incident, by=sam, incident_model=wrong)
        incidents.choose_model(incident, by=sam, incident_model=right)
        found = Incident.objects.get(pk=incident.pk)
        assert (found.category, found.impact, found.urgency) == ("Storage / Quota", 4, 4)
        assert found.team_id == team.pk  # the other model names none
        other = report(rita, "Over quota again")
        incidents.choose_model(other, by=sam, incident_model=wrong)
        other = incidents.prioritise(other, by=sam, impact=2, urgency=2)
        other = incidents.classify(other, by=sam, category="Mail")
        incidents.choose_model(other, by=sam, incident_model=right)
        found = Incident.objects.get(pk=other.pk)
        assert (found.category, found.impact, found.urgency) == ("Mail", 2, 2)

    def test_is_counted(self, sam: User, mona: User, rita: User, desk: Client) -> None:
        made = model(sam, mona)
        for _ in range(2):
            incidents.choose_model(report(rita, "Quota"), by=sam, incident_model=made)
        found = IncidentModel.objects.get(pk=made.pk)
        assert (found.uses, bool(found.used_at)) == (2, True)
        page = re.sub(r"<[^>]+>|\s+", " ", desk.get(made.url).content.decode())
        assert re.search(r"In 90 days\s+2 ", page)
        assert "/incidents/?incident_model=" in desk.get(made.url).content.decode()
        listed = desk.get(f"/incidents/?incident_model={made.number}").content.decode()
        assert listed.count('href="/incidents/INC-') >= 2


class TestReview:
    def test_is_due_when_its_day_has_come_and_its_owner_is_told(
        self, sam: User, mona: User, olga: User
    ) -> None:
        made = model(sam, mona)
        known: Any = IncidentModel.objects.filter(pk=made.pk)
        known.update(review_on=timezone.localdate())
        jobs.flag_models()
        made = IncidentModel.objects.get(pk=made.pk)
        assert (made.state, made.review_because) == ("review", prepared.OVERDUE)
        jobs.flag_models()
        assert Entry.objects.filter(record=made, verb__endswith="flag_for_review").count() == 1
        made = models.review(made, by=olga, finding="Still right.")
        assert (made.state, made.review_because) == ("in_force", "")
        assert made.review_on > timezone.localdate()

    def test_leaves_it_in_use(self, sam: User, mona: User, rita: User) -> None:
        made = model(sam, mona)
        models.flag_for_review(made, by=sam, reason="The known error is gone.")
        incident = report(rita, "Over quota")
        incident = incidents.choose_model(incident, by=sam, incident_model=made)
        assert incident.incident_model == made

    def test_shows_every_reason_once(self, sam: User, mona: User, desk: Client) -> None:
        made = model(sam, mona)
        models.flag_for_review(made, by=sam, reason="One.")
        made = models.flag_for_review(made, by=mona, reason="Two.")
        with pytest.raises(Invalid, match="already"):
            models.flag_for_review(made, by=sam, reason="Two.")
        assert "One. Two." in desk.get(made.url).content.decode()
        assert made.number in desk.get("/incident_models/?state=review").content.decode()

    def test_is_a_new_version_where_it_does_not_hold(self, sam: User, mona: User) -> None:
        made = model(sam, mona)
        models.flag_for_review(made, by=sam, reason="One.")
        models.draft(made, by=sam, **TERMS)
        with pytest.raises(Invalid, match="approve or discard"):
            models.review(made, by=mona, finding="Fine")
        with pytest.raises(Invalid, match="discard it first"):
            models.retire(made, by=mona, reason="Gone")
        made = models.approve(made, by=mona)
        assert (made.state, made.review_because) == ("in_force", "")

    def test_ends_with_it(self, sam: User, mona: User, rita: User) -> None:
        made = model(sam, mona)
        models.hand_over(made, by=mona, owner=sam)
        with pytest.raises(Invalid, match="does not work in ISRM"):
            models.hand_over(made, by=mona, owner=rita)
        made = models.retire(made, by=mona, reason="The disks are gone.")
        incident = report(rita, "Over quota")
        assert known(incident, sam) == []
        with pytest.raises(Invalid, match="not in force"):
            incidents.choose_model(incident, by=sam, incident_model=made)
