"""People and their accounts, teams and organisations: what their verbs do and refuse."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from evenkeel.core.directory.actions import organisation, person, role, team
from evenkeel.core.directory.models import Organisation, Person, Role, Team
from evenkeel.core.directory.tests.conftest import again, give, someone
from evenkeel.core.people.models import ApiToken, RoleType, User
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.testing.parties import party

SECRET = "correct horse battery"


class TestPerson:
    def test_gets_an_account_that_cannot_sign_in_before_a_password(
        self, max_: User, rita: User
    ) -> None:
        assert not rita.has_usable_password()
        person.set_password(rita.person, by=max_, password=SECRET)
        assert authenticate(username="RITA", password=SECRET) == rita

    def test_keeps_a_password_out_of_the_evidence(self, max_: User, rita: User) -> None:
        person.set_password(rita.person, by=max_, password=SECRET)
        entry = Entry.objects.get(verb="people.set_password")
        assert SECRET not in f"{entry.given}{entry.difference}"
        assert again(rita).password not in f"{entry.given}{entry.difference}"

    def test_is_refused_a_weak_password_with_the_reason(self, max_: User, rita: User) -> None:
        with pytest.raises(Invalid, match="needs 12 or more"):
            person.set_password(rita.person, by=max_, password="rita")

    @pytest.mark.parametrize("login", ["rita", "Rita", " rita ", ""])
    def test_needs_a_login_of_their_own(self, max_: User, rita: User, login: str) -> None:
        with pytest.raises(Invalid) as refused:
            person.record(
                Person(), by=max_, title="Rita the second", login=login, organisation=party()
            )
        assert set(refused.value.errors) == {"login"}

    def test_is_called_alike_in_directory_and_account(self, max_: User, rita: User) -> None:
        works_at = organisation.record(Organisation(), by=max_, title="Hub", part="federator")
        edited = registry["people.edit"](
            rita.person, by=max_, title="Rita Ruiz", email="r@x.example", organisation=works_at
        )
        account = again(rita)
        assert (account.full_name, account.email) == ("Rita Ruiz", "r@x.example")
        assert account.organisation_id == edited.organisation_id == works_at.pk

    def test_who_is_suspended_cannot_sign_in_and_their_tokens_are_dead(
        self, max_: User, rita: User
    ) -> None:
        person.set_password(rita.person, by=max_, password=SECRET)
        token = ApiToken.objects.create(
            person=rita, title="x", digest=b"1", expires_at=timezone.now() + timedelta(days=1)
        )
        person.suspend(rita.person, by=max_, reason="Lost laptop")
        token.refresh_from_db()
        assert authenticate(username="rita", password=SECRET) is None
        assert token.revoked_at is not None
        person.admit(rita.person, by=max_)
        token.refresh_from_db()
        assert authenticate(username="rita", password=SECRET) == rita
        assert token.revoked_at is not None

    def test_who_leaves_holds_no_role_and_works_in_no_team(self, max_: User, rita: User) -> None:
        give(rita, RoleType.PROCESS_MANAGER, "CHM")
        desk = team.record(Team(), by=max_, title="Desk")
        team.admit(desk, by=max_, person=rita)
        gone = person.retire(rita.person, by=max_, reason="Another employer")
        assert (gone.state, gone.is_open) == ("left", False)
        assert not rita.assignments.not_ended(timezone.now()).exists()
        assert not rita.memberships.exists()
        manager = Role.objects.get(role_type="process_manager", context="CHM")
        assert manager.entries.filter(verb="roles.end_assignment").exists()

    def test_does_not_shut_themselves_out(self, max_: User) -> None:
        with pytest.raises(Invalid, match="ask someone else"):
            person.suspend(max_.person, by=max_, reason="?")

    @pytest.mark.parametrize("verb", ["set_password", "suspend", "edit", "retire"])
    def test_who_owns_the_sms_is_not_touched_by_its_manager(
        self, olga: User, max_: User, verb: str
    ) -> None:
        answer = registry[f"people.{verb}"].may(max_, olga.person)
        assert not answer
        assert answer.reason == (
            "Only the SMS owner, or for other people the SMS manager, can do this."
        )
        assert registry[f"people.{verb}"].may(olga, max_.person)

    def test_is_known_to_colleagues_and_to_those_with_a_role_only(
        self, max_: User, rita: User
    ) -> None:
        here = organisation.record(Organisation(), by=max_, title="Here", part="customer")
        there = organisation.record(Organisation(), by=max_, title="There", part="customer")
        carl, dora = someone("carl", organisation=here), someone("dora", organisation=here)
        eric = someone("eric", organisation=there)
        people: Any = Person.objects
        seen = {
            user.username: {one.user.username for one in people.visible_to(user)}
            for user in (carl, eric, rita)
        }
        assert seen == {"carl": {"carl", "dora"}, "eric": {"eric"}, "rita": {"rita"}}
        assert Person.objects.visible_to(again(max_)).count() == Person.objects.count()
        assert dora.person in Person.objects.visible_to(carl)


class TestOrganisation:
    def test_plays_a_part_in_a_federation(self, max_: User) -> None:
        parts = ["federator", "member", "member", "member"]
        for number, part in enumerate(parts):
            organisation.record(Organisation(), by=max_, title=f"Party {number}", part=part)
        found: Any = Organisation.objects.filter(title__startswith="Party").order_by("title")
        assert [one.part for one in found] == parts

    def test_is_not_retired_while_its_people_may_sign_in(self, max_: User) -> None:
        hub = organisation.record(Organisation(), by=max_, title="Hub", part="federator")
        carl = someone("carl", organisation=hub)
        with pytest.raises(Invalid, match="1 of its people"):
            organisation.retire(hub, by=max_, reason="Merged")
        person.suspend(carl.person, by=max_, reason="Merged")
        assert organisation.retire(hub, by=max_, reason="Merged").state == "retired"

    def test_is_not_for_everybody_to_record(self, rita: User) -> None:
        with pytest.raises(Denied, match="the SMS owner or the SMS manager"):
            organisation.record(Organisation(), by=rita, title="Mine", part="supplier")


class TestTeam:
    def test_takes_people_in_and_lets_them_go(self, max_: User, rita: User) -> None:
        desk = team.record(Team(), by=max_, title="Desk")
        team.admit(desk, by=max_, person=rita)
        assert again(rita).rights.teams == {desk.pk}
        with pytest.raises(Invalid, match="already"):
            team.admit(desk, by=max_, person=rita)
        team.dismiss(desk, by=max_, person=rita)
        assert again(rita).rights.teams == frozenset()
        with pytest.raises(Invalid, match="does not work"):
            team.dismiss(desk, by=max_, person=rita)

    def test_is_not_retired_while_work_waits_for_it(self, max_: User, rita: User) -> None:
        desk = team.record(Team(), by=max_, title="Desk")
        waiting = Role.objects.get(role_type="sms_owner")
        Role.objects.filter(pk=waiting.pk).update(team=desk)
        with pytest.raises(Invalid, match="1 open records wait"):
            team.retire(desk, by=max_, reason="?")
        Role.objects.filter(pk=waiting.pk).update(team=None)
        team.admit(desk, by=max_, person=rita)
        assert team.retire(desk, by=max_, reason="Merged").state == "retired"
        assert again(rita).rights.teams == frozenset()


class TestStanding:
    def test_survives_the_retirement_of_a_deputy(self, max_: User, rita: User) -> None:
        manager = Role.objects.get(role_type="process_manager", context="CHM")
        dora = someone("dora")
        role.assign(manager, by=max_, person=rita, deputy=dora)
        person.retire(dora.person, by=max_, reason="Left")
        assert manager.standing is Role.Standing.IMPLEMENTED
        assert manager.assignments.get().deputy is None
