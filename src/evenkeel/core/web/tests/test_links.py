"""Links by which somebody chooses a password: by mail, and the first of an empty installation."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Organisation, Person
from evenkeel.core.notices import links
from evenkeel.core.notices.posting import Busy
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.testing.mail import Post
from evenkeel.core.testing.parties import party
from evenkeel.core.web import first
from evenkeel.core.web.tests.test_door import GOOD, browser, is_in, sign_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> Person:
    record = registry["people.record"]
    made: Person = record(
        Person(title="Vera", email="vera@a.example", organisation=party()),
        by=User.objects.the_sms(),
        login="vera",
    )
    return made


def queued() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, json.loads(args)) for name, args in cursor.fetchall()]


def link_in(post: Post) -> str:
    found = re.search(r"https?://\S+?(/accounts/\S+)", post.taken[-1].get_content())
    assert found
    return found[1]


def choose(client: Client, link: str, password: str = GOOD) -> Any:
    form = client.get(link, follow=True)
    if not form.redirect_chain:
        return form
    both = {"password1": password, "password2": password}
    return client.post(form.redirect_chain[-1][0], both, follow=True)


class TestAnInvitation:
    def test_lets_somebody_choose_a_password_once(self, vera: Person, post: Post) -> None:
        registry["people.invite"](vera, by=User.objects.the_sms())
        name, args = queued()[-1]
        assert (name, args) == ("core.send_link", {"person": vera.user_id, "reason": "invite"})
        links.send_link(**args)
        assert "your login is vera" in post.taken[0].get_content()
        assert post.taken[0]["To"] == "vera@a.example"
        assert "Your password is set" in text(choose(browser(), link_in(post)))
        desk = browser()
        sign_in(desk)
        assert is_in(desk)
        assert "no longer works" in text(choose(browser(), link_in(post), "another-long-one-7"))

    def test_ends_after_three_days(self, vera: Person, post: Post, monkeypatch: Any) -> None:
        links.send_link(person=vera.user_id, reason="invite")
        generator = PasswordResetTokenGenerator
        later = timezone.now().replace(tzinfo=None) + timedelta(days=3, hours=1)
        monkeypatch.setattr(generator, "_now", lambda self: later)
        assert "no longer works" in text(choose(browser(), link_in(post)))

    def test_is_refused_where_no_mail_can_be_sent(self, vera: Person, post: Post) -> None:
        sms = User.objects.the_sms()
        registry["people.edit"](vera, by=sms, email="")
        with pytest.raises(Invalid, match="No e-mail address"):
            registry["people.invite"](Person.objects.get(), by=sms)

    def test_is_sent_again_when_the_mail_server_fails(self, vera: Person, post: Post) -> None:
        post.to_text = "451 later"
        with pytest.raises(Busy):  # so the worker tries again
            links.send_link(person=vera.user_id, reason="invite")
        post.to_text = "250 taken"
        links.send_link(person=vera.user_id, reason="invite")
        assert len(post.taken) == 1

    def test_is_not_sent_to_whoever_left_meanwhile(self, vera: Person, post: Post) -> None:
        User.objects.filter(pk=vera.user_id).update(is_active=False)
        links.send_link(person=vera.user_id, reason="invite")
        assert post.taken == []


class TestAForgottenPassword:
    def test_is_replaced_by_a_link_that_no_queue_holds(self, vera: Person, post: Post) -> None:
        browser().post("/accounts/password/reset/", {"email": "vera@a.example"})
        assert post.calls == 0  # the page does not wait for the mail server
        name, args = queued()[-1]
        assert (name, args) == ("core.send_link", {"person": vera.user_id, "reason": "reset"})
        links.send_link(**args)
        assert "Your password is set" in text(choose(browser(), link_in(post)))
        kinds = AccessEntry.objects.order_by("position").values_list("kind", flat=True)
        assert list(kinds) == [Kind.LINK, Kind.PASSWORD]

    def test_says_the_same_to_everybody(self, vera: Person, post: Post) -> None:
        pages = [
            text(browser().post("/accounts/password/reset/", {"email": email}, follow=True))
            for email in ("vera@a.example", "nobody@a.example")
        ]
        assert all("a link is on its way" in page for page in pages)


class TestTheFirstAccount:
    FIELDS = {  # noqa: RUF012
        "organisation": "Aurelia Hub", "title": "Ingrid Solheim", "login": "ingrid",
        "email": "ingrid@a.example", "password": GOOD, "again": GOOD,
    }  # fmt: skip

    def link(self) -> str:
        assert first.is_open()
        return "/accounts/" + first.address().partition("/accounts/")[2]

    def test_is_made_by_whoever_has_the_link(self) -> None:
        desk, link = browser(), self.link()
        assert "The first account" in text(desk.get(link))
        assert "Sign in with it" in text(desk.post(link, self.FIELDS, follow=True))
        sign_in(desk, "ingrid")
        assert is_in(desk)
        ingrid = User.objects.get(username="ingrid")
        assert ingrid.rights.hold("sms_owner", "SMS")
        provider = Organisation.objects.get()
        assert (provider.title, provider.part, ingrid.organisation) == (
            "Aurelia Hub",
            "provider",
            provider,
        )

    def test_is_made_once(self) -> None:
        link, other = self.link(), self.link()
        browser().post(link, self.FIELDS)
        for late in (link, other):
            assert browser().get(late).status_code == 404
            assert browser().post(late, self.FIELDS | {"login": "mallory"}).status_code == 404
        assert not User.objects.filter(username="mallory").exists()

    def test_is_made_by_nobody_else(self, settings: Any) -> None:
        forged = signing.TimestampSigner(key="guessed", salt="first account").sign("x")
        assert browser().get(f"/accounts/first/{forged}/").status_code == 404
        assert browser().get("/accounts/first/anything/").status_code == 404

    def test_is_not_made_by_a_link_of_yesterday(self, monkeypatch: Any) -> None:
        link = self.link()
        monkeypatch.setattr(first, "LASTS", -1)
        assert browser().get(link).status_code == 404

    def test_is_refused_with_the_reason_and_leaves_nothing(self) -> None:
        page = browser().post(self.link(), self.FIELDS | {"password": "short", "again": "short"})
        assert page.status_code == 422
        assert "needs 12 or more" in text(page)
        assert "not the same" in text(browser().post(self.link(), self.FIELDS | {"again": "x"}))
        assert not User.objects.filter(username="ingrid").exists()
        assert not Organisation.objects.exists()
