"""The door: how often may be tried, what is written down, where one is signed in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.notices import alarms
from evenkeel.core.notices.posting import Busy
from evenkeel.core.people import throttle, trail
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.people.sessions import Session
from evenkeel.core.people.trail import AccessEntry, Kind, Visitor
from evenkeel.core.testing.mail import Post
from evenkeel.core.web.access import device

pytestmark = pytest.mark.django_db
GOOD = "three-herons-7"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", GOOD, full_name="Vera", email="vera@a.example")


@pytest.fixture
def auditor() -> Client:
    ada = User.objects.create_user("ada")
    role = Role.objects.get(role_type=RoleType.SMS_MANAGER)
    RoleAssignment.objects.create(role_id=role.pk, person=ada, starts_at=timezone.now())
    client = Client()
    client.force_login(ada)
    return client


def browser(address: str = "192.0.2.1", agent: str = FIREFOX) -> Client:
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)


def sign_in(client: Client, login: str = "vera", password: str = GOOD) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password})


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def is_in(client: Client) -> bool:
    return client.get("/portal/").status_code == 200


def happened() -> list[tuple[str, str | None]]:
    found = AccessEntry.objects.order_by("position").values_list("kind", "person__username")
    return list(found)


def asked_for() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'entry' FROM procrastinate_jobs WHERE task_name = 'core.tell_of_device'"
        )
        return [int(entry) for (entry,) in cursor.fetchall()]


class TestANewDevice:
    def test_is_told_by_mail_to_whoever_was_signed_in(self, vera: User, post: Post) -> None:
        sign_in(browser())
        assert asked_for() == []  # the first time
        sign_in(browser("198.51.100.9", "curl/8.1"))
        [entry] = asked_for()
        alarms.tell_of_device(entry=entry)
        [mail] = post.taken
        assert (mail["To"], mail["Subject"]) == ("vera@a.example", alarms.SUBJECT)
        said = mail.get_content()
        assert all(part in said for part in ("198.51.100.9", "curl/8.1", "/accounts/sessions/"))

    def test_is_known_from_then_on(self, vera: User, post: Post) -> None:
        desk = browser()
        for _ in range(3):
            sign_in(desk)
            desk.post("/accounts/logout/")
        assert asked_for() == []

    def test_stands_in_the_list_of_sign_ins(self, vera: User) -> None:
        sign_in(browser())
        other = browser("198.51.100.9")
        sign_in(other)
        assert "password, from a new device" in text(other.get("/accounts/sessions/"))
        assert asked_for() == []  # no mail is sent here

    def test_keeps_nobody_out_when_no_mail_can_be_sent(self, vera: User, post: Post) -> None:
        sign_in(browser())
        post.to_text = "451 later"
        other = browser("198.51.100.9")
        sign_in(other)
        assert is_in(other)
        with pytest.raises(Busy):
            alarms.tell_of_device(entry=asked_for()[0])


class TestTheDoor:
    def test_is_closed_to_whoever_guesses(self, vera: User) -> None:
        guesser = browser("198.51.100.9")
        for _ in range(throttle.OF_LOGIN):
            assert "do not fit" in text(sign_in(guesser, password="guess"))
        assert "Too many failed attempts" in text(sign_in(guesser))
        assert not is_in(guesser)

    def test_stays_open_to_the_victim_of_a_guesser(self, vera: User) -> None:
        for _ in range(throttle.OF_LOGIN + 3):
            sign_in(browser("198.51.100.9"), password="guess")
        victim = browser("192.0.2.1")
        sign_in(victim)
        assert is_in(victim)

    def test_stays_open_to_a_known_device_behind_the_same_address(self, vera: User) -> None:
        desk = browser()
        sign_in(desk)
        desk.post("/accounts/logout/")
        for _ in range(throttle.OF_LOGIN):
            sign_in(browser(), password="guess")
        assert "Too many" in text(sign_in(browser()))
        sign_in(desk)
        assert is_in(desk)

    def test_does_not_let_a_known_device_guess_for_ever(self, vera: User) -> None:
        stolen = browser()
        sign_in(stolen)
        stolen.post("/accounts/logout/")
        for _ in range(throttle.OF_LOGIN):
            sign_in(stolen, password="guess")
        assert "Too many" in text(sign_in(stolen))

    def test_does_not_take_the_mark_of_a_device_for_another_account(self, vera: User) -> None:
        User.objects.create_user("mallory", GOOD)
        desk = browser()
        sign_in(desk, "mallory")
        mark = next(name for name in desk.cookies if name.startswith("known-"))
        desk.cookies[f"known-{vera.pk}"] = desk.cookies[mark].value
        desk.post("/accounts/logout/")
        for _ in range(throttle.OF_LOGIN):
            sign_in(desk, password="guess")
        assert not AccessEntry.objects.filter(said__startswith="On the known device").exists()

    def test_is_closed_to_an_address_that_tries_many_logins(self, vera: User) -> None:
        for number in range(throttle.OF_SOURCE):
            trail.append(Kind.FAILED, Visitor("198.51.100.9", ""), login=f"somebody-{number}")
        assert "Too many" in text(sign_in(browser("198.51.100.9")))

    def test_counts_an_ipv6_network_as_one_place(self, vera: User) -> None:
        for number in range(throttle.OF_LOGIN):
            sign_in(browser(f"2001:db8::{number + 1}"), password="guess")
        assert "Too many" in text(sign_in(browser("2001:db8::ffff")))
        assert "Too many" not in text(sign_in(browser("2001:db8:0:1::1"), password="guess"))

    def test_opens_again_after_a_while(self, vera: User) -> None:
        before = timezone.now() - throttle.WINDOW - timedelta(seconds=1)
        for _ in range(throttle.OF_LOGIN):
            trail.append(Kind.FAILED, Visitor("192.0.2.1", ""), login="vera", at=before)
        assert sign_in(browser()).status_code == 302

    def test_says_the_same_of_an_account_that_is_not_there(self, vera: User) -> None:
        def said(login: str) -> list[str]:
            pages = [text(sign_in(browser(), login, "guess")) for _ in range(throttle.OF_LOGIN + 1)]
            told = "Login and password do not fit[^<]*|Too many failed[^<]*"
            return [why.strip() for page in pages for why in re.findall(told, page)]

        there = said("vera")
        assert len(set(there)) == 2
        assert said("nobody") == there

    def test_trusts_what_a_proxy_says_only_where_there_is_one(
        self, vera: User, settings: Any
    ) -> None:
        forged = {"X-Forwarded-For": "203.0.113.5, 198.51.100.1"}
        sign = {"login": "vera", "password": "guess"}
        browser().post("/accounts/login/", sign, headers=forged)
        assert AccessEntry.objects.latest("position").address == "192.0.2.1"
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        browser().post("/accounts/login/", sign, headers=forged)
        assert AccessEntry.objects.latest("position").address == "198.51.100.1"


class TestTheTrail:
    def test_tells_who_came_and_went(self, vera: User) -> None:
        desk = browser()
        sign_in(desk, password="guess")
        sign_in(desk)
        desk.post("/accounts/logout/")
        assert happened() == [("failed", "vera"), ("signed_in", "vera"), ("signed_out", "vera")]
        assert list(trail.broken()) == []

    def test_keeps_nothing_readable_of_a_login_that_is_nobodys(self, vera: User) -> None:
        sign_in(browser(), login="my-secret-password")
        entry = AccessEntry.objects.get()
        assert entry.person is None
        assert "my-secret" not in repr(entry.__dict__)

    def test_notes_a_flood_of_refusals_once(self, vera: User) -> None:
        for _ in range(throttle.OF_LOGIN + 20):
            sign_in(browser(), password="guess")
        assert AccessEntry.objects.filter(kind=Kind.REFUSED).count() == 1
        assert AccessEntry.objects.count() == throttle.OF_LOGIN + 1

    def test_cannot_be_changed(self, vera: User) -> None:
        entry = trail.append(Kind.SIGNED_IN, Visitor(None, ""), person=vera)
        with pytest.raises(TypeError):
            entry.save()
        with pytest.raises(TypeError):
            entry.delete()
        with pytest.raises(ProgrammingError, match="evidence"):
            AccessEntry.objects.update(said="nothing happened")

    @pytest.mark.parametrize(
        ("tamper", "sentence"),
        [
            ("UPDATE core_accessentry SET said = 'x' WHERE position = 2", "entry 2 (failed)"),
            ("DELETE FROM core_accessentry WHERE position = 2", "entry 2 is missing"),
        ],
    )
    def test_names_what_was_changed_behind_its_back(
        self, vera: User, tamper: str, sentence: str
    ) -> None:
        for kind in (Kind.SIGNED_IN, Kind.FAILED, Kind.SIGNED_OUT):
            trail.append(kind, Visitor("192.0.2.1", ""), person=vera)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE core_accessentry DISABLE TRIGGER access_is_evidence")
            cursor.execute(tamper)
        (fault,) = trail.broken()
        assert sentence in fault

    def test_is_shown_to_those_who_answer_for_it(self, vera: User, auditor: Client) -> None:
        sign_in(browser(), password="guess")
        page = text(auditor.get("/accounts/access/?of=vera&kind=failed"))
        assert "<td>Attempt failed" in page, page[-2500:]
        assert "Firefox on Linux" in page
        assert "<td>Attempt failed" not in text(auditor.get("/accounts/access/?of=ada"))

    def test_tells_which_lists_were_taken_away(self, vera: User) -> None:
        desk = browser()
        sign_in(desk)
        assert desk.get("/incidents/?state=new&format=csv").status_code == 200
        assert desk.get("/incidents/?format=odd").status_code == 400
        (entry,) = AccessEntry.objects.filter(kind=Kind.EXPORTED)
        assert (entry.person, entry.said) == (vera, "incidents?state=new&format=csv")

    def test_is_shown_to_nobody_else(self, vera: User) -> None:
        desk = browser()
        sign_in(desk)
        assert desk.get("/accounts/access/").status_code == 403


class TestSessions:
    def test_are_seen_by_whose_they_are(self, vera: User) -> None:
        desk, phone = browser(), browser("203.0.113.7", "Mozilla/5.0 (iPhone) Safari/604.1")
        sign_in(desk)
        sign_in(phone)
        page = text(desk.get("/accounts/sessions/"))
        assert "Safari on iPhone" in page
        assert "203.0.113.7" in page
        assert page.count("this one") == 1
        assert not any(one.session_key in page for one in Session.objects.all())

    def test_end_one_by_one(self, vera: User) -> None:
        desk, phone, tablet = browser(), browser("203.0.113.7"), browser("203.0.113.8")
        for one in (desk, phone, tablet):
            sign_in(one)
        name = Session.objects.get(address="203.0.113.7").name
        desk.post("/accounts/sessions/end/", {"name": name})
        assert [is_in(one) for one in (desk, phone, tablet)] == [True, False, True]

    def test_end_all_but_this(self, vera: User) -> None:
        desk, phone = browser(), browser("203.0.113.7")
        sign_in(desk)
        sign_in(phone)
        answer = desk.post("/accounts/sessions/end/", follow=True)
        assert "1 session ended." in text(answer)
        assert [is_in(desk), is_in(phone)] == [True, False]

    def test_of_others_are_out_of_reach(self, vera: User) -> None:
        User.objects.create_user("mallory", GOOD)
        theirs, mine = browser(), browser()
        sign_in(theirs)
        sign_in(mine, "mallory")
        name = Session.objects.get(person=vera).name
        mine.post("/accounts/sessions/end/", {"name": name})
        assert is_in(theirs)

    def test_end_when_another_password_is_chosen(self, vera: User) -> None:
        desk, phone = browser(), browser("203.0.113.7")
        sign_in(desk)
        sign_in(phone)
        new = "seven-otters-9"
        fields = {"oldpassword": GOOD, "password1": new, "password2": new}
        desk.post("/accounts/password/change/", fields)
        assert [is_in(desk), is_in(phone)] == [True, False]
        assert Session.objects.filter(person=vera).count() == 1

    def test_are_noted_as_seen_now_and_then(self, vera: User) -> None:
        desk = browser()
        sign_in(desk)
        is_in(desk)
        first = Session.objects.get().seen_at
        is_in(desk)
        assert Session.objects.get().seen_at == first
        Session.objects.update(seen_at=first - timedelta(hours=1))
        is_in(desk)
        assert Session.objects.get().seen_at >= first


class TestADevice:
    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (FIREFOX, "Firefox on Linux"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140.0", "Edge on Windows"),
            ("curl/8.1", "curl"),
            ("Something(odd)", "Something"),
            ("", "Unknown device"),
        ],
    )
    def test_is_said_in_words(self, agent: str, words: str) -> None:
        assert device(agent) == words
