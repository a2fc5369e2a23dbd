"""A case that goes on in another organisation stays one case with one owner here (R-77)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.imports.command import run
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.search import find
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
THERE: dict[str, Any] = {
    "outside_system": "PDI tracker",
    "outside_number": "PDI-118",
    "outside_state": "Assigned",
}


@pytest.fixture
def theirs() -> Team:
    """A team that a member of the federation has set up."""
    member = party("Polar Data Institute", "member")
    made: Team = registry["teams.record"](
        Team(), by=User.objects.the_sms(), title="Storage", organisation=member
    )
    return made


@pytest.fixture
def owned(incident: Incident, sam: User) -> Incident:
    """In progress, and Sam's."""
    incidents.classify(incident, by=sam, category="Mail")
    made: Incident = incidents.assign(incident, by=sam, case_owner=sam)
    return made


@pytest.mark.row("R-77")
class TestAcrossOrganisations:
    def test_one_case_with_one_owner_goes_on_and_each_word_from_there_is_an_entry(
        self, owned: Incident, theirs: Team, sam: User
    ) -> None:
        how: dict[str, Any] = {"kind": "functional", "team": theirs, "reason": "Their disks"}
        went = incidents.escalate(owned, by=sam, **how)
        assert Incident.objects.count() == 1
        assert (went.number, went.case_owner, went.team) == (owned.number, sam, theirs)
        incidents.note_elsewhere(went, by=sam, **THERE)
        known = incidents.note_elsewhere(went, by=sam, outside_state="Solved")
        assert (known.outside_number, known.outside_state) == ("PDI-118", "Solved")
        words = [
            entry.difference["outside_state"]
            for entry in known.entries.order_by("position")
            if "outside_state" in entry.difference
        ]
        assert words == [["", "Assigned"], ["Assigned", "Solved"]]
        assert known.entries.latest("position").audience == Audience.INTERNAL
        assert (known.state, known.case_owner) == ("in_progress", sam)
        assert first_fault(known) is None


class TestTheExternalState:
    def test_needs_a_number_a_system_and_something_new(self, owned: Incident, sam: User) -> None:
        say = incidents.note_elsewhere
        with pytest.raises(Invalid, match="number that it has there"):
            say(owned, by=sam, outside_state="Open", outside_system="NetSpan")
        with pytest.raises(Invalid, match="Name the system"):
            say(owned, by=sam, outside_state="Open", outside_number="7")
        say(owned, by=sam, **THERE)
        with pytest.raises(Invalid, match="stands here already"):
            say(owned, by=sam, outside_state="Assigned")
        later = timezone.now() + timedelta(days=1)
        with pytest.raises(Invalid, match="still to come"):
            say(owned, by=sam, outside_state="Open", outside_at=later)

    def test_is_none_of_the_users_business(
        self, owned: Incident, sam: User, rita: User, desk: Client
    ) -> None:
        with pytest.raises(Denied):
            incidents.note_elsewhere(owned, by=rita, **THERE)
        incidents.note_elsewhere(owned, by=sam, **THERE)
        assert "PDI-118" in desk.get(owned.url).content.decode()
        mine = Api(rita).get(f"/api/incidents/{owned.number}").json()
        assert "outside_number" not in mine
        assert "PDI-118" not in browser_of(rita).get(owned.url).content.decode()
        assert [hit.record.number for hit in find(sam, "PDI-118").hits] == [owned.number]
        assert find(rita, "PDI-118").hits == []

    def test_is_kept_by_a_program_and_found_in_lists(self, owned: Incident, sam: User) -> None:
        api = Api(sam)
        said = api.post(f"/api/incidents/{owned.number}/note_elsewhere", THERE)
        assert said.status_code == 200
        assert api.get(f"/api/incidents/{owned.number}").json()["outside_state"] == "Assigned"
        for asked in ("outside_number=PDI-118", "outside_system=PDI tracker"):
            found = api.get(f"/api/incidents?{asked}").json()["items"]
            assert [one["number"] for one in found] == [owned.number]
        assert api.get("/api/incidents?outside_number=PDI-119").json()["items"] == []

    def test_is_a_column_of_the_list(self, owned: Incident, sam: User, desk: Client) -> None:
        incidents.note_elsewhere(owned, by=sam, **THERE)
        page = desk.get("/incidents/?columns=number,outside_number,outside_state")
        assert "PDI-118" in page.content.decode()

    def test_stands_in_the_form_for_the_next_word(
        self, owned: Incident, sam: User, desk: Client
    ) -> None:
        incidents.note_elsewhere(owned, by=sam, **THERE)
        form = desk.get(f"{owned.url}note_elsewhere/").content.decode()
        assert 'value="PDI-118"' in form
        assert 'value="Assigned"' not in form

    def test_comes_in_with_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.csv"
        file.write_text(
            "id,title,state,recorded_at,external_system,external_ticket,external_state,"
            "external_state_at\n"
            "7,No mail,in_progress,2024-01-15 09:04,NetSpan,NS-7,Dispatched,2024-01-15 10:00\n"
        )
        run([str(file), "--profile", "plain-csv"])
        case: Any = Incident.objects.get(outside_number="NS-7")
        assert (case.outside_system, case.outside_state) == ("NetSpan", "Dispatched")
        assert case.outside_at is not None
