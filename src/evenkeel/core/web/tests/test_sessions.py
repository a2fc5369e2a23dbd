"""Who is signed in: sessions and accounts, as the compiled queries read them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.people.sessions import Backend, Session, SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("rita"))
    return client


class TestASession:
    def test_keeps_what_was_put_into_it(self) -> None:
        session = SessionStore()
        session["theme"] = "dark"
        session.create()
        assert SessionStore(session.session_key)["theme"] == "dark"

    def test_that_never_was_is_empty_and_gets_a_key_of_its_own(self) -> None:
        session = SessionStore("taken-from-elsewhere")
        assert dict(session.items()) == {}
        assert session.session_key is None

    def test_ends_when_it_expires(self, browser: Client) -> None:
        assert browser.get("/portal/").status_code == 200
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert browser.get("/portal/").status_code == 302

    def test_ends_when_the_account_is_shut_out(self, browser: Client) -> None:
        User.objects.update(is_active=False)
        assert browser.get("/portal/").status_code == 302

    def test_ends_when_the_password_is_another(self, browser: Client) -> None:
        rita = User.objects.get(username="rita")
        rita.set_password("another one, quite long")
        rita.save()
        assert browser.get("/portal/").status_code == 302


class TestTheBackend:
    def test_knows_no_account_that_is_not_there(self) -> None:
        assert Backend().get_user(10**9) is None
