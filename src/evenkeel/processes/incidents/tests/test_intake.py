"""How cases come in: by channels that are open, with what their form needs."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.intake import Channel, FieldRule, Intake
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import contact as contacts
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Contact, Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
NEEDED = {"kind": "incident", "field": "organisation", "needed": True}


@pytest.fixture
def olga() -> User:
    """The process owner."""
    return holder("olga", RoleType.PROCESS_OWNER, full_name="Olga Orsini")


def approve(olga: User, *, shut: str = "", **more: Any) -> Scheme:
    """A version in which a channel is shut, or the form says more."""
    scheme: Scheme = Scheme.objects.get(scheme_kind="intake", context="ISRM")
    content = dict(scheme.versions.get(standing="in_force").content)
    content["channels"] = [
        {"name": one["name"], "is_open": one["name"] != shut} for one in content["channels"]
    ]
    schemes.draft(scheme, by=olga, content=content | more, because="We found it so.")
    schemes.approve(scheme, by=olga)
    return scheme


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


class TestChannel:
    @pytest.mark.row("ISRM-16")
    def test_that_is_shut_is_chosen_on_no_surface(
        self, olga: User, rita: User, sam: User, mona: User, desk: Client
    ) -> None:
        approve(olga, shut="email")
        for address in ("/incidents/record/", "/service_requests/record/", "/contacts/record/"):
            assert '<option value="email"' not in page(desk, address)
            assert '<option value="phone"' in page(desk, address)
        said = {"title": "No mail", "channel": "email"}
        assert desk.post("/incidents/record/", said).status_code == 422
        answer = Api(sam).post("/api/incidents", said)
        assert answer.status_code == 422
        assert "Nothing is taken by e-mail; use portal, phone" in answer.content.decode()
        for record, new in (
            (incidents.record, Incident()),
            (requests.record, ServiceRequest(wish="access")),
            (contacts.record, Contact()),
        ):
            with pytest.raises(Invalid, match="Nothing is taken by e-mail"):
                record(new, by=sam, title="No mail", channel="email")

    def test_of_the_portal_is_shut_for_its_users_too(self, olga: User, rita: User) -> None:
        approve(olga, shut="portal")
        answer = browser_of(rita).post("/portal/incidents/report/", {"title": "No mail"})
        assert answer.status_code == 422
        assert "Nothing is taken by portal" in answer.content.decode()

    def test_is_kept_by_what_came_before_it_was_shut(
        self, olga: User, sam: User, mona: User, desk: Client
    ) -> None:
        old = incidents.record(Incident(), by=sam, title="No mail", channel="email")
        other = incidents.record(Incident(), by=sam, title="No phone", channel="phone")
        approve(olga, shut="email")
        assert '<option value="email" selected' in page(desk, f"{old.url}edit/")
        edited = incidents.edit(old, by=sam, title="No mail at all")
        assert edited.channel == "email"
        with pytest.raises(Invalid, match="Nothing is taken by e-mail"):
            incidents.edit(other, by=sam, channel="email")

    @pytest.mark.row("ISRM-16")
    def test_is_counted_and_its_figures_open_to_their_cases(
        self, olga: User, sam: User, mona: User, desk: Client
    ) -> None:
        for channel in ("email", "email", "phone"):
            incidents.record(Incident(), by=sam, title="No mail", channel=channel)
        contacts.record(Contact(), by=sam, title="A call", channel="phone")
        approve(olga, shut="walk_in")
        said = page(desk, "/channels/?days=7")
        assert '<a href="/incidents/?channel=email">2</a>' in said
        assert '<a href="/incidents/?channel=phone">1</a>' in said
        assert '<a href="/contacts/?channel=phone">1</a>' in said
        assert 'Walk-in <span class="state closed">Shut</span>' in said
        assert page(desk, "/incidents/?channel=email").count("data-open") == 2

    def test_is_the_desks_business_only(self, rita: User) -> None:
        assert browser_of(rita).get("/channels/").status_code == 403


class TestForm:
    @pytest.mark.row("ISRM-17")
    def test_asks_of_new_cases_only_what_became_needed(
        self, olga: User, sam: User, mona: User, rita: User, desk: Client
    ) -> None:
        old = incidents.record(Incident(), by=sam, title="No mail", channel="phone")
        scheme = approve(olga, fields=[NEEDED | {"help": "Ask for the contract."}])
        form = page(desk, "/incidents/record/")
        assert "Ask for the contract." in form
        assert '<label for="organisation">Organisation</label>' in form  # without "optional"
        with pytest.raises(Invalid, match="organisation: The form needs it"):
            incidents.record(Incident(), by=sam, title="No mail", channel="phone")
        incidents.edit(old, by=sam, title="No mail at all")
        assert (old.taken_under["scheme"], old.taken_under["version"]) == (scheme.number, 1)

    def test_keeps_what_it_needed_from_being_emptied(
        self, olga: User, sam: User, mona: User
    ) -> None:
        needed = NEEDED | {"field": "description"}
        approve(olga, fields=[needed])
        said: dict[str, Any] = {
            "title": "No mail",
            "channel": "phone",
            "description": "Since nine.",
        }
        made = incidents.record(Incident(), by=sam, **said)
        assert made.taken_under["needed"] == ["description"]
        with pytest.raises(Invalid, match="description: The form needs it"):
            incidents.edit(made, by=sam, description="")
        approve(olga, fields=[])
        with pytest.raises(Invalid, match="description: The form needs it"):
            incidents.edit(made, by=sam, description="")

    def test_asks_users_only_for_what_the_portal_asks(
        self, olga: User, rita: User, mona: User
    ) -> None:
        users = NEEDED | {"field": "description", "users": True}
        approve(olga, fields=[NEEDED, users])
        browser = browser_of(rita)
        refused = browser.post("/portal/incidents/report/", {"title": "No mail"})
        assert refused.status_code == 422
        assert "The form needs it" in refused.content.decode()
        told = {"title": "No mail", "description": "Since nine."}
        assert browser.post("/portal/incidents/report/", told).status_code == 302

    def test_asks_nothing_more_of_what_is_converted(
        self, olga: User, sam: User, mona: User
    ) -> None:
        made = requests.record(ServiceRequest(), by=sam, title="Mail", wish="access")
        approve(olga, fields=[NEEDED])
        registry["service_requests.convert"](made, by=sam, reason="It is broken.")
        assert Incident.objects.filter(continues=made).exists()

    def test_leads_to_the_procedure_that_was_approved(
        self, olga: User, sam: User, mona: User, desk: Client
    ) -> None:
        assert ">Procedure</a>" not in page(desk, "/incidents/record/")
        address = "https://docs.example.org/recording"
        scheme = approve(olga, procedure=address)
        assert f'<a href="{address}">Procedure</a>' in page(desk, "/incidents/record/")
        assert address in page(browser_of(olga), scheme.url)
        assert scheme.versions.get(standing="in_force").approved_by == olga


class TestEditor:
    def test_keeps_what_is_ticked_and_written(self, olga: User) -> None:
        scheme = Scheme.objects.get(scheme_kind="intake", context="ISRM")
        browser = browser_of(olga)
        form = page(browser, f"{scheme.url}draft/")
        assert 'name="channel-1-is_open" value="true" checked' in form
        sent = {
            "channel-1-name": "portal",
            "channel-1-is_open": "true",
            "channel-2-name": "email",
            "rule-1-kind": "incident",
            "rule-1-field": "service",
            "rule-1-needed": "true",
            "rule-2-kind": "incident",
            "rule-2-field": "description",
            "procedure": "/about/",
            "because": "We found it so.",
        }
        assert browser.post(f"{scheme.url}draft/", sent).status_code == 302
        draft = scheme.versions.get(standing="draft")
        assert draft.read.open_channels == ["portal"]
        assert [rule.field for rule in draft.read.fields] == ["service"]
        assert draft.read.procedure == "/about/"

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (Intake([Channel("phone", is_open=False)], []), "At least one channel is open"),
            (Intake([Channel("phone"), Channel("phone")], []), "Every channel stands there once"),
            (Intake([Channel("phone")], [], "docs"), "begins with https:// or /"),
            (
                Intake([Channel("phone")], [FieldRule("incident", "service")] * 2),
                "Every field of a kind stands there once",
            ),
        ],
    )
    def test_refuses_what_is_unsound(self, content: Intake, fault: str) -> None:
        assert any(fault in one for one in content.faults())

    def test_says_its_channels_as_people_do(self) -> None:
        content = Intake([Channel("walk_in"), Channel("api"), Channel("email", is_open=False)], [])
        assert content.open_and_shut == (["walk-in", "API"], ["e-mail"])

    def test_says_what_a_draft_does_otherwise(self) -> None:
        before = Intake([Channel("phone"), Channel("email", is_open=False)], [])
        after = Intake(
            [Channel("phone", is_open=False), Channel("email")],
            [FieldRule("incident", "service", needed=True)],
            "/about/",
        )
        assert after.edits_of(before) == [
            "Cases are taken by e-mail.",
            "No cases are taken by phone any more.",
            "Incident, service: needed.",
            "The procedure stands at /about/.",
        ]
