"""What the verbs of an incident do, refuse and leave behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import Denied, Invalid, Stale, registry
from evenkeel.core.web.screen import screens
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Incident, ServiceRequest

pytestmark = pytest.mark.django_db


def holder(login: str, role_type: RoleType) -> User:
    """An account that holds a role of ISRM since yesterday."""
    user = User.objects.create_user(login)
    role, _ = Role.objects.get_or_create(
        role_type=role_type,
        context="ISRM",
        defaults={"number": f"ROLE-{role_type}", "of_kind": "role", "title": role_type.label},
    )
    RoleAssignment.objects.create(
        role=role, person=user, starts_at=timezone.now() - timedelta(days=1)
    )
    return user


@pytest.fixture
def rita() -> User:
    """The requester."""
    return User.objects.create_user("rita")


@pytest.fixture
def sam() -> User:
    """A member of process staff."""
    return holder("sam", RoleType.PROCESS_STAFF)


@pytest.fixture
def mona() -> User:
    """The process manager."""
    return holder("mona", RoleType.PROCESS_MANAGER)


@pytest.fixture
def omar() -> User:
    """Someone who has nothing to do with it."""
    return User.objects.create_user("omar")


@pytest.fixture
def incident(mona: User, rita: User) -> Incident:
    return recorded(rita)


def recorded(by: User, **fields: Any) -> Incident:
    made: Incident = incidents.record(Incident(), by=by, **{"title": "Mail is down", **fields})
    return made


class TestIncident:
    @pytest.mark.row("ROLE-33")
    def test_is_new_numbered_and_owned_by_the_manager_when_recorded(
        self, incident: Incident, mona: User
    ) -> None:
        assert (incident.number, incident.state) == ("INC-1", "new")
        assert incident.case_owner == mona

    def test_goes_from_recording_to_closure(
        self, incident: Incident, sam: User, rita: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam)
        incidents.put_on_hold(incident, by=sam, hold_reason=Incident.HoldReason.USER)
        incidents.resume(incident, by=sam)
        incidents.resolve(incident, by=sam, solution="Restarted the queue")
        closed = incidents.close(incident, by=rita)
        assert (closed.state, closed.is_open) == ("closed", False)
        assert closed.closed_at is not None
        assert closed.restored_at is not None

    def test_is_not_resolved_by_an_outsider_who_is_told_why(
        self, incident: Incident, sam: User, omar: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        with pytest.raises(Denied, match="Only the case owner or the process staff"):
            incidents.resolve(incident, by=omar, solution="?")

    def test_is_not_resolved_while_new(self, incident: Incident, sam: User) -> None:
        with pytest.raises(Denied, match="Not possible while it is new"):
            incidents.resolve(incident, by=sam, solution="?")

    @pytest.mark.row("ISRM-05")
    def test_does_not_leave_new_without_a_category(self, incident: Incident, sam: User) -> None:
        with pytest.raises(Invalid) as refused:
            incidents.classify(incident, by=sam, category="")
        assert refused.value.errors == {"category": ["Needed before it can be classified."]}
        incident.refresh_from_db()
        assert incident.state == "new"

    def test_is_not_overwritten_from_a_stale_version(self, incident: Incident, sam: User) -> None:
        registry["incidents.edit"](incident, by=sam, title="Mail is slow", expected_version=1)
        with pytest.raises(Stale, match="version 1, it is now version 2"):
            registry["incidents.edit"](incident, by=sam, title="Mail is gone", expected_version=1)
        incident.refresh_from_db()
        assert incident.title == "Mail is slow"

    def test_is_not_made_stale_by_a_comment(
        self, incident: Incident, rita: User, sam: User
    ) -> None:
        registry["incidents.comment"](incident, by=rita, text="Any news?")
        assert (
            registry["incidents.edit"](incident, by=sam, title="Mail", expected_version=1).version
            == 2
        )

    def test_is_not_restored_before_it_began(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        early = incident.recorded_at - timedelta(minutes=1)
        with pytest.raises(Invalid, match="between its beginning and now"):
            incidents.resolve(incident, by=sam, solution="x", restored_at=early)

    def test_keeps_its_number_when_reopened(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.resolve(incident, by=sam, solution="x")
        again = incidents.reopen(incident, by=sam, reason="It is back")
        assert (again.number, again.state, again.resolved_at) == ("INC-1", "in_progress", None)

    def test_is_escalated_functionally_only_to_a_team(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        with pytest.raises(Invalid, match="goes to a team"):
            incidents.escalate(incident, by=sam, kind="functional", reason="Deeper skills")

    @pytest.mark.row("ROLE-32", "ISRM-48")
    def test_is_not_in_progress_without_a_case_owner(self, rita: User, sam: User) -> None:
        unowned = recorded(rita)  # there is no process manager to own it
        assert unowned.case_owner is None
        incidents.classify(unowned, by=sam, category="Mail")
        registry["incidents.put_on_hold"](unowned, by=sam, hold_reason="user")
        with pytest.raises(Invalid) as refused:
            incidents.resume(unowned, by=sam)
        assert refused.value.errors == {"case_owner": ["Needed before it can be in progress."]}

    @pytest.mark.row("ROLE-32", "ISRM-48")
    def test_changes_its_owner_with_a_reason_that_is_kept(
        self, incident: Incident, sam: User, mona: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam)
        with pytest.raises(Invalid, match="sam owns this case; say why"):
            incidents.assign(incident, by=sam, case_owner=mona)
        taken = incidents.assign(incident, by=sam, case_owner=mona, reason="On leave")
        assert taken.case_owner == mona
        assert incident.entries.order_by("-position")[0].given == {"reason": "On leave"}

    @pytest.mark.row("ROLE-32")
    def test_shows_its_owner_to_the_requester_and_is_escalated_by_the_owner(
        self, incident: Incident, rita: User, omar: User, sam: User, mona: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=omar)
        assert screens["incidents"].as_dict(incident, rita)["case_owner"] == "mona"
        incident.refresh_from_db()
        assert screens["incidents"].as_dict(incident, rita)["case_owner"] == "omar"
        up = incidents.escalate(
            incident, by=omar, kind="hierarchical", reason="Needs a decision", case_owner=mona
        )
        assert up.case_owner == mona

    @pytest.mark.row("ROLE-34")
    def test_offers_staff_only_what_staff_may_do(
        self, incident: Incident, sam: User, mona: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        worked_on = incidents.assign(incident, by=sam, case_owner=mona)

        def offered(user: User) -> set[str]:
            verbs = ("cancel", "resolve", "note", "comment")
            return {verb for verb in verbs if registry[f"incidents.{verb}"].may(user, worked_on)}

        assert offered(sam) == {"resolve", "note", "comment"}
        assert offered(mona) == {"cancel", "resolve", "note", "comment"}


class TestNumber:
    def test_is_given_back_by_a_rollback(self, incident: Incident, rita: User) -> None:
        with transaction.atomic():
            recorded(rita)
            transaction.set_rollback(True)
        assert recorded(rita).number == "INC-2"


class TestEntry:
    @pytest.mark.row("R-79")
    def test_tells_who_did_what_and_what_changed(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        entry = Entry.objects.get(verb="incidents.classify")
        assert entry.actor == sam
        assert entry.difference == {"state": ["new", "classified"], "category": ["", "Mail"]}

    @pytest.mark.row("R-79")
    def test_cannot_be_edited_or_deleted_by_python(self, incident: Incident) -> None:
        entry = incident.entries.get()
        with pytest.raises(TypeError, match="never edited"):
            entry.save()
        with pytest.raises(TypeError, match="never deleted"):
            entry.delete()

    @pytest.mark.row("R-79")
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE core_entry SET verb = 'x'",
            "DELETE FROM core_entry",
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE core_entry CASCADE",
        ],
    )
    def test_cannot_be_changed_by_sql(self, incident: Incident, statement: str) -> None:
        with (
            pytest.raises(DatabaseError, match="Entries are evidence"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert incident.entries.count() == 1


class TestVisibility:
    def test_is_the_same_for_list_and_record(
        self, incident: Incident, rita: User, sam: User, omar: User
    ) -> None:
        seen = {
            user.username: Incident.objects.visible_to(user).count() for user in (rita, sam, omar)
        }
        assert seen == {"rita": 1, "sam": 1, "omar": 0}

    def test_ends_with_the_role(self, incident: Incident, sam: User) -> None:
        RoleAssignment.objects.filter(person=sam).update(ends_at=timezone.now())
        again = User.objects.get(pk=sam.pk)
        assert Incident.objects.visible_to(again).count() == 0
        with pytest.raises(Denied):
            incidents.classify(incident, by=again, category="Mail")


class TestServiceRequest:
    def test_is_fulfilled_not_resolved(self, mona: User, rita: User, sam: User) -> None:
        request = requests.record(ServiceRequest(), by=rita, title="More quota", wish="access")
        requests.classify(request, by=sam, category="Storage")
        done = requests.fulfil(request, by=sam, solution="Quota raised to 2 TB")
        assert (done.number, done.state) == ("REQ-1", "fulfilled")
        assert "service_requests.resolve" not in registry
