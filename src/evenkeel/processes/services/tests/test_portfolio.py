"""The portfolio: phases of services, what their records lack, and their reviews."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.notices import jobs as notices
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import numbering
from evenkeel.core.records.models import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.processes.services import jobs
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import reviewing
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Agreement, Service
from tests.clocks.conftest import START, after, holder, organisation

pytestmark = pytest.mark.django_db
FULL: dict[str, Any] = {"value": "People reach each other.", "description": "Mailboxes and lists."}
YESTERDAY, TOMORROW = START.date() - timedelta(days=1), START.date() + timedelta(days=1)


@pytest.fixture
def mona() -> User:
    """Manages services and agreements."""
    return holder("mona", RoleType.PROCESS_MANAGER, "SPM")


@pytest.fixture
def rita() -> User:
    """Uses services, and holds no role."""
    return User.objects.create_user("rita")


def service(by: User, title: str = "Mail", **fields: Any) -> Service:
    made: Service = services.record(Service(), by=by, at=START, title=title, **fields)
    return made


def own(about: Service, login: str = "sofia") -> User:
    """Somebody who answers for it."""
    user = User.objects.create_user(login, full_name=login.capitalize())
    known = {"number": f"ROLE-{numbering.take('role')}", "of_kind": "role", "title": login}
    role = Role.objects.create(role_type=RoleType.SERVICE_OWNER, context=about.number, **known)
    RoleAssignment.objects.create(role=role, person=user, starts_at=after(days=-1))
    return user


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def told(record: Record) -> set[str]:
    """Who has a notice of it."""
    for entry in Entry.objects.filter(record=record).order_by("position"):
        notices.spread(entry=entry.pk)
    found: Any = Notice.objects.filter(record=record)
    return set(found.values_list("recipient__username", flat=True))


class TestAService:
    def test_goes_from_a_proposal_to_its_end(self, mona: User) -> None:
        made = service(mona, phase="proposed")
        for verb, state in (("plan", "planned"), ("launch", "live")):
            made = registry[f"services.{verb}"](made, by=mona, at=START)
            assert made.state == state
        made = services.phase_out(made, by=mona, at=START, reason="Nobody uses it.")
        assert (made.state, made.is_open) == ("retiring", True)
        made = services.retire(made, by=mona, at=START, reason="As announced.")
        assert (made.state, made.is_open) == ("retired", False)

    def test_is_live_unless_something_else_is_said(self, mona: User) -> None:
        assert service(mona).state == "live"

    @pytest.mark.parametrize(("phase", "is_known"), [("planned", False), ("live", True)])
    def test_is_known_to_users_once_it_is_offered(
        self, mona: User, rita: User, phase: str, is_known: bool
    ) -> None:
        made = service(mona, phase=phase)
        for seen in (Service.objects, Record.objects):
            assert seen.visible_to(rita).filter(pk=made.pk).exists() is is_known
            assert seen.visible_to(mona).filter(pk=made.pk).exists()
        assert ("Mail" in page(rita, "/suggest/service/?q=mail")) is is_known
        assert ("Mail" in page(rita, "/services/")) is is_known

    def test_is_edited_by_its_owner_and_by_no_other(self, mona: User, rita: User) -> None:
        made = service(mona)
        sofia = own(made)
        edit = registry["services.edit"]
        assert edit(made, by=sofia, value="People reach each other.").value
        with pytest.raises(Denied, match="the service owner"):
            edit(made, by=rita, value="Mine.")
        with pytest.raises(Denied):
            edit(service(mona, "Storage"), by=sofia, value="Mine.")


class TestTheDataQualityReport:
    @pytest.mark.row("BASE-05")
    def test_names_a_live_service_without_value_or_owner(self, mona: User) -> None:
        bare = service(mona)
        for address in ("/portfolio/", bare.url):
            said = page(mona, address).lower()
            assert "its value to the customer, what it is, an owner" in said
        registry["services.edit"](bare, by=mona, **FULL)
        assert "An owner</td>" in page(mona, "/portfolio/")
        own(bare)
        assert "Every service that is offered says what it is" in page(mona, "/portfolio/")
        assert "The record lacks" not in page(mona, bare.url)
        assert "Sofia" in page(mona, bare.url)

    def test_asks_nothing_of_a_proposal(self, mona: User) -> None:
        made = service(mona, phase="proposed")
        assert "Every service that is offered" in page(mona, "/portfolio/")
        assert "The record lacks" not in page(mona, made.url)

    def test_asks_as_often_however_many_services_there_are(self, mona: User) -> None:
        client = Client()
        client.force_login(mona)
        asked = []
        for number in range(9):
            service(mona, f"Service {number}")
            with CaptureQueriesContext(connection) as found:
                assert f"Service {number}" in client.get("/portfolio/").content.decode()
            asked.append(len(found))
        assert len(set(asked[1:])) == 1

    def test_is_for_those_who_look_after_the_portfolio(self, rita: User, mona: User) -> None:
        client = Client()
        client.force_login(rita)
        assert client.get("/portfolio/").status_code == 403
        assert "The record lacks" not in page(rita, service(mona).url)


class TestAReview:
    @pytest.mark.row("ROLE-36")
    def test_that_is_overdue_is_flagged(self, mona: User) -> None:
        made = service(mona, review_on=YESTERDAY, plan="https://plans.example/mail", **FULL)
        assert "To be reviewed</b> since 3 May 2026" in page(mona, made.url)
        assert 'href="https://plans.example/mail"' in page(mona, made.url)
        assert "3 May 2026" in page(mona, "/portfolio/")
        services.review(made, by=mona, finding="It holds as it is.")
        assert "To be reviewed</b> since" not in page(mona, made.url)
        assert "No service and no agreement waits" in page(mona, "/portfolio/")

    @pytest.mark.row("ROLE-36")
    def test_is_reminded_of_once_for_each_day_that_was_set(self, mona: User) -> None:
        made = service(mona, review_on=START.date())
        sofia = own(made)
        assert reviewing.remind_due(after(days=-1)) == 0
        assert [reviewing.remind_due(START), reviewing.remind_due(after(days=1))] == [1, 0]
        assert told(made) == {"sofia"}
        assert "To be reviewed</b> since" in page(sofia, made.url)
        made.refresh_from_db()
        again = services.review(made, by=mona, at=START, finding="Fine.", next_review=TOMORROW)
        assert reviewing.remind_due(after(days=1)) == 1
        with pytest.raises(Invalid, match="lies in the future"):
            services.review(again, by=mona, at=after(days=1), finding="Fine.", next_review=TOMORROW)

    def test_stands_in_the_list_as_a_day_that_says_what_it_is(self, mona: User) -> None:
        service(mona, review_on=date(2027, 3, 7))
        cell = '<td class="figure" data-label="Next review">7 Mar 2027</td>'
        assert cell in page(mona, "/services/")

    def test_of_an_agreement_is_its_owners_work(self, mona: User) -> None:
        made = agreements.record(
            Agreement(),
            by=mona,
            at=START,
            title="Gold",
            organisation=organisation("Coastal Genomics"),
            review_on=timezone.localdate(),
        )
        jobs.remind_of_reviews()
        assert told(made) == {"mona"}
        assert "To be reviewed</b> since" in page(mona, made.url)
        made.refresh_from_db()
        made = agreements.review(made, by=mona, finding="Nothing has changed.")
        assert made.review_on > timezone.localdate() + timedelta(days=360)

    def test_of_a_service_without_an_owner_is_the_managers_work(self, mona: User) -> None:
        made = service(mona, review_on=YESTERDAY)
        reviewing.remind_due(START)
        assert told(made) == {"mona"}
