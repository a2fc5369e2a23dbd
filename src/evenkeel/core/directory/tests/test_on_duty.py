"""The rota of a team: who plans it, who stands in, and what the page of the team says of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.actions import person, rota, team
from evenkeel.core.directory.duty import Duties
from evenkeel.core.directory.models import Team
from evenkeel.core.directory.tests.conftest import give, someone
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid, Stale

pytestmark = pytest.mark.usefixtures("roles")
NOW = timezone.now()
BEGUN = NOW.date() - timedelta(days=2)


@pytest.fixture
def nils() -> User:
    return someone("nils")


@pytest.fixture
def emi() -> User:
    return someone("emi")


@pytest.fixture
def desk(nils: User, emi: User) -> Any:
    """A team whose lead is Nils, with Emi in it, and a rota of both."""
    sms = User.objects.the_sms()
    made = team.record(Team(), by=sms, title="Service desk", lead=nils)
    for one in (nils, emi):
        team.admit(made, by=sms, person=one)
    return rota.plan_duty(made, by=nils, layer=1, people="nils, emi", begins=BEGUN, zone="UTC")


def exact(moment: datetime) -> str:
    """A moment as pages write it."""
    return timezone.localtime(moment).strftime("%-d %b %Y, %H:%M")


def of(desk: Team, at: datetime = NOW) -> list[str]:
    """Who is on duty, layer by layer."""
    duties = Duties(Team.objects.get(pk=desk.pk))
    return [duties.people[one.person].username if one.person else "–" for one in duties.at(at)]


def test_is_planned_by_the_lead_and_by_a_process_manager_and_by_nobody_else(
    desk: Team, emi: User
) -> None:
    assert of(desk) == ["nils"]
    assert of(desk, NOW + timedelta(days=7)) == ["emi"]
    with pytest.raises(Denied):
        rota.plan_duty(desk, by=emi, layer=1, people="emi", begins=BEGUN)
    manager = give(someone("priya"), RoleType.PROCESS_MANAGER, "ISRM")
    rota.plan_duty(desk, by=manager, layer=2, people="emi", begins=BEGUN, zone="UTC")
    assert of(desk) == ["nils", "emi"]
    assert first_fault(Team.objects.get(pk=desk.pk)) is None


def test_is_not_planned_over_what_somebody_else_has_planned_meanwhile(
    desk: Team, nils: User
) -> None:
    with pytest.raises(Stale):
        rota.drop_layer(
            desk, by=nils, layer=1, reason="Not needed", expected_version=desk.version - 1
        )
    rota.drop_layer(desk, by=nils, layer=1, reason="Not needed", expected_version=desk.version)
    assert of(desk) == []


def test_is_swapped_for_a_time_with_a_reason(desk: Team, nils: User, emi: User) -> None:
    swapped: dict[str, Any] = {"starts": NOW - timedelta(hours=1), "ends": NOW + timedelta(hours=1)}
    rota.stand_in(desk, by=nils, person=emi, instead_of=nils, **swapped, reason="A wedding")
    assert (of(desk), of(desk, NOW + timedelta(hours=2))) == (["emi"], ["nils"])
    entry = desk.entries.get(verb="teams.stand_in")
    assert (entry.given["who"], entry.given["reason"]) == (str(emi), "A wedding")
    rota.end_stand_in(desk, by=nils, number=1, reason="It rains")
    assert of(desk) == ["emi"]  # it ended just now: what was, stays
    assert of(desk, timezone.now() + timedelta(minutes=1)) == ["nils"]


def test_passes_over_who_has_left_and_calls_that_a_gap(
    desk: Team, nils: User, client: Client
) -> None:
    manager = give(someone("priya"), RoleType.PROCESS_MANAGER, "ISRM")
    rota.plan_duty(desk, by=manager, layer=2, people="emi", begins=BEGUN, zone="UTC")
    account: Any = nils
    person.suspend(account.person, by=User.objects.the_sms(), reason="Left us")
    assert of(desk) == ["–", "emi"]
    called = Duties(Team.objects.get(pk=desk.pk)).called(NOW)
    assert called is not None
    assert (called[0], called[1].username) == (2, "emi")
    client.force_login(manager)
    page = client.get(desk.url).content.decode()
    assert "Nils is not there any more" in page
    assert "3 gaps" in page


def test_is_shown_to_staff_with_who_is_next_and_not_to_customers(
    desk: Team, emi: User, client: Client
) -> None:
    client.force_login(emi)
    page = client.get(desk.url).content.decode()
    assert "<b>Nils</b>" in page
    assert "The next four weeks" in page
    client.force_login(someone("rita"))
    assert "The next four weeks" not in client.get(desk.url).content.decode()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("layer", {"layer": 3}),
        ("people", {"people": "rita"}),
        ("people", {"people": "nobody"}),
        ("length", {"length": 0}),
        ("hand_over", {"hand_over": "nine"}),
        ("zone", {"zone": "Mars/Olympus"}),
        ("hours", {"hours": "nights"}),
    ],
)
def test_is_refused_with_the_field_and_the_reason(
    desk: Team, nils: User, field: str, wrong: dict[str, Any]
) -> None:
    someone("rita")
    known: dict[str, Any] = {"layer": 1, "people": "nils", "begins": date(2026, 1, 5)}
    with pytest.raises(Invalid) as refused:
        rota.plan_duty(desk, by=nils, **known | wrong)
    assert [*refused.value.errors] == [field]


def test_tells_whoever_is_on_duty_in_my_work_until_when(
    desk: Team, nils: User, emi: User, client: Client
) -> None:
    client.force_login(nils)
    page = client.get("/").content.decode()
    until = datetime.combine(BEGUN + timedelta(days=7), time(9), UTC)
    assert f"{desk.title}</a>, until {exact(until)}." in page
    swapped: dict[str, Any] = {"starts": until, "ends": until + timedelta(days=2)}
    rota.stand_in(desk, by=nils, person=nils, instead_of=emi, **swapped, reason="A wedding")
    assert f"until {exact(until + timedelta(days=2))}." in client.get("/").content.decode()
    client.force_login(emi)
    assert "You are on duty" not in client.get("/").content.decode()
    rota.plan_duty(desk, by=nils, layer=2, people="emi", begins=BEGUN, zone="UTC")
    assert f"{desk.title}</a>, layer 2." in client.get("/").content.decode()
    team.dismiss(desk, by=User.objects.the_sms(), person=emi)
    assert "You are on duty" not in client.get("/portal/").content.decode()


def test_says_what_is_planned_in_words(desk: Team, nils: User, emi: User, client: Client) -> None:
    rota.plan_duty(
        desk, by=nils, layer=2, people="emi", begins=date(2026, 1, 5), length=3, unit="days",
        zone="Europe/Oslo", hours="Mon-Fri 17:00-08:00",
    )  # fmt: skip
    client.force_login(give(someone("sofia"), RoleType.SMS_MANAGER, "SMS"))
    said = "Emi; 3 days each, from 5 Jan 2026, 09:00 (Europe/Oslo); only Mon-Fri 17:00-08:00"
    assert f"planned layer 2 of the rota: {said}" in client.get(desk.url).content.decode()


def test_is_answered_to_programs_of_those_who_may_see_it(
    desk: Team, emi: User, client: Client
) -> None:
    client.force_login(emi)
    address = f"/api/teams/{desk.number}/on-duty"
    asked = {"at": (NOW + timedelta(days=7)).isoformat()}
    found = client.get(address, asked).json()["items"]
    assert found == [{"layer": 1, "person": "emi", "turn_of": "emi", "is_gap": False}]
    assert client.get(address).json()["items"][0]["person"] == "nils"
    assert client.get(address, {"at": "tonight"}).status_code == 422
    client.force_login(someone("rita"))
    assert client.get(address).status_code == 404
