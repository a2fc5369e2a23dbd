"""The pages of the kernel's own kinds: roles, teams, people, organisations."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Organisation, Person, Role, Team
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.rules import registry
from evenkeel.core.testing.parties import party
from evenkeel.core.web import tones
from evenkeel.core.web.screen import screens
from evenkeel.core.web.verbs import bar

pytestmark = pytest.mark.django_db
KINDS = ("roles", "teams", "people", "organisations", "imports", "schemes")
INTAKES = sorted(c for c in screens if f"{c}.record" in registry)


@pytest.fixture
def sana() -> User:
    """The SMS owner."""
    user = User.objects.create_user("sana", full_name="Sana Sund")
    role = Role.objects.get(role_type="sms_owner")
    RoleAssignment.objects.create(role=role, person=user, starts_at=timezone.now())
    return user


@pytest.fixture
def office(client: Client, sana: User) -> Client:
    client.force_login(sana)
    return client


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    body = response.content.decode().split("<main", 1)[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def take_in(office: Client) -> None:
    """Nils, by the form."""
    known = {"title": "Nils Aune", "login": "nils", "organisation": party().number}
    assert office.post("/people/record/", known).status_code == 302


class TestEveryKindOfTheKernel:
    @pytest.mark.parametrize("collection", KINDS)
    def test_has_a_list_and_stands_in_the_rail(self, office: Client, collection: str) -> None:
        assert collection in screens
        response = office.get(f"/{collection}/")
        assert response.status_code == 200
        assert f'<a href="/{collection}/"' in response.content.decode()

    @pytest.mark.parametrize("collection", KINDS[:4])
    def test_is_recorded_from_a_form(self, office: Client, collection: str) -> None:
        assert "Name" in read(office, f"/{collection}/record/")

    def test_is_not_recorded_by_those_who_may_not(self, client: Client) -> None:
        client.force_login(User.objects.create_user("omar"))
        barred = client.get("/roles/record/")
        assert barred.status_code == 403
        assert "<form method" not in barred.content.decode().split("<main", 1)[1]
        assert client.post("/roles/record/", {"title": "x"}).status_code == 403


class TestEveryIntake:
    @pytest.mark.parametrize("collection", INTAKES)
    def test_opens_for_those_who_may_and_says_so_to_others(
        self, office: Client, collection: str
    ) -> None:
        action = registry[f"{collection}.record"]
        answer = office.get(f"/{collection}/record/")
        sana = User.objects.get(username="sana")
        may = action.may(sana, action.model(requester=sana))
        assert answer.status_code == (200 if may else 403)


class TestTheRail:
    def test_names_no_list_that_is_empty_for_good(self, client: Client) -> None:
        client.force_login(User.objects.create_user("omar"))
        text = client.get("/roles/").content.decode()
        assert '<a href="/roles/"' in text
        assert '<a href="/imports/"' not in text


class TestRolePage:
    @pytest.mark.row("ROLE-01")
    def test_shows_who_holds_the_role_and_what_it_is_for(self, office: Client) -> None:
        role = Role.objects.get(role_type="sms_owner")
        text = read(office, role.url)
        assert "Context SMS" in text
        assert "Holders Implemented Sana Sund from" in text
        assert role.definition.splitlines()[0] in text

    def test_gives_the_role_to_someone(self, office: Client) -> None:
        User.objects.create_user("tomas", full_name="Tomas Rehn")
        role = Role.objects.get(role_type="sms_manager")
        office.post(f"{role.url}assign/", {"person": "Tomas Rehn (tomas)"})
        assert "Tomas Rehn from" in read(office, role.url)


class TestTeamPage:
    def test_shows_who_works_in_the_team(self, office: Client, sana: User) -> None:
        team = registry["teams.record"](Team(), by=sana, title="Storage team", level=2)
        office.post(f"{team.url}admit/", {"person": "sana"})
        assert "Members Sana Sund" in read(office, team.url)


class TestPersonPage:
    def test_shows_login_roles_and_teams(self, office: Client, sana: User) -> None:
        take_in(office)
        person = Person.objects.get()
        team = registry["teams.record"](Team(), by=sana, title="Storage team")
        registry["teams.admit"](team, by=sana, person=person.user)
        text = read(office, person.url)
        assert "Login nils" in text
        assert "Storage team" in text

    def test_never_offers_to_shut_someone_out_as_the_next_step(
        self, office: Client, sana: User
    ) -> None:
        take_in(office)
        offered = bar(Person.objects.get(), sana)
        assert offered.primary is None
        assert "suspend" in [button.verb for button in offered.more]

    def test_asks_for_the_title_of_a_token_and_not_for_the_name_of_its_owner(
        self, office: Client
    ) -> None:
        take_in(office)
        text = office.get(f"{Person.objects.get().url}revoke_token/").content.decode()
        assert 'name="title" type="text" value=""' in text

    def test_is_filtered_by_a_short_word_that_stays_in_capitals(self, office: Client) -> None:
        text = office.get("/people/").content.decode()
        assert "VIP" in text
        assert "Vip" not in text

    def test_shows_who_is_active_as_what_is_as_it_should_be(self) -> None:
        assert tones.state("person", "active") == ("Active", "done")
        assert tones.state("person", "suspended")[1] != "done"

    def test_never_shows_a_password_again(self, office: Client) -> None:
        take_in(office)
        person = Person.objects.get()
        address = f"{person.url}set_password/"
        assert 'type="password" value=""' in office.get(address).content.decode()
        refused = office.post(address, {"password": "hunter2"})
        assert refused.status_code == 422
        assert "hunter2" not in refused.content.decode()
        office.post(address, {"password": "three-herons-7"})
        assert "herons" not in office.get(person.url).content.decode()


class TestAgreementPage:
    def test_never_offers_to_end_it_as_the_next_step(self, sana: User) -> None:
        agreement = screens["agreements"].model.objects.get(state="in_force")
        offered = bar(agreement, sana)
        assert offered.primary is None or offered.primary.verb != "end"
        assert "end" in [button.verb for button in offered.more]

    def test_offers_nothing_to_be_done_to_a_draft_that_there_is_not(self) -> None:
        sms = User.objects.the_sms()
        agreement: Any = screens["agreements"].model.objects.get(state="in_force")
        why = {button.verb: button.why_not for button in bar(agreement, sms).more}
        assert why["discard"] == "Nothing is drafted."
        agreement.versions.update(standing="draft")
        why = {button.verb: button.why_not for button in bar(agreement, sms).others}
        assert why["discard"] == ""


class TestOrganisationPage:
    def test_shows_its_people(self, office: Client, sana: User) -> None:
        made = registry["organisations.record"](
            Organisation(), by=sana, title="Aurelia", part="provider"
        )
        office.post(
            "/people/record/",
            {"title": "Nils Aune", "login": "nils", "organisation": made.number},
        )
        assert "People PER-1 Nils Aune" in read(office, made.url)
