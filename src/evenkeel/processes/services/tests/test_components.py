"""What services are made of: no service, in no SLA and no catalogue; parts of parts in a tree."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import component as components
from evenkeel.processes.services.models import Agreement, Service, ServiceComponent
from evenkeel.processes.services.queries import seams
from evenkeel.processes.services.tests.test_portfolio import mona, page, rita, service
from tests.clocks.conftest import START, holder, organisation

pytestmark = pytest.mark.django_db
__all__ = ["mona", "rita"]


@pytest.fixture
def mail(mona: User) -> Service:
    return service(mona)


@pytest.fixture
def relay(mona: User, mail: Service) -> ServiceComponent:
    return part(mona, mail, "Mail relay")


def part(by: User, about: Service, title: str, **fields: Any) -> ServiceComponent:
    made: ServiceComponent = components.record(
        ServiceComponent(), by=by, at=START, title=title, service=about, **fields
    )
    return made


PARTS = {"sla": "customer", "ola": "member", "ua": "supplier"}


def agree(by: User, kind: str, about: Any) -> Agreement:
    made: Agreement = agreements.record(
        Agreement(),
        by=by,
        at=START,
        title="Relay",
        agreement_kind=kind,
        organisation=organisation("Somebody", PARTS[kind]),
        service=about.service,
        component=about,
    )
    return made


def posted(by: User, address: str, **given: str) -> str:
    """What a page answers that refuses."""
    client = Client()
    client.force_login(by)
    answer = client.post(address, given)
    assert answer.status_code == 422
    return answer.content.decode()


class TestAComponent:
    def test_is_the_subject_of_no_sla_and_is_told_why(
        self, mona: User, relay: ServiceComponent
    ) -> None:
        with pytest.raises(Invalid, match="CMP-1 is no service, and worth nothing to customers"):
            agree(mona, "sla", relay)
        assert not Agreement.objects.filter(title="Relay").exists()
        terms = {"title": "Relay", "agreement_kind": "sla", "organisation": "ORG-1"}
        organisation("Somebody")
        said = posted(mona, "/agreements/record/", **terms, service=relay.number)
        assert "CMP-1 Mail relay is no service: its kind is service component." in said

    @pytest.mark.parametrize("kind", ["ola", "ua"])
    def test_is_the_subject_of_an_ola_or_ua(
        self, mona: User, relay: ServiceComponent, kind: str
    ) -> None:
        made = agree(mona, kind, relay)
        assert made.component == relay
        assert made.title in page(mona, relay.url)

    def test_is_agreed_on_with_the_service_that_it_is_part_of(
        self, mona: User, relay: ServiceComponent
    ) -> None:
        other = service(mona, "Storage")
        made = agree(mona, "ola", relay)
        with pytest.raises(Invalid, match="Name the service that the component is part of"):
            registry["agreements.edit"](made, by=mona, service=other)

    def test_is_put_in_no_catalogue_and_is_told_why(self, relay: ServiceComponent) -> None:
        sam = holder("sam", RoleType.PROCESS_STAFF, "ISRM")
        given = {"title": "More relay", "service": relay.number}
        said = posted(sam, "/request_models/record/", **given)
        assert "CMP-1 Mail relay is no service: its kind is service component." in said

    def test_is_part_of_a_service_and_of_no_other(
        self, mona: User, mail: Service, relay: ServiceComponent
    ) -> None:
        with pytest.raises(Invalid, match="Needed before it can be in use"):
            components.record(ServiceComponent(), by=mona, title="Nothing")
        storage = service(mona, "Storage")
        with pytest.raises(Invalid, match="CMP-1 belongs to another service"):
            part(mona, storage, "Disk pool", part_of=relay)

    def test_is_never_a_part_of_itself(
        self, mona: User, mail: Service, relay: ServiceComponent
    ) -> None:
        below = part(mona, mail, "Spam filter", part_of=relay)
        with pytest.raises(Invalid, match="a part of itself"):
            registry["service_components.edit"](relay, by=mona, part_of=below)

    def test_is_retired_after_its_parts(
        self, mona: User, mail: Service, relay: ServiceComponent
    ) -> None:
        below = part(mona, mail, "Spam filter", part_of=relay)
        with pytest.raises(Denied, match="It has parts in use"):
            components.retire(relay, by=mona, reason="Old.")
        components.retire(below, by=mona, reason="Old.")
        assert not components.retire(relay, by=mona, reason="Old.").is_open

    def test_is_the_providers_own_affair(
        self, mona: User, rita: User, mail: Service, relay: ServiceComponent
    ) -> None:
        for seen in (ServiceComponent.objects, Record.objects):
            assert not seen.visible_to(rita).filter(pk=relay.pk).exists()
        assert "Mail relay" not in page(rita, mail.url)
        assert "Mail relay" not in posted(rita, "/incidents/record/", service=relay.number)


class TestTheTree:
    def test_stands_on_the_page_of_the_service(
        self, mona: User, mail: Service, relay: ServiceComponent
    ) -> None:
        below = part(mona, mail, "Spam filter", part_of=relay)
        part(mona, mail, "Word list", part_of=below)
        part(mona, mail, "Mailbox store")
        said = page(mona, mail.url)
        places = [said.index(name) for name in ("Mail relay", "Spam filter", "Word list")]
        assert places == sorted(places)
        assert said[places[0] : places[1]].count("<ul") == 1
        assert "Mailbox store" in said
        assert "Word list" in page(mona, relay.url)


class TestThePlaceOfConfigurationItems:
    def test_is_below_their_component_and_asked_for_once(
        self, mona: User, mail: Service, relay: ServiceComponent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        below = part(mona, mail, "Spam filter", part_of=relay)
        asked = []

        def items(components: list[ServiceComponent], reader: User) -> Iterator[seams.Found]:
            asked.append(components)
            for one in components:
                yield seams.Found(
                    f"CI-{one.pk}", f"Server of {one.title}", f"/cis/CI-{one.pk}/", below=one.pk
                )

        monkeypatch.setitem(seams.ITEMS.__dict__, "finders", [items])
        said = page(mona, mail.url)
        assert len(asked) == 1
        places = [said.index(name) for name in ("Spam filter", "Server of Spam filter")]
        places.append(said.index("Server of Mail relay"))
        assert places == sorted(places)
        assert f'href="/cis/CI-{relay.pk}/"' in said
        assert "Server of Spam filter" in page(mona, below.url)

    def test_is_where_services_components_and_agreements_say_as_what_they_are_registered(
        self, mona: User, rita: User, mail: Service, relay: ServiceComponent,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        def registered(record: Record, reader: User) -> Iterator[seams.Found]:
            yield seams.Found("CI-7", f"Document of {record.number}", "/cis/CI-7/")

        default = Agreement.objects.get(organisation=None, service=None)
        records = (mail, relay, default)
        assert not [one for one in records if "As configuration item" in page(mona, one.url)]
        monkeypatch.setitem(seams.REGISTERED.__dict__, "finders", [registered])
        for one in records:
            assert f"Document of {one.number}" in page(mona, one.url)
        assert "CI-7" not in page(rita, mail.url)

    def test_costs_nothing_while_nobody_fills_it(self) -> None:
        assert not seams.ITEMS.is_filled
        assert not seams.REGISTERED.is_filled
