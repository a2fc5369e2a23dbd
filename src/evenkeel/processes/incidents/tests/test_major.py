"""A major incident: proposed by approved criteria, confirmed by a person, coordinated, locked."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.clocks.models import Clock
from evenkeel.core.notices import jobs as notices
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.models import Entry, Record, Task
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents import jobs
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import major
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
Major = Incident.Major


@pytest.fixture
def olga() -> User:
    """The process owner."""
    return holder("olga", RoleType.PROCESS_OWNER, full_name="Olga Orsini")


@pytest.fixture
def grave(incident: Incident, sam: User) -> Incident:
    """An incident that meets a criterion: work has stopped widely."""
    incidents.classify(incident, by=sam, category="Mail")
    done: Incident = incidents.prioritise(incident, by=sam, impact=1, urgency=1)
    return done


@pytest.fixture
def declared(grave: Incident, sam: User) -> Incident:
    done: Incident = incidents.declare_major(grave, by=sam)
    return done


def last(record: Record) -> Entry:
    return Entry.objects.filter(record=record).latest("position")


def page(client: Client, record: Record) -> str:
    return " ".join(client.get(record.url).content.decode().split())


def scheme() -> Scheme:
    found: Scheme = Scheme.objects.get(scheme_kind="major_incidents", context="ISRM")
    return found


class TestCheck:
    @pytest.mark.row("ISRM-32", "R-17")
    def test_leaves_its_answer_in_every_entry_that_says_how_grave_it_is(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        said = last(incident).given
        assert said["major_check"]["met"] == []
        assert said["also"]["Major incident check"].startswith("done: no, it meets no criterion")
        assert "done: no, it meets no criterion" in page(desk, incident)
        incidents.prioritise(incident, by=sam, impact=1, urgency=1)
        assert last(incident).given["major_check"]["met"] == ["Work has stopped widely"]

    @pytest.mark.row("ISRM-13")
    def test_asks_in_the_header_and_is_not_dismissed_without_a_reason(
        self, grave: Incident, sam: User, desk: Client
    ) -> None:
        assert grave.major == Major.PROPOSED
        assert "<b>Major?</b> It meets: Work has stopped widely" in page(desk, grave)
        answer = desk.post(f"{grave.url}dismiss_major/", {"reason": " "})
        assert answer.status_code == 422
        with pytest.raises(Denied, match="declare it one first, or dismiss that"):
            incidents.resolve(grave, by=sam, solution="Restarted it.")
        incidents.dismiss_major(grave, by=sam, reason="Only the test system.")
        incidents.resolve(grave, by=sam, solution="Restarted it.")
        grave.refresh_from_db()
        assert (grave.state, grave.major) == ("resolved", Major.DISMISSED)

    def test_asks_again_only_where_it_meets_another_criterion(
        self, grave: Incident, sam: User
    ) -> None:
        incidents.dismiss_major(grave, by=sam, reason="Only the test system.")
        same = incidents.prioritise(grave, by=sam, impact=1, urgency=1)
        assert same.major == Major.DISMISSED
        other = incidents.classify(grave, by=sam, category="Security")
        assert other.major == Major.PROPOSED
        assert "Grave breach of security" in other.major_because["criteria"]

    def test_stays_a_question_when_the_facts_are_made_smaller(
        self, grave: Incident, sam: User
    ) -> None:
        smaller = incidents.prioritise(grave, by=sam, impact=4, urgency=4)
        assert smaller.major == Major.PROPOSED

    @pytest.mark.row("ISRM-13")
    def test_counts_what_joins(self, incident: Incident, sam: User, olga: User) -> None:
        self._approve(olga, fact="users", value="3")
        incident = incidents.classify(incident, by=sam, category="Mail")
        for number in range(2):
            user = User.objects.create_user(f"user{number}")
            report = incidents.record(Incident(), by=user, title="No mail")
            incidents.join_parent(report, by=sam, parent=incident)
            said = last(report).given["also"]
            answer = "yes, “Several users”" if number else "no, it meets no criterion"
            assert answer in said["Major incident check of INC-1"]
        incident.refresh_from_db()
        assert incident.major == Major.PROPOSED
        assert last(incident).verb == "incidents.propose_major"

    def test_does_not_ask_of_a_part(self, grave: Incident, omar: User, sam: User) -> None:
        report = incidents.record(Incident(), by=omar, title="No mail")
        report = incidents.join_parent(report, by=sam, parent=grave)
        report = incidents.prioritise(report, by=sam, impact=1, urgency=1)
        assert report.major == Major.NO

    def test_warns_of_criteria_that_nothing_can_meet(self, mona: User) -> None:
        content = self._content(fact="category", value="Post")
        schemes.draft(scheme(), by=mona, content=content)
        page = browser_of(mona).get(scheme().url).content.decode()
        assert "there is no category “Post”." in page
        schemes.draft(scheme(), by=mona, content=self._content(fact="category", value="Mail"))
        assert "there is no category" not in browser_of(mona).get(scheme().url).content.decode()

    @pytest.mark.row("ISRM-24", "R-17")
    def test_uses_no_criteria_that_nobody_approved(
        self, incident: Incident, sam: User, mona: User, olga: User
    ) -> None:
        content = self._content(fact="category", value="Mail")
        schemes.draft(scheme(), by=mona, content=content)
        told = incidents.classify(incident, by=sam, category="Mail")
        assert told.major == Major.NO
        assert last(incident).given["major_check"]["version"] == 1
        with pytest.raises(Denied):
            schemes.approve(scheme(), by=mona)
        schemes.approve(scheme(), by=olga)
        told = incidents.classify(incident, by=sam, category="Mail")
        assert (told.major, told.major_because["version"]) == (Major.PROPOSED, 2)

    def _approve(self, olga: User, **condition: str) -> None:
        schemes.draft(scheme(), by=olga, content=self._content(**condition))
        schemes.approve(scheme(), by=olga)

    def _content(self, **condition: str) -> dict[str, Any]:
        criteria = [{"name": "Several users", "conditions": [condition]}]
        return {**scheme().versions.get(number=1).content, "criteria": criteria}


class TestDeclaring:
    @pytest.mark.row("ISRM-36")
    def test_says_in_the_header_who_when_and_by_which_criteria(
        self, declared: Incident, desk: Client, rita: User
    ) -> None:
        assert declared.declared_at
        when = timezone.localtime(declared.declared_at).strftime("%-d %b %Y, %H:%M")
        shown = page(desk, declared)
        assert f"<b>Major incident</b> since {when}, declared by Sam Sorel" in shown
        assert "Criteria met: Work has stopped widely." in shown
        assert "declared by" not in page(browser_of(rita), declared)

    def test_needs_a_reason_where_it_meets_no_criterion(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        with pytest.raises(Invalid, match="say why it is major"):
            incidents.declare_major(incident, by=sam)
        incidents.declare_major(incident, by=sam, reason="The director's mail.")
        assert "No criterion met: The director's mail." in page(desk, incident).replace(
            "&#39;", "'"
        )

    @pytest.mark.row("ISRM-25")
    def test_makes_tasks_of_the_procedure(self, declared: Incident, mona: User) -> None:
        tasks = list(Task.objects.filter(record=declared).order_by("pk"))
        rules = scheme().versions.get().read
        assert [task.title for task in tasks] == [step.name for step in rules.procedure]
        assert tasks[-1].title == "Review"
        first = [step.text for step in tasks[0].steps.order_by("position")]
        assert first == rules.procedure[0].steps
        assert declared.declared_at
        assert tasks[0].due_at == declared.declared_at + timedelta(minutes=15)
        incidents.name_coordinator(declared, by=mona, coordinator=mona, reason="At night.")
        assert {t.assigned_to for t in Task.objects.filter(record=declared)} == {mona}

    @pytest.mark.row("ISRM-38", "R-19")
    def test_locks_the_priority_at_the_highest(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        incidents.declare_major(incident, by=sam, reason="It spreads.")
        incident.refresh_from_db()
        assert incident.priority == 1
        with pytest.raises(Denied, match="It is P1 for as long as it is a major incident"):
            incidents.prioritise(incident, by=sam, impact=4, urgency=4)
        assert "It is P1 for as long as" in page(desk, incident)  # beside the button
        incidents.classify(incident, by=sam, category="Network")
        incident.refresh_from_db()
        assert (incident.priority, incident.category) == (1, "Network")
        assert "Major incidents are P1" in page(desk, incident)

    @pytest.mark.row("ISRM-38")
    def test_is_neither_cancelled_nor_made_a_part_of_another(
        self, declared: Incident, omar: User, sam: User, mona: User
    ) -> None:
        other = incidents.record(Incident(), by=omar, title="No mail")
        other = incidents.classify(other, by=sam, category="Mail")
        with pytest.raises(Denied, match="let the other one join it"):
            incidents.join_parent(declared, by=sam, parent=other)
        with pytest.raises(Denied, match="stand it down first"):
            incidents.cancel(declared, by=mona, reason="A test.")

    def test_takes_the_targets_of_major_incidents(self, grave: Incident, sam: User) -> None:
        assert self._target(grave) == {"response": 3600, "resolution": 4 * 3600}
        incidents.declare_major(grave, by=sam)
        assert self._target(grave) == {"response": 1800, "resolution": 4 * 3600}

    @pytest.mark.row("R-19")
    def test_is_stood_down_by_the_manager_with_a_reason(
        self, incident: Incident, sam: User, mona: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        incidents.declare_major(incident, by=sam, reason="It spreads.")
        with pytest.raises(Denied):
            incidents.stand_down(incident, by=sam, reason="It does not.")
        answer = browser_of(mona).post(f"{incident.url}stand_down/", {"reason": " "})
        assert answer.status_code == 422
        incidents.stand_down(incident, by=mona, reason="It does not.")
        incident.refresh_from_db()
        assert (incident.major, incident.priority) == (Major.STOOD_DOWN, 4)
        assert not Task.objects.filter(record=incident).exists()
        assert last(incident).given["dropped"][0] == "Take the lead"
        assert self._target(incident)["response"] == 16 * 3600

    def _target(self, incident: Incident) -> dict[str, int | None]:
        return {clock.kind: clock.target for clock in Clock.objects.filter(record=incident)}


class TestCoordinator:
    @pytest.mark.row("ISRM-37", "R-18")
    def test_is_missed_after_a_quarter_of_an_hour_and_the_owner_told_once(
        self, declared: Incident, olga: User
    ) -> None:
        assert declared.declared_at
        assert major.tell_missing(declared.declared_at + timedelta(minutes=14)) == 0
        assert self._told(declared, olga) == []
        after = declared.declared_at + timedelta(minutes=15)
        assert [major.tell_missing(after), major.tell_missing(after)] == [1, 0]
        assert self._told(declared, olga) == ["told"]

    @pytest.mark.row("ISRM-37", "R-18")
    def test_is_not_the_one_who_repairs_but_for_a_reason(
        self, declared: Incident, sam: User, mona: User, olga: User, desk: Client
    ) -> None:
        incidents.assign(declared, by=mona, case_owner=sam)
        with pytest.raises(Invalid, match="owns the case and would lead as well as repair"):
            incidents.name_coordinator(declared, by=olga, coordinator=sam)
        why = "Nobody else is up."
        done = incidents.name_coordinator(declared, by=olga, coordinator=sam, reason=why)
        assert done.remark.startswith("Sam Sorel owns the case and will lead as well as repair;")
        assert "who owns the case and repairs it, too" in page(desk, declared)
        incidents.name_coordinator(declared, by=olga, coordinator=mona)
        assert self._told(declared, mona)[-1] == "told"
        assert "Coordinator: <b>Mona Moen</b>" in page(desk, declared)
        late = timezone.now() + timedelta(hours=1)
        assert major.tell_missing(late) == 0

    def test_is_warned_of_a_task_and_of_becoming_the_owner(
        self, declared: Incident, sam: User, mona: User, olga: User
    ) -> None:
        incidents.assign(declared, by=mona, case_owner=mona)
        registry["incidents.add_task"](declared, by=mona, task="Restart it", assigned_to=sam)
        with pytest.raises(Invalid, match="Sam Sorel has tasks of it"):
            incidents.name_coordinator(declared, by=olga, coordinator=sam)
        incidents.name_coordinator(declared, by=olga, coordinator=sam, reason="At night.")
        with pytest.raises(Invalid):
            incidents.assign(declared, by=mona, case_owner=sam)
        done = incidents.assign(declared, by=mona, case_owner=sam, reason="Knows the disks.")
        assert done.remark.startswith("Sam Sorel coordinates the major incident and will repair")

    def test_holds_a_role_of_the_process(self, declared: Incident, sam: User, omar: User) -> None:
        with pytest.raises(Invalid, match="holds no role in ISRM"):
            incidents.name_coordinator(declared, by=sam, coordinator=omar)

    def test_is_looked_for_by_a_job(self, declared: Incident, olga: User) -> None:
        started: Any = Incident.objects.filter(pk=declared.pk)
        started.update(coordinator_by=timezone.now())
        jobs.tell_missing_coordinators()
        assert last(declared).verb == "incidents.miss_coordinator"

    def _told(self, incident: Incident, who: User) -> list[str]:
        for entry in Entry.objects.filter(record=incident).order_by("position"):
            notices.spread(entry=entry.pk)
        found = Notice.objects.filter(record=incident, recipient=who).order_by("pk")
        return [one.told_as for one in found]


class TestSurfaces:
    def test_refuse_what_the_page_refuses(self, declared: Incident, sam: User) -> None:
        action = registry["incidents.declare_major"]
        with pytest.raises(Denied, match="It is a major incident already"):
            action(declared, by=sam, **action.clean({}, by=sam))

    def test_list_major_incidents(self, declared: Incident, desk: Client) -> None:
        shown = desk.get("/incidents/?major=declared").content.decode()
        assert declared.number in shown
        assert declared.number not in desk.get("/incidents/?major=proposed").content.decode()
