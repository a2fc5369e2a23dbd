"""The 14 processes of FitSM-1: what was decided about each, what is here, and what light means."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.cli import main
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import actions, scope
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.testing.api import Api
from tests.clocks.conftest import Agreeing, Case, after, holder, organisation

pytestmark = pytest.mark.django_db
ALL = [
    *("SPM", "SLM", "SRM", "SACM", "CAPM", "ISM", "CRM"),
    *("SUPPM", "ISRM", "PM", "CONFM", "CHM", "RDM", "CSI"),
]
LIGHT = {"SPM", "SLM", "SRM", "CRM", "SUPPM"}
WHY = "Members plan their own capacity."


@pytest.fixture
def scheme() -> Scheme:
    found: Scheme = Scheme.objects.get(scheme_kind=scope.NAME)
    return found


@pytest.fixture
def tomas() -> User:
    """The SMS manager."""
    return holder("tomas", RoleType.SMS_MANAGER, "SMS")


@pytest.fixture
def ingrid() -> User:
    """The SMS owner."""
    return holder("ingrid", RoleType.SMS_OWNER, "SMS")


def content(**given: Any) -> dict[str, Any]:
    """What is decided about capacity management; the rest stays as it is usual."""
    return {"processes": [{"code": "CAPM", "status": "out_of_scope", "because": WHY} | given]}


def by_code(user: User) -> dict[str, Any]:
    items = Api(user).get("/api/processes").json()["items"]
    return {item["code"]: item for item in items}


@pytest.mark.row("BASE-18")
def test_light_agreements_set_due_times_and_all_processes_have_a_scope_status(
    agree: Agreeing, sam: User
) -> None:
    due = {}
    for name, targets in {"a": "P1: resolution 2 h", "b": "P1: resolution 5 h"}.items():
        customer = organisation(name)
        agree(name, targets, organisation=customer)
        asker = User.objects.create_user(f"of-{name}", organisation=customer)
        due[name] = Case(asker, sam).prioritise(1, after(0.1)).fresh.due_at
    assert due == {"a": after(2), "b": after(5)}
    answered = Api(sam).get("/api/processes").json()
    items = answered["items"]
    assert [item["code"] for item in items] == ALL
    assert [item["requirement"] for item in items] == [f"PR{n}" for n in range(1, 15)]
    assert answered["count"] == 14
    status = {item["code"]: item["status"] for item in items}
    expected = {code: "light" if code in LIGHT else "planned" for code in ALL}
    assert status == expected | {"ISRM": "in_scope"}
    assert {item["code"] for item in items if item["carried"] == "light"} == LIGHT
    assert all(item["since"] for item in items)


class TestTheRegistry:
    def test_is_a_page_of_the_rail_that_leads_to_the_pages_of_processes(
        self, client: Client, sam: User
    ) -> None:
        client.force_login(sam)
        page = client.get("/processes/").text
        assert 'href="/processes/"' in client.get("/").text
        assert all(title.replace("&", "&amp;") in page for title in scope.PROCESSES.values())
        assert 'href="/processes/incidents/"' in page
        assert "The software does not carry it yet." in page
        assert "Draft another scope" not in page
        assert "SPM light, SLM light, SRM light" in client.get("/processes/services/").text

    def test_links_to_no_page_that_the_reader_may_not_open(
        self, client: Client, rita: User
    ) -> None:
        shown = by_code(rita)
        assert shown["ISRM"]["title"] == "Incident & Service Request Management"
        client.force_login(rita)
        for item in shown.values():
            assert item["page"] is None or client.get(item["page"]).status_code == 200
        assert shown["SPM"]["page"] is None

    def test_is_printed_by_a_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["processes"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 14
        assert lines[8].startswith("PR9\tISRM\tIn scope\t")
        assert main(["processes", "--json"]) == 0
        assert '"count": 14' in capsys.readouterr().out

    def test_takes_no_filter(self, sam: User) -> None:
        assert Api(sam).get("/api/processes?status=light").status_code == 422


class TestTheDecision:
    def test_is_drafted_by_the_manager_and_approved_by_the_owner_of_the_sms(
        self, scheme: Scheme, tomas: User, ingrid: User, sam: User
    ) -> None:
        with pytest.raises(Denied):
            actions.draft(scheme, by=sam, content=content())
        actions.draft(scheme, by=tomas, content=content(since="2026-03-02"), because="Small.")
        assert by_code(sam)["CAPM"]["status"] == "planned"
        with pytest.raises(Denied):
            actions.approve(scheme, by=tomas)
        actions.approve(scheme, by=ingrid)
        held = by_code(sam)["CAPM"]
        assert (held["status"], held["since"], held["because"]) == (
            "out_of_scope",
            "2026-03-02",
            WHY,
        )
        verbs = Entry.objects.filter(record=scheme.pk).order_by("position").values_list("verb")
        assert list(verbs)[-2:] == [("schemes.draft",), ("schemes.approve",)]

    def test_is_drafted_on_a_page_that_says_what_it_edits(
        self, client: Client, scheme: Scheme, tomas: User
    ) -> None:
        client.force_login(tomas)
        assert f'href="{scheme.url}draft/"' in client.get("/processes/").text
        editor = client.get(f"{scheme.url}draft/").text
        assert editor.count("<select") == 14
        sent = {"version": str(scheme.version)}
        for place, (code, was) in enumerate(by_code(tomas).items(), 1):
            for name in ("code", "status", "since", "because"):
                sent[f"process-{place}-{name}"] = was[name]
            if code == "CAPM":
                sent[f"process-{place}-status"] = "out_of_scope"
                sent[f"process-{place}-since"] = "2026-03-02"
                sent[f"process-{place}-because"] = WHY
        assert client.post(f"{scheme.url}draft/", sent).status_code == 302
        page = client.get(scheme.url).text
        assert f"CAPM: out of scope since 2 Mar 2026 ({WHY}); it was planned since" in page
        assert page.count("; it was ") == 1

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"because": " "}, "CAPM: give a reason why it is out of scope."),
            ({"status": "perhaps"}, "there is no status perhaps"),
            ({"code": "XYZ"}, "FitSM-1 has no process XYZ"),
            ({"since": "soon"}, "A day is written like"),
        ],
    )
    def test_is_refused_without_sense(
        self, scheme: Scheme, tomas: User, given: dict[str, str], why: str
    ) -> None:
        with pytest.raises(Invalid, match=why):
            actions.draft(scheme, by=tomas, content=content(**given))

    def test_without_a_day_holds_from_the_day_on_which_it_is_drafted(
        self, scheme: Scheme, tomas: User
    ) -> None:
        actions.draft(scheme, by=tomas, at=after(), content=content())
        drafted: Any = scheme.open_draft()
        assert drafted.read.of("CAPM").since == date(2026, 5, 4)

    def test_that_asks_for_more_than_there_is_says_so(
        self, client: Client, scheme: Scheme, tomas: User
    ) -> None:
        wanted = [{"code": code, "status": "in_scope"} for code in ("CHM", "SLM")]
        actions.draft(scheme, by=tomas, content={"processes": wanted})
        client.force_login(tomas)
        page = client.get(scheme.url).text
        assert "CHM is in scope, and the software carries nothing of it." in page
        assert "SLM is in scope, and the software carries its light part only." in page


def test_a_draft_that_lacks_rows_and_has_no_day_is_given_back_with_the_reason(
    client: Client, scheme: Scheme, tomas: User
) -> None:
    client.force_login(tomas)
    address = f"/schemes/{scheme.number}/draft/"
    row = {"code": "CAPM", "status": "planned", "since": "2026-31-31", "because": WHY}
    answer = client.post(address, {f"process-1-{name}": said for name, said in row.items()})
    assert answer.status_code == 422
    assert "processes 1, since: A day is written like 2026-12-31." in answer.text
    assert f'value="{WHY}"' in answer.text
    assert client.post(address, {}).status_code < 500
