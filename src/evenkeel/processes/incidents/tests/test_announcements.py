"""What is announced of a major incident: to whom, how soon, how often, and what stays inside."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Organisation, Role
from evenkeel.core.notices import jobs as notices
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import numbering
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import Denied, registry
from evenkeel.processes.incidents import jobs
from evenkeel.processes.incidents.actions import announcement as announcements
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Announcement, Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db


def organisation(title: str, **fields: Any) -> Organisation:
    number = f"ORG-{numbering.take('organisation')}"
    known = {"of_kind": "organisation", "state": "in_force", "part": "customer", "title": title}
    made: Organisation = Organisation.objects.create(number=number, **known, **fields)
    return made


def holds(login: str, role_type: RoleType, context: str) -> User:
    """An account with a role outside of ISRM."""
    user = User.objects.create_user(login, full_name=login.capitalize())
    number = f"ROLE-{numbering.take('role')}"
    role, _ = Role.objects.get_or_create(
        role_type=role_type,
        context=context,
        defaults={"number": number, "of_kind": "role", "title": login},
    )
    start = timezone.now() - timedelta(days=1)
    RoleAssignment.objects.create(role=role, person=user, starts_at=start)
    return user


@pytest.fixture
def lena() -> User:
    """Speaks for the customer."""
    return User.objects.create_user("lena", full_name="Lena Vogel")


@pytest.fixture
def customer(lena: User) -> Organisation:
    return organisation("Coastal Genomics", contact_person=lena)


@pytest.fixture
def service() -> Any:
    action = registry["services.record"]
    manager = holds("serge", RoleType.SMS_MANAGER, "SMS")
    return action(action.model(), by=manager, title="Notebooks")


@pytest.fixture
def grave(incident: Incident, customer: Organisation, sam: User) -> Incident:
    """Work has stopped widely, for a customer."""
    edit = registry["incidents.edit"]
    edit(incident, by=sam, organisation=customer)
    incidents.classify(incident, by=sam, category="Mail")
    done: Incident = incidents.prioritise(incident, by=sam, impact=1, urgency=1)
    return done


@pytest.fixture
def said(grave: Incident, sam: User) -> Announcement:
    """What was announced when it was declared."""
    incidents.declare_major(grave, by=sam, headline="Nobody can log in", text="We look for it.")
    return Announcement.objects.get()


def spread(announcement: Announcement) -> set[str]:
    """What the worker does with its last entry; who is told of it."""
    entry = Entry.objects.filter(record=announcement).latest("position")
    notices.spread(entry=entry.pk)
    return set(Notice.objects.filter(entry=entry).values_list("recipient__username", flat=True))


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


class TestStakeholders:
    @pytest.mark.row("ISRM-39")
    def test_hear_of_it_when_it_is_declared(
        self, grave: Incident, sam: User, mona: User, rita: User, lena: User, omar: User
    ) -> None:
        olga = holder("olga", RoleType.PROCESS_OWNER)
        top = holds("ingrid", RoleType.SMS_OWNER, "SMS")
        manager = holds("tomas", RoleType.SMS_MANAGER, "SMS")
        report = incidents.record(Incident(), by=omar, title="No mail")
        incidents.join_parent(report, by=sam, parent=grave)
        incidents.declare_major(grave, by=sam)
        announcement = Announcement.objects.get()
        expected = {olga, mona, top, manager, lena, rita, omar}
        assert spread(announcement) == {user.username for user in expected}
        notice = Notice.objects.get(recipient=lena)
        assert notice.made_at - grave.recorded_at < timedelta(minutes=1)
        assert notice.told_as == "told"
        assert "Major disruption" in text(browser_of(lena), "/notices/")
        led = browser_of(lena).get(f"/notices/{notice.pk}/")
        assert led["Location"] == "/portal/status/"

    @pytest.mark.row("ISRM-39")
    def test_are_those_who_answer_for_a_service_that_is_hurt(
        self, grave: Incident, sam: User, service: Any
    ) -> None:
        registry["incidents.edit"](grave, by=sam, service=service)
        sofia = holds("sofia", RoleType.SERVICE_OWNER, service.number)
        holds("felix", RoleType.SERVICE_OWNER, "SRV-999")
        incidents.declare_major(grave, by=sam)
        told = spread(Announcement.objects.get())
        assert sofia.username in told
        assert "felix" not in told
        assert Announcement.objects.get().title == "Disruption: Notebooks"

    def test_hear_how_it_goes_on_and_that_it_is_over(
        self, said: Announcement, sam: User, lena: User
    ) -> None:
        announcements.update(said, by=sam, text="Found. An hour yet.")
        assert "lena" in spread(said)
        incident = said.about
        incidents.resolve(incident, by=sam, solution="Raised the limit.")
        assert "lena" in spread(said)
        said.refresh_from_db()
        assert (said.state, said.is_open) == ("over", False)
        assert "It is over: Nobody can log in" in text(browser_of(lena), "/notices/")


class TestCadence:
    @pytest.mark.row("ISRM-39")
    def test_reminds_whoever_speaks_once_each_time(
        self, said: Announcement, sam: User, mona: User
    ) -> None:
        incidents.name_coordinator(said.about, by=sam, coordinator=mona, reason="She is awake.")
        announcements.update(said, by=sam, text="Found.")
        said.refresh_from_db()
        assert said.case_owner == mona
        due: Any = said.due_at
        assert announcements.remind_all(due - timedelta(minutes=1)) == 0
        assert announcements.remind_all(due) == 1
        assert spread(said) == {"mona"}
        assert announcements.remind_all(due) == 0
        said.refresh_from_db()
        assert said.is_breached
        again = announcements.update(said, by=sam, text="Sorry for the silence.")
        assert not again.is_breached

    def test_is_looked_after_by_a_job(self, said: Announcement) -> None:
        every: Any = Announcement.objects.filter(pk=said.pk)
        every.update(due_at=timezone.now())
        jobs.remind_of_updates()
        assert Entry.objects.filter(record=said, verb="announcements.remind").count() == 1


class TestStatusPage:
    @pytest.mark.row("ISRM-39")
    def test_tells_users_what_is_said_and_nothing_internal(
        self, said: Announcement, sam: User, rita: User
    ) -> None:
        registry["incidents.note"](said.about, by=sam, text="Felix broke it.")
        announcements.update(said, by=sam, text="Two of three nodes work.")
        ritas = browser_of(rita)
        assert "Nobody can log in" in text(ritas, "/portal/")
        page = text(ritas, "/portal/status/")
        assert page.index("Two of three nodes work.") < page.index("We look for it.")
        assert "We tell you more by" in page
        assert "Felix" not in page
        assert "INC-" not in page
        own = text(ritas, said.url)
        assert "INC-" not in own

    def test_keeps_for_a_week_what_is_over(self, said: Announcement, sam: User) -> None:
        announcements.end(said, by=sam, text="All works again.")
        page = text(browser_of(sam), "/portal/status/")
        assert "We know of no major disruption" in page
        assert "All works again." in page
        assert "Nobody can log in" not in text(browser_of(sam), "/portal/")
        every: Any = Announcement.objects.filter(pk=said.pk)
        every.update(closed_at=timezone.now() - timedelta(days=8))
        assert "All works again." not in text(browser_of(sam), "/portal/status/")

    def test_shows_what_is_for_one_customer_to_its_people_only(
        self, grave: Incident, customer: Organisation, sam: User, omar: User
    ) -> None:
        incidents.declare_major(grave, by=sam, headline="Their cluster", only_for=customer)
        theirs = User.objects.create_user("ben", organisation=customer)
        assert "Their cluster" in text(browser_of(theirs), "/portal/status/")
        assert "Their cluster" not in text(browser_of(omar), "/portal/status/")
        assert browser_of(omar).get(Announcement.objects.get().url).status_code == 404

    def test_is_spoken_for_by_the_process_alone(self, said: Announcement, lena: User) -> None:
        with pytest.raises(Denied):
            announcements.update(said, by=lena, text="Refund us.")
