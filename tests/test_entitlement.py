"""A customer sees the services to which it is entitled, and nothing of the others, anywhere."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Denied, registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import request_model
from evenkeel.processes.incidents.models import Announcement, Incident, RequestModel
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Service
from tests.clocks.conftest import QUOTA, Agreeing, after, holder, organisation
from tests.permissions.test_reading import counts, sightings

pytestmark = pytest.mark.django_db
HIDDEN = "Genome Vault"  # of one customer only
TARGETS = "P3: resolution 20 h"


@pytest.fixture
def mona() -> User:
    return holder("mona", RoleType.PROCESS_MANAGER, "SPM")


@pytest.fixture
def agree(mona: User) -> Agreeing:
    return Agreeing(mona, holder("olga", RoleType.PROCESS_OWNER, "SPM"))


@pytest.fixture
def sam() -> User:
    return holder("sam", RoleType.PROCESS_STAFF, "ISRM")


@pytest.fixture
def priya() -> User:
    return holder("priya", RoleType.PROCESS_MANAGER, "ISRM")


@pytest.fixture
def genomics() -> Organisation:
    return organisation("Coastal Genomics")


@pytest.fixture
def rita(genomics: Organisation) -> User:
    """Of the customer that is entitled."""
    return User.objects.create_user("rita", organisation=genomics)


@pytest.fixture
def hugo() -> User:
    """Of another customer."""
    return User.objects.create_user("hugo", organisation=organisation("Sky Survey"))


@pytest.fixture
def una() -> User:
    """Of none."""
    return User.objects.create_user("una")


def service(by: User, title: str, **fields: Any) -> Service:
    made: Service = services.record(Service(), by=by, at=after(days=-9), title=title, **fields)
    return made


@pytest.fixture
def mail(mona: User) -> Service:
    return service(mona, "Mail")


@pytest.fixture
def vault(mona: User, agree: Agreeing, genomics: Organisation) -> Service:
    made = service(mona, HIDDEN, open_to_all=False)
    agree("Vault", TARGETS, service=made, organisation=genomics)
    return made


@pytest.fixture
def quota(vault: Service, sam: User, priya: User) -> Any:
    """What can be ordered of the hidden service, by whoever may know of it."""
    at = after(days=-8)
    made = request_model.record(RequestModel(), by=sam, at=at, title="More vault", service=vault)
    request_model.draft(made, by=sam, at=at, **QUOTA)
    return request_model.approve(made, by=priya, at=at)


@pytest.fixture
def announced(vault: Service, mail: Service, sam: User) -> Announcement:
    return declared(sam, vault)


def declared(sam: User, about: Service) -> Announcement:
    """What is said of a major incident of this service."""
    made = registry["incidents.record"](Incident(), by=sam, title="Down", service=about)
    registry["incidents.classify"](made, by=sam, category="Mail")
    registry["incidents.prioritise"](made, by=sam, impact=1, urgency=1)
    registry["incidents.declare_major"](made, by=sam)
    return Announcement.objects.get(about=made)


def page(user: User, address: str, status: int = 200) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def told(user: User) -> str:
    """All that the portal, the search and the suggestions say to somebody of services."""
    addresses = (
        *("/portal/", "/portal/catalogue/", "/portal/status/"),
        *("/portal/incidents/report/", "/portal/service_requests/report/"),
        *("/search/?q=Vault", "/palette/?q=Vault", "/suggest/service/?service=Vault"),
        *(
            "/suggest/record/?target=Vault",
            "/services/?q=Vault",
            "/request_models/",
            "/agreements/",
        ),
        *("/announcements/", "/service_reports/", "/service_components/"),
    )
    program = Api(user)
    said = [program.get(f"/api/{name}").content.decode() for name in ("services", "search?q=Vault")]
    return "".join([page(user, address) for address in addresses] + said)


class TestAService:
    def test_of_one_customer_is_read_by_its_people_and_nobody_elses(
        self, vault: Service, rita: User, hugo: User, una: User, capsys: Any
    ) -> None:
        for user, sees in ((rita, True), (hugo, False), (una, False)):
            found = dict(sightings(vault, user, capsys))
            assert {place for place, seen in found.items() if seen is not sees} == set()

    def test_is_counted_for_those_only_who_see_it(
        self, vault: Service, mail: Service, rita: User, hugo: User, capsys: Any
    ) -> None:
        for user, number in ((rita, 2), (hugo, 1)):
            found = dict(counts(Service, user, capsys))
            assert set(found.values()) == {number}, found

    def test_is_said_nowhere_to_those_who_are_not_entitled(
        self, vault: Service, quota: Any, announced: Announcement, rita: User, hugo: User
    ) -> None:
        assert HIDDEN in told(rita)
        heard = told(hugo)
        for secret in (HIDDEN, "More vault", vault.number, quota.number, announced.number):
            assert secret not in heard

    def test_is_hidden_like_one_that_there_is_not(
        self, vault: Service, rita: User, hugo: User
    ) -> None:
        given = {"title": "Broken", "service": vault.number}
        assert Api(rita).post("/api/incidents", given).status_code == 201
        refused = Api(hugo).post("/api/incidents", given)
        unknown = Api(hugo).post("/api/incidents", given | {"service": "SRV-999"})
        assert refused.status_code == unknown.status_code == 422
        assert HIDDEN not in refused.content.decode()
        told = (refused.content.decode(), unknown.content.decode())
        assert told[0].replace(vault.number, "SRV-999") == told[1]

    def test_is_known_to_all_who_work_and_to_all_where_it_is_open(
        self, vault: Service, mail: Service, sam: User, una: User
    ) -> None:
        seen: Any = Service.objects
        assert set(seen.visible_to(sam)) == {vault, mail}
        assert set(seen.visible_to(una)) == {mail}

    def test_is_hidden_again_when_the_agreement_ends(
        self, vault: Service, genomics: Organisation, agree: Agreeing, rita: User
    ) -> None:
        seen: Any = Service.objects
        held = seen.model.objects.get(pk=vault.pk)
        assert held in seen.visible_to(rita)
        agreed = genomics_agreement(genomics)
        agreements.end(agreed, by=agree.olga, at=after(1), reason="Over")
        assert held not in seen.visible_to(rita)

    def test_is_open_to_all_by_an_agreement_with_everybody(
        self, mona: User, agree: Agreeing, una: User
    ) -> None:
        made = service(mona, "Forms", open_to_all=False)
        agree("Forms for all", TARGETS, service=made)
        assert HIDDEN not in page(una, made.url)
        assert "Forms" in page(una, made.url)

    def test_is_not_given_by_an_agreement_about_services_in_general(
        self, mona: User, agree: Agreeing, hugo: User
    ) -> None:
        made = service(mona, HIDDEN, open_to_all=False)
        agree("All for Sky", TARGETS, organisation=hugo.organisation)
        page(hugo, made.url, 404)


def genomics_agreement(customer: Organisation) -> Any:
    return registry["agreements.end"].model.objects.get(organisation=customer)


class TestWhatCanBeOrdered:
    def test_is_ordered_by_the_entitled_alone(self, quota: Any, rita: User, hugo: User) -> None:
        assert "More space." in page(rita, f"/portal/catalogue/{quota.number}/")
        page(hugo, f"/portal/catalogue/{quota.number}/", 404)
        with pytest.raises(Denied):
            request_model.order(quota, by=hugo, answers={})
        assert Api(hugo).post(f"/api/request_models/{quota.number}/order").status_code == 404
        assert request_model.order(quota, by=rita, answers={}).told


class TestADisruption:
    def test_of_a_hidden_service_is_announced_to_the_entitled(
        self, announced: Announcement, rita: User, hugo: User
    ) -> None:
        assert f"Disruption: {HIDDEN}" in page(rita, "/portal/status/")
        assert "Disruption" not in page(hugo, "/portal/status/")

    def test_of_an_open_service_names_no_hidden_one_that_it_hurts_too(
        self, vault: Service, mail: Service, sam: User, rita: User, hugo: User
    ) -> None:
        announcement = declared(sam, mail)
        report = registry["incidents.record"](Incident(), by=rita, title="No vault", service=vault)
        registry["incidents.classify"](report, by=sam, category="Mail")
        registry["incidents.join_parent"](report, by=sam, parent=announcement.about)
        registry["announcements.update"](announcement, by=sam, text="Found.")
        shown = page(hugo, "/portal/status/")
        assert "Disruption: Mail" in shown
        assert HIDDEN not in shown
