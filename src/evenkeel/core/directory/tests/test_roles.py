"""What a role is, when it is implemented, and what its assignments give and take."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.directory.actions import person, role
from evenkeel.core.directory.models import Role
from evenkeel.core.directory.tests.conftest import YESTERDAY, again, give, someone
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.people.rights import Rights
from evenkeel.core.records.models import Task
from evenkeel.core.rules import Denied, Invalid, registry

Standing = Role.Standing


def the(role_type: RoleType, context: str = "SMS") -> Role:
    return Role.objects.get(role_type=role_type, context=context)


@pytest.mark.usefixtures("roles")
class TestStarterRoles:
    @pytest.mark.row("ROLE-03")
    def test_address_the_sms_and_have_a_definition(self) -> None:
        general = Role.objects.filter(context="SMS").values_list("title", flat=True)
        assert {"SMS owner", "SMS manager", "Documentation officer"} <= set(general)
        assert not Role.objects.filter(definition="").exists()

    @pytest.mark.row("ROLE-04")
    def test_are_four_common_ones_for_each_process(self) -> None:
        for context in ("ISRM", "CHM"):
            common: list[Any] = list(Role.objects.filter(context=context))
            types = sorted(one.role_type for one in common)
            assert types == ["case_owner", "process_manager", "process_owner",
                             "process_staff"]  # fmt: skip


class TestRole:
    @pytest.mark.row("ROLE-01")
    def test_has_context_definition_and_a_named_holder_with_dates_and_deputy(
        self, max_: User, rita: User
    ) -> None:
        until = timezone.now() + timedelta(days=30)
        staff = the(RoleType.PROCESS_STAFF, "ISRM")
        role.assign(staff, by=max_, person=rita, deputy=max_, ends_at=until)
        held = RoleAssignment.objects.get(role=staff)
        assert (staff.context, "Carry out tasks" in staff.definition) == ("ISRM", True)
        assert (held.person, held.deputy, held.ends_at) == (rita, max_, until)
        assert held.nominated_by == max_

    @pytest.mark.row("ROLE-02")
    def test_is_unassigned_the_minute_its_assignment_ends_and_the_nominator_hears(
        self, max_: User, rita: User
    ) -> None:
        manager = the(RoleType.PROCESS_MANAGER, "CHM")
        stood = [manager.standing]
        role.assign(manager, by=max_, person=rita)
        stood.append(manager.standing)
        role.end_assignment(manager, by=max_, person=rita)
        stood.append(manager.standing)
        assert stood == [Standing.UNASSIGNED, Standing.IMPLEMENTED, Standing.UNASSIGNED]
        assert Task.objects.get(record=manager, done_at=None).assigned_to == max_
        role.assign(manager, by=max_, person=rita)
        assert not Task.objects.filter(record=manager, done_at=None).exists()

    @pytest.mark.row("ROLE-02")
    def test_is_not_implemented_without_a_definition(self, max_: User, rita: User) -> None:
        manager = give_manager_of_chm(max_, rita)
        registry["roles.edit"](manager, by=max_, definition="")
        manager.refresh_from_db()
        assert manager.standing is Standing.UNDEFINED

    def test_announces_an_assignment_that_will_end(self, olga: User, rita: User) -> None:
        until = timezone.now() + timedelta(days=3)
        manager = the(RoleType.PROCESS_MANAGER, "CHM")
        role.assign(manager, by=User.objects.the_sms(), person=rita, ends_at=until)
        task = Task.objects.get(record=manager)
        assert (task.assigned_to, task.due_at) == (olga, until)

    @pytest.mark.row("ROLE-03")
    def test_of_an_own_type_can_take_a_task_of_another(self, max_: User) -> None:
        line = "Manage the risks of the service management system"
        risks = role.record(
            Role(),
            by=max_,
            title="SMS risk manager",
            role_type=RoleType.OTHER,
            context="sms",
            definition=line,
        )
        manager = role.delegate(the(RoleType.SMS_MANAGER), by=max_, task=line, to=risks)
        assert dict(manager.duties)[line] == risks.number
        taken_back = role.take_back(manager, by=max_, task=line)
        assert dict(taken_back.duties)[line] == ""

    def test_delegates_no_task_that_it_does_not_have(self, max_: User) -> None:
        with pytest.raises(Invalid, match="no such line"):
            role.delegate(
                the(RoleType.SMS_MANAGER), by=max_, task="Sing", to=the(RoleType.SMS_OWNER)
            )

    def test_of_one_type_is_recorded_once_for_a_process(self, max_: User) -> None:
        with pytest.raises(Invalid, match="is this role already"):
            role.record(
                Role(),
                by=max_,
                title="Another",
                role_type=RoleType.PROCESS_MANAGER,
                context="CHM",
            )

    def test_that_is_retired_gives_no_rights(self, max_: User, rita: User) -> None:
        manager = give_manager_of_chm(max_, rita)
        role.retire(manager, by=max_, reason="The process is given up")
        assert again(rita).rights.roles == frozenset()


class TestAssignment:
    @pytest.mark.row("ROLE-04", "R-69")
    def test_of_a_second_process_manager_is_refused_but_a_deputy_is_not(
        self, max_: User, rita: User
    ) -> None:
        manager = give_manager_of_chm(max_, rita)
        with pytest.raises(Invalid, match="Rita holds this role"):
            role.assign(manager, by=max_, person=max_)
        role.end_assignment(manager, by=max_, person=rita)
        role.assign(manager, by=max_, person=max_, deputy=rita)
        assert again(rita).rights.hold("process_manager", "CHM")

    @pytest.mark.row("R-69")
    def test_of_a_second_process_owner_is_refused(self, max_: User, rita: User) -> None:
        owner = the(RoleType.PROCESS_OWNER, "CHM")
        role.assign(owner, by=max_, person=rita)
        with pytest.raises(Invalid, match="Rita holds this role"):
            role.assign(owner, by=max_, person=max_)

    @pytest.mark.row("ROLE-04")
    def test_as_process_staff_is_for_many(self, max_: User, rita: User) -> None:
        for login in (rita, max_):
            give(login, RoleType.PROCESS_STAFF, "ISRM")
        assert the(RoleType.PROCESS_STAFF, "ISRM").assignments.count() == 2

    @pytest.mark.row("ROLE-04", "R-69")
    def test_of_a_case_owner_is_made_on_the_case(self, max_: User, rita: User) -> None:
        with pytest.raises(Invalid, match="named on each case"):
            role.assign(the(RoleType.CASE_OWNER, "CHM"), by=max_, person=rita)

    @pytest.mark.row("ROLE-11")
    def test_of_the_sms_owner_to_a_process_is_no_conflict(self, olga: User) -> None:
        owner = give(olga, RoleType.PROCESS_OWNER, "CHM")
        assert owner.rights.hold("sms_owner", "SMS")
        assert owner.rights.hold("process_owner", "CHM")

    def test_of_a_successor_may_begin_when_the_other_ends(self, max_: User, rita: User) -> None:
        now = timezone.now()
        manager, tomorrow = the(RoleType.PROCESS_MANAGER, "CHM"), now + timedelta(days=1)
        role.assign(manager, by=max_, person=rita, ends_at=tomorrow)
        with pytest.raises(Invalid, match="holds this role"):
            role.assign(manager, by=max_, person=max_, starts_at=now + timedelta(hours=23))
        role.assign(manager, by=max_, person=max_, starts_at=tomorrow)
        assert not again(max_).rights.hold("process_manager", "CHM")
        later = Rights.of(max_, at=tomorrow)
        assert later.hold("process_manager", "CHM")
        assert not Rights.of(rita, at=tomorrow).hold("process_manager", "CHM")

    def test_is_refused_where_it_ends_before_it_begins(self, max_: User, rita: User) -> None:
        with pytest.raises(Invalid, match="ends before"):
            role.assign(the(RoleType.PROCESS_STAFF, "CHM"), by=max_, person=rita, ends_at=YESTERDAY)

    def test_that_was_to_begin_never_begins_once_it_is_ended(self, max_: User, rita: User) -> None:
        staff, tomorrow = the(RoleType.PROCESS_STAFF, "CHM"), timezone.now() + timedelta(days=1)
        role.assign(staff, by=max_, person=rita, starts_at=tomorrow)
        role.end_assignment(staff, by=max_, person=rita)
        assert Rights.of(rita, at=tomorrow).roles == frozenset()

    def test_of_the_sms_owner_is_not_for_the_sms_manager(self, max_: User) -> None:
        with pytest.raises(Denied, match="for other roles the SMS manager"):
            role.assign(the(RoleType.SMS_OWNER), by=max_, person=max_)


class TestRights:
    def test_end_with_the_assignment_for_holder_and_deputy(self, max_: User, rita: User) -> None:
        deputy = someone("dora")
        staff = the(RoleType.PROCESS_STAFF, "ISRM")
        before = timezone.now()
        role.assign(staff, by=max_, at=before, person=rita, deputy=deputy)
        ended = before + timedelta(hours=1)
        role.end_assignment(staff, by=max_, at=ended, person=rita)
        for user in (rita, deputy):
            assert Rights.of(user, at=before).hold("process_staff", "ISRM")
            assert Rights.of(user, at=ended - timedelta(seconds=1)).roles
            assert not Rights.of(user, at=ended).roles

    def test_are_none_while_suspended(self, max_: User, rita: User) -> None:
        give(rita, RoleType.PROCESS_STAFF, "ISRM")
        person.suspend(rita.person, by=max_, reason="Long leave")
        assert again(rita).rights.roles == frozenset()
        assert the(RoleType.PROCESS_STAFF, "ISRM").standing is Standing.UNASSIGNED


def give_manager_of_chm(by: User, to: User) -> Role:
    manager = the(RoleType.PROCESS_MANAGER, "CHM")
    role.assign(manager, by=by, person=to)
    return manager
