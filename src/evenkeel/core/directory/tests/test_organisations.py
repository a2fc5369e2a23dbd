"""Organisations: which part they play, to whom they belong, and when they may go (BASE-07)."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.directory.actions import organisation
from evenkeel.core.directory.models import Organisation, Person
from evenkeel.core.directory.tests.conftest import give, someone
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.parties import party

pytestmark = pytest.mark.django_db
MEMBERS = ("North", "South", "West")


def made(by: User, title: str, part: str, **fields: Any) -> Organisation:
    known: Organisation = organisation.record(
        Organisation(), by=by, title=title, part=part, **fields
    )
    return known


@pytest.fixture
def hub(max_: User) -> Organisation:
    """The federator, with three members."""
    hub = made(max_, "Hub", "federator")
    for title in MEMBERS:
        made(max_, title, "member", part_of=hub)
    return hub


def incident(title: str, about: Organisation) -> Any:
    kind = kinds()["incident"]
    sms = User.objects.the_sms()
    return registry["incidents.record"](kind(), by=sms, title=title, organisation=about)


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address, follow=True).content.decode()


class TestAFederation:
    def test_has_a_federator_and_members_that_belong_to_it(
        self, max_: User, hub: Organisation
    ) -> None:
        assert sorted(one.title for one in hub.parts.all()) == sorted(MEMBERS)
        shown = page(max_, hub.url)
        assert "Belongs to it" in shown
        assert all(title in shown for title in MEMBERS)

    @pytest.mark.parametrize("surface", ["page", "api"])
    def test_has_its_incidents_filtered_by_organisation(
        self, hub: Organisation, surface: str
    ) -> None:
        parties = [hub, *hub.parts.all()]
        for one in parties:
            incident(f"Trouble of {one.title}", one)
        priya = give(someone("priya"), RoleType.PROCESS_MANAGER, "ISRM")
        for one in parties:
            query = f"?organisation={one.number}"
            shown = (
                page(priya, f"/incidents/{query}").split("<main", 1)[1]
                if surface == "page"
                else Api(priya).get(f"/api/incidents{query}").content.decode()
            )
            found = {other.title for other in parties if f"Trouble of {other.title}" in shown}
            assert found == {one.title}

    def test_shows_how_much_is_open_with_each(self, hub: Organisation) -> None:
        north = hub.parts.get(title="North")
        incident("Trouble", north)
        priya = give(someone("priya"), RoleType.PROCESS_MANAGER, "ISRM")
        assert f"/incidents/?organisation={north.number}&amp;is_open=yes" in page(priya, north.url)
        assert "Open with it" not in page(someone("otto"), north.url)

    def test_has_its_federator_as_the_profile_of_the_provider(
        self, max_: User, hub: Organisation
    ) -> None:
        registry["organisations.edit"](hub, by=max_, profile="Serves the sciences of the north.")
        assert "Serves the sciences of the north." in page(someone("otto"), "/provider/")


class TestAnOrganisation:
    def test_does_not_belong_to_itself_by_any_way(self, max_: User, hub: Organisation) -> None:
        north = hub.parts.get(title="North")
        for other in (north, hub):
            with pytest.raises(Invalid, match="belong to itself"):
                registry["organisations.edit"](hub, by=max_, part_of=other)

    def test_that_is_a_part_says_of_what(self, max_: User, hub: Organisation) -> None:
        with pytest.raises(Invalid, match="that it is a part of"):
            made(max_, "Desk", "unit")
        assert made(max_, "Desk", "unit", part_of=hub).part_of == hub

    @pytest.mark.parametrize(
        ("field", "value"), [("country", "nl"), ("country", "NL\n"), ("web", "javascript:alert(1)")]
    )
    def test_is_refused_what_is_no_country_or_address(
        self, max_: User, field: str, value: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            made(max_, "Hub", "provider", **{field: value})
        assert set(refused.value.errors) == {field}

    def test_is_in_a_country_with_a_name_and_leads_to_its_own_pages(
        self, max_: User, hub: Organisation
    ) -> None:
        registry["organisations.edit"](hub, by=max_, country="NL", web="https://hub.example/a?b=1")
        shown = page(max_, hub.url)
        assert "Netherlands" in shown
        assert '<a href="https://hub.example/a?b=1" rel="noopener noreferrer">' in shown
        assert "Netherlands" in page(max_, "/organisations/?country=NL")

    def test_keeps_its_notes_to_those_who_run_the_sms(self, olga: User, hub: Organisation) -> None:
        registry["organisations.edit"](hub, by=olga, notes="Pays late.")
        assert "Pays late." in page(olga, hub.url)
        assert "Pays late." not in page(someone("otto"), hub.url)

    def test_is_not_retired_while_others_belong_to_it(self, max_: User, hub: Organisation) -> None:
        with pytest.raises(Invalid, match="3 organisations belong to it"):
            organisation.retire(hub, by=max_, reason="Dissolved")

    def test_is_not_retired_while_something_with_it_is_open(
        self, max_: User, hub: Organisation
    ) -> None:
        north = hub.parts.get(title="North")
        case = incident("Trouble", north)
        with pytest.raises(Invalid, match="1 × incident"):
            organisation.retire(north, by=max_, reason="Left")
        registry["incidents.cancel"](case, by=User.objects.the_sms(), reason="None")
        assert organisation.retire(north, by=max_, reason="Left").state == "retired"

    def test_takes_part_again_only_beside_one_that_does(
        self, max_: User, hub: Organisation
    ) -> None:
        north = hub.parts.get(title="North")
        for one in (*hub.parts.all(), hub):
            organisation.retire(one, by=max_, reason="Dissolved")
        with pytest.raises(Invalid, match="takes no part"):
            organisation.reinstate(north, by=max_, reason="Founded anew")
        organisation.reinstate(hub, by=max_, reason="Founded anew")
        assert organisation.reinstate(north, by=max_, reason="Founded anew").is_open


class TestEverybody:
    @pytest.mark.parametrize("verb", ["record", "edit"])
    def test_belongs_to_an_organisation(self, max_: User, rita: User, verb: str) -> None:
        known: dict[str, Any] = {"by": max_, "title": "Una", "organisation": None}
        is_new = verb == "record"
        whom: Person = Person() if is_new else rita.person
        login: dict[str, Any] = {"login": "una"} if is_new else {}
        with pytest.raises(Invalid, match="to which they belong"):
            registry[f"people.{verb}"](whom, **known, **login)

    def test_belongs_to_one_that_takes_part(self, max_: User) -> None:
        gone = organisation.retire(party("Gone"), by=max_, reason="Merged")
        with pytest.raises(Invalid, match="takes no part"):
            someone("una", organisation=gone)

    def test_is_asked_for_it_by_the_form(self, max_: User) -> None:
        shown = page(max_, "/people/record/")
        field = shown.split('name="organisation"', 1)[1].split(">", 1)[0]
        assert "required" in field
