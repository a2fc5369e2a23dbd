"""Whoever owns a service hears of its cases without watching them (FitSM-3; ROLE-37)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.directory.models import Person, Role
from evenkeel.core.notices import jobs, wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.services.models import Service
from tests.clocks.conftest import holder

pytestmark = pytest.mark.django_db
do = registry.__getitem__
FAR = timezone.now() + timedelta(days=60)  # by when every target is over


@pytest.fixture
def sam() -> User:
    """A member of process staff."""
    return holder("sam", RoleType.PROCESS_STAFF, "ISRM")


@pytest.fixture
def mail() -> Service:
    sms = holder("mona", RoleType.PROCESS_MANAGER, "SPM")
    made: Service = do("services.record")(Service(), by=sms, title="Mail")
    return made


def own(service: Service, login: str) -> User:
    """Somebody whom the directory knows, and who owns the service."""
    sms = User.objects.the_sms()
    person = do("people.record")(
        Person(title=login.title(), organisation=party()), by=sms, login=login
    )
    kind: dict[str, Any] = {"role_type": RoleType.SERVICE_OWNER, "context": service.number}
    held = do("roles.record")(
        Role(), by=sms, title=f"Owner of {service.title}", definition="Answer for it", **kind
    )
    do("roles.assign")(held, by=sms, person=person.user)
    return User.objects.get(pk=person.user_id)


@pytest.fixture
def sofia(mail: Service) -> User:
    """Owns mail, and holds no role of ISRM."""
    return own(mail, "sofia")


def late(case: Any, sam: User) -> None:
    """Its time is over."""
    do("incidents.classify")(case, by=sam, category="Mail")
    do("incidents.prioritise")(case, by=sam, impact=3, urgency=3)
    do("incidents.breach")(case, by=User.objects.the_sms(), at=FAR, clock="resolution")


def heard(record: Record, user: User, since: int = 0) -> list[str]:
    """What the worker tells somebody of what was done to a record; verbs, in their order."""
    for entry in Entry.objects.filter(record=record, position__gt=since).order_by("position"):
        jobs.spread(entry=entry.pk)
    found = Notice.objects.filter(record=record, recipient=user).order_by("entry__position")
    return [verb.partition(".")[2] for verb in found.values_list("entry__verb", flat=True)]


def reported(by: User, **fields: Any) -> Any:
    return do("incidents.record")(Incident(), by=by, title="No mail", **fields)


class TestTheOwnerOfAService:
    def test_is_told_of_its_incidents_from_the_record_to_the_end(
        self, mail: Service, sofia: User, sam: User
    ) -> None:
        case = reported(sam, service=mail)
        late(case, sam)
        do("incidents.resolve")(case, by=sam, at=FAR, solution="Restarted it.")
        assert heard(case, sofia) == ["record", "breach", "resolve"]

    def test_is_told_of_its_requests(self, mail: Service, sofia: User, sam: User) -> None:
        case = do("service_requests.record")(
            ServiceRequest(), by=sam, title="A mailbox", service=mail, wish="access"
        )
        do("service_requests.classify")(case, by=sam, category="Mail")
        do("service_requests.fulfil")(case, by=sam, solution="Made it.")
        assert heard(case, sofia) == ["record", "fulfil"]

    def test_is_told_when_a_case_is_put_under_it_and_not_before(
        self, mail: Service, sofia: User, sam: User
    ) -> None:
        case = reported(sam)
        assert heard(case, sofia) == []
        do("incidents.edit")(case, by=sam, service=mail)
        do("incidents.edit")(case, by=sam, title="No mail at all")
        assert heard(case, sofia, since=1) == ["edit"]

    def test_is_told_of_no_other_service(self, mail: Service, sofia: User, sam: User) -> None:
        other = do("services.record")(Service(), by=User.objects.get(username="mona"), title="Web")
        case = reported(sam, service=other)
        assert heard(case, sofia) == []
        assert case not in Incident.objects.visible_to(sofia)

    def test_reads_the_case_but_nothing_internal(
        self, mail: Service, sofia: User, sam: User
    ) -> None:
        case = reported(sam, service=mail)
        do("incidents.note")(case, by=sam, text="The customer is rude.")
        browser = Client()
        browser.force_login(sofia)
        shown = browser.get(case.url).content.decode()
        assert "No mail" in shown
        assert "rude" not in shown
        assert "note" not in heard(case, sofia)

    def test_is_quoted_nothing(self, mail: Service, sofia: User, sam: User) -> None:
        case = reported(sam, service=mail)
        do("incidents.classify")(case, by=sam, category="Mail")
        do("incidents.resolve")(case, by=sam, solution="Secret way.")
        heard(case, sofia)
        said = wording.said(wording.newest(sofia, 9))
        assert [one.quoted for one in said] == ["", ""]
        assert said[0].sentence == f"{case.number} “No mail” is resolved."

    @pytest.mark.parametrize(
        ("choice", "verbs"), [("all", ["record", "breach"]), ("grave", ["breach"]), ("none", [])]
    )
    def test_chooses_of_what_on_the_page(
        self, mail: Service, sofia: User, sam: User, choice: str, verbs: list[str]
    ) -> None:
        browser = Client()
        browser.force_login(sofia)
        address = "/notices/settings/"
        assert "service_notices" in browser.get(address).content.decode()
        given = {"mail_notices": "at_once", "service_notices": choice}
        assert browser.post(address, given).status_code == 302
        case = reported(sam, service=mail)
        late(case, sam)
        assert heard(case, sofia) == verbs

    def test_is_looked_up_by_the_worker_and_not_by_whoever_acts(
        self, mail: Service, sofia: User, sam: User
    ) -> None:
        case = reported(sam, service=mail)
        do("incidents.classify")(case, by=sam, category="Mail")
        with CaptureQueriesContext(connection) as asked:
            do("incidents.resolve")(case, by=sam, solution="Restarted it.")
        assert not [one for one in asked if "core_roleassignment" in one["sql"]]


class TestWhoOwnsNothing:
    def test_is_asked_for_no_choice(self, sam: User) -> None:
        browser = Client()
        browser.force_login(sam)
        assert "service_notices" not in browser.get("/notices/settings/").content.decode()
