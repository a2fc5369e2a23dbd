"""Who asks may count: staff sees that it is a VIP, and special rules may ask for it (ISRM-10)."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import priority
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder
from evenkeel.processes.incidents.tests.test_prioritise import approve, scheme

pytestmark = pytest.mark.django_db
BADGE = "The requester is a VIP"


@pytest.fixture
def known() -> Person:
    """The director, of whom nothing is said yet."""
    recorded: dict[str, Any] = {
        "login": "dora",
        "title": "Dora Duval",
        "organisation": party("A customer"),
    }
    made: Person = registry["people.record"](Person(), by=User.objects.the_sms(), **recorded)
    return made


@pytest.fixture
def dora(known: Person) -> User:
    """Her account, since she was said to be a VIP."""
    registry["people.edit"](known, by=User.objects.the_sms(), is_vip=True)
    return User.objects.get(username="dora")


@pytest.fixture
def hers(mona: User, dora: User, sam: User) -> Incident:
    made: Incident = incidents.record(Incident(), by=sam, title="The slides", requester=dora)
    return made


def test_saying_it_leaves_an_entry_and_reaches_the_account(known: Person, dora: User) -> None:
    entry = known.entries.latest("position")
    assert (dora.is_vip, entry.difference["is_vip"]) == (True, [False, True])


def test_staff_reads_it_on_the_case_and_the_vip_does_not(
    hers: Incident, desk: Client, dora: User
) -> None:
    assert desk.get(hers.url).content.decode().count(BADGE) == 2
    assert BADGE not in browser_of(dora).get(hers.url).content.decode()


def test_of_anybody_else_nothing_is_said(incident: Incident, desk: Client) -> None:
    assert BADGE not in desk.get(incident.url).content.decode()


def test_a_colleague_neither_reads_nor_filters_by_it(known: Person, dora: User) -> None:
    colleague = User.objects.create_user("carl", organisation=known.organisation)
    page = browser_of(colleague).get(known.url)
    assert page.status_code == 200
    assert "VIP" not in page.content.decode()
    listed = browser_of(colleague).get("/people/?is_vip=no").content.decode()
    assert known.number in listed


def test_who_types_a_name_is_told_when_they_hold_a_role(
    dora: User, desk: Client, omar: User
) -> None:
    address = "/suggest/account/?requester=dora"
    assert "dora · VIP" in desk.get(address).content.decode()
    assert "VIP" not in browser_of(omar).get(address).content.decode()


class TestASpecialRule:
    rule: dict[str, Any] = {  # noqa: RUF012
        "name": "The board first",
        "fact": "vip",
        "value": "yes",
        "effect": "at_least",
        "to": 2,
    }

    def test_lifts_the_cases_of_vips_alone(
        self, hers: Incident, incident: Incident, sam: User
    ) -> None:
        approve(priority.NAME, holder("olga", RoleType.PROCESS_OWNER), rules=[self.rule])
        lifted = incidents.prioritise(hers, by=sam, impact=4, urgency=3)
        assert lifted.priority == 2
        assert lifted.priority_because["text"].endswith(
            "“The board first” makes it P2 or higher: P2."
        )
        assert incidents.prioritise(incident, by=sam, impact=4, urgency=3).priority == 4

    def test_asks_for_yes_or_no(self, mona: User) -> None:
        olga = holder("olga", RoleType.PROCESS_OWNER)
        edited = scheme(priority.NAME)
        content = edited.versions.get(standing="in_force").content
        wrong = content | {"rules": [self.rule | {"value": "perhaps"}]}
        with pytest.raises(Invalid, match="“yes” or “no”"):
            schemes.draft(edited, by=olga, content=wrong)
