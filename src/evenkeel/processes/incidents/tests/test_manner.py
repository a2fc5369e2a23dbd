"""How somebody reads: in their language and by their clock, on every page, in mail and in forms."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.actions import person as people
from evenkeel.core.directory.models import Person
from evenkeel.core.notices import alarms
from evenkeel.core.people import manner, trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.records.entry import Entry
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.testing.mail import Post
from evenkeel.core.testing.parties import party
from evenkeel.core.web import words
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/manner/"
MOMENT = datetime(2026, 3, 5, 20, 5, tzinfo=UTC)
AFAR: dict[str, Any] = {"language": "en-us", "time_zone": "America/New_York", "theme": "dark"}


@pytest.fixture
def zoe() -> Person:
    made: Person = people.record(
        Person(title="Zoe", organisation=party(), email="zoe@users.example"),
        by=User.objects.the_sms(),
        login="zoe",
    )
    return made


@pytest.fixture
def afar(zoe: Person) -> Client:
    """The browser of Zoe, who is in New York."""
    people.choose_manner(zoe, by=zoe.user, **AFAR)
    return browser_of(User.objects.get(pk=zoe.user_id))


def case_of(person: Person) -> Incident:
    made: Incident = registry["incidents.record"](
        Incident(title="Mail is down", requester=person.user), by=person.user, at=MOMENT
    )
    return made


class TestManner:
    def test_says_day_and_time_as_the_language_writes_them(self) -> None:
        assert manner.of("en-us", "America/New_York").exact(MOMENT) == "Mar 5, 2026, 3:05 PM"
        assert manner.of("en-gb", "Europe/Oslo").exact(MOMENT) == "5 Mar 2026, 21:05"
        assert manner.of("", "").exact(MOMENT) == "5 Mar 2026, 20:05"

    def test_says_the_time_alone_of_what_is_today_there(self) -> None:
        late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
        assert manner.of("", "").near(late, MOMENT) == "23:30"
        assert manner.of("", "Asia/Tokyo").near(late, late) == "08:30"
        assert manner.of("", "Asia/Tokyo").near(MOMENT, datetime(2026, 3, 7, tzinfo=UTC)) == (
            "Fri 6 Mar, 05:05"
        )

    def test_of_a_language_or_a_zone_that_is_gone_is_that_of_the_place(self) -> None:
        assert manner.of("tlh", "").language == "en-gb"
        for gone in ("Mars/Base", "/etc/passwd", "../x"):
            assert manner.of("", gone) == manner.of("", "UTC")

    def test_ends_with_the_page(self, zoe: Person, settings: Any) -> None:
        account = zoe.user
        account.time_zone = "Asia/Tokyo"
        with manner.reading(account):
            assert words.exact(MOMENT) == "6 Mar 2026, 05:05"
        assert words.exact(MOMENT) == "5 Mar 2026, 20:05"
        settings.TIME_ZONE = "Europe/Oslo"
        assert words.exact(MOMENT) == "5 Mar 2026, 21:05"


class TestChoice:
    def test_is_made_on_its_page_and_kept_as_evidence(self, zoe: Person) -> None:
        browser = browser_of(zoe.user)
        assert "As the installation has it: UTC" in browser.get(PAGE).content.decode()
        answer = browser.post(PAGE, AFAR, follow=True)
        assert "Your choice holds from now on." in answer.content.decode()
        assert Entry.objects.filter(record=zoe).latest("pk").verb == "people.choose_manner"
        zoe.refresh_from_db()
        account = User.objects.get(pk=zoe.user_id)
        for holds in (zoe, account):
            assert {name: getattr(holds, name) for name in AFAR} == AFAR
        page = browser.get(PAGE).content.decode()
        assert '<html lang="en-us" data-bs-theme="dark">' in page
        assert 'value="America/New_York" selected' in page

    def test_can_be_taken_back(self, afar: Client, zoe: Person) -> None:
        afar.post(PAGE, {"language": "", "time_zone": "", "theme": ""})
        account = User.objects.get(pk=zoe.user_id)
        assert (account.language, account.time_zone, account.theme) == ("", "", "")
        assert '<html lang="en-gb">' in afar.get(PAGE).content.decode()

    @pytest.mark.parametrize(
        "wrong", [{"time_zone": "Mars/Base"}, {"language": "tlh"}, {"theme": "x\x00"}]
    )
    def test_of_what_there_is_not_is_refused(self, zoe: Person, wrong: dict[str, str]) -> None:
        answer = browser_of(zoe.user).post(PAGE, {**AFAR, **wrong})
        assert answer.status_code == 422
        assert "Select a valid choice" in answer.content.decode()
        with pytest.raises(Invalid):
            registry["people.choose_manner"].clean({**AFAR, **wrong}, by=zoe.user)

    def test_is_ones_own(self, zoe: Person, sam: User) -> None:
        with pytest.raises(Denied):
            people.choose_manner(zoe, by=sam, **AFAR)

    def test_refuses_colours_that_are_none_in_the_menu_too(self, afar: Client) -> None:
        answer = afar.post("/accounts/manner/theme/", {"theme": "zz"})
        assert (answer.status_code, "zz is not one" in answer.content.decode()) == (422, True)

    def test_changes_colours_although_the_zone_is_gone(self, afar: Client) -> None:
        Person.objects.update(time_zone="Mars/Base")
        User.objects.filter(username="zoe").update(time_zone="Mars/Base")
        assert afar.post("/accounts/manner/theme/", {"theme": "light"}).status_code == 204
        account = User.objects.get(username="zoe")
        assert (account.theme, account.time_zone) == ("light", "Mars/Base")

    def test_of_colours_is_made_in_the_menu_and_follows_to_every_device(
        self, afar: Client, zoe: Person
    ) -> None:
        assert afar.post("/accounts/manner/theme/", {"theme": "light"}).status_code == 204
        elsewhere = browser_of(User.objects.get(pk=zoe.user_id))
        elsewhere.cookies["theme"] = "dark"  # of whoever sat here before
        page = elsewhere.get("/notices/").content.decode()
        assert 'data-bs-theme="light"' in page
        assert User.objects.get(pk=zoe.user_id).time_zone == "America/New_York"

    def test_is_not_there_for_an_account_without_a_record(self, omar: User) -> None:
        browser = browser_of(omar)
        assert "no record in the directory" in browser.get(PAGE).content.decode()
        assert browser.post("/accounts/manner/theme/", {"theme": "light"}).status_code == 204

    def test_is_for_those_who_are_signed_in(self) -> None:
        assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


class TestReading:
    def test_goes_by_ones_own_clock_on_pages(self, afar: Client, zoe: Person, sam: User) -> None:
        case = case_of(zoe)
        theirs = afar.get(f"/portal/cases/{case.number}/").content.decode()
        assert "Mar 5, 2026, 3:05 PM" in theirs
        assert "5 Mar 2026, 20:05" in browser_of(sam).get(case.url).content.decode()

    def test_of_what_is_typed_is_by_the_same_clock(self, afar: Client, zoe: Person) -> None:
        with manner.reading(User.objects.get(pk=zoe.user_id)):
            given = registry["incidents.put_on_hold"].clean(
                {"hold_reason": "maintenance", "begins": "2026-07-01T09:00"}, by=zoe.user
            )
        assert given["begins"] == datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("America/New_York"))

    def test_leaves_what_programs_send_to_the_clock_of_the_place(self, zoe: Person) -> None:
        given = registry["incidents.put_on_hold"].clean(
            {"hold_reason": "maintenance", "begins": "2026-07-01T09:00"}, by=zoe.user
        )
        assert given["begins"] == datetime(2026, 7, 1, 9, tzinfo=UTC)

    def test_of_a_mail_is_by_the_clock_of_its_recipient(
        self, afar: Client, zoe: Person, post: Post
    ) -> None:
        trail.append(Kind.SIGNED_IN, Visitor("192.0.2.7", "F/1"), person=zoe.user, at=MOMENT)
        alarms.tell_of_device(trail.AccessEntry.objects.latest("position").pk)
        text = post.taken[0].get_content()
        assert "Mar 5, 2026, 3:05 PM EST" in text

    def test_of_a_day_of_the_system_is_that_of_the_place(self, afar: Client, zoe: Person) -> None:
        with manner.reading(User.objects.get(pk=zoe.user_id)):
            assert timezone.get_current_timezone_name() == "UTC"
