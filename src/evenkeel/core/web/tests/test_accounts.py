"""Signing in and out, and passwords."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from evenkeel.core.demo.people import GUIDES, PASSWORD
from evenkeel.core.notices import links
from evenkeel.core.people.models import User

pytestmark = pytest.mark.django_db
GOOD = "three-herons-7"


@pytest.fixture(autouse=True)
def forgiven() -> None:
    """No failed attempt of another test counts."""
    cache.clear()


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", GOOD, full_name="Vera", email="vera@a.example")


@pytest.fixture
def demo() -> dict[str, User]:
    return {
        login: User.objects.create_user(login, PASSWORD, full_name=login.title())
        for login in GUIDES
    }


def sign_in(client: Client, login: str, password: str = GOOD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password, **more})


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


class TestSignIn:
    def test_is_drawn_in_our_frame(self, client: Client) -> None:
        page = text(client.get("/accounts/login/"))
        assert "<h1>Sign in</h1>" in page
        assert "style-" in page

    def test_leads_to_where_one_wanted_to_go(self, client: Client, vera: User) -> None:
        page = text(client.get("/accounts/login/?next=/incidents/%3Fstate%3Dnew"))
        assert 'name="next" value="/incidents/?state=new"' in page
        answer = sign_in(client, "vera", next="/incidents/?state=new")
        assert answer["Location"] == "/incidents/?state=new"

    def test_does_not_lead_out_of_the_house(self, client: Client, vera: User) -> None:
        assert sign_in(client, "vera", next="https://evil.example/")["Location"] == "/"

    def test_takes_the_login_in_any_case(self, client: Client, vera: User) -> None:
        assert sign_in(client, "VERA").status_code == 302

    def test_says_that_login_and_password_do_not_fit(self, client: Client, vera: User) -> None:
        assert "do not fit together" in text(sign_in(client, "vera", "wrong"))

    def test_tells_a_suspended_account_what_it_is(self, client: Client, vera: User) -> None:
        User.objects.filter(pk=vera.pk).update(is_active=False)
        answer = sign_in(client, "vera")
        assert "_auth_user_id" not in client.session
        assert answer.status_code in {200, 302}
        assert "suspended" in text(client.get("/accounts/inactive/"))

    def test_is_closed_for_a_while_to_those_who_guess(self, client: Client, vera: User) -> None:
        for _ in range(6):
            answer = sign_in(client, "vera", "guess")
        assert "Too many failed attempts" in text(answer)


class TestDemonstration:
    def test_is_not_named_where_it_is_not_loaded(self, client: Client, vera: User) -> None:
        assert "demonstration" not in text(client.get("/accounts/login/"))

    def test_offers_its_people(self, client: Client, demo: dict[str, User]) -> None:
        page = text(client.get("/accounts/login/"))
        assert "The demonstration" in page
        assert all(f"<b>{login.title()}</b>" in page for login in GUIDES)

    def test_leaves_out_whoever_has_another_password(
        self, client: Client, demo: dict[str, User]
    ) -> None:
        demo["nils"].set_password(GOOD)
        demo["nils"].save()
        page = text(client.get("/accounts/login/"))
        assert "<b>Nils</b>" not in page
        assert "<b>Ben</b>" in page


class TestAccount:
    def test_is_not_made_by_its_holder(self, client: Client) -> None:
        assert "recorded for people" in text(client.get("/accounts/signup/"))
        client.post("/accounts/signup/", {"username": "me", "password1": GOOD, "password2": GOOD})
        assert not User.objects.filter(username="me").exists()

    def test_ends_its_session_when_asked_to(self, client: Client, vera: User) -> None:
        client.force_login(vera)
        assert "Sign out?" in text(client.get("/accounts/logout/"))
        client.post("/accounts/logout/")
        assert "_auth_user_id" not in client.session


class TestPassword:
    def test_is_changed_by_whoever_knows_it(self, client: Client, vera: User) -> None:
        client.force_login(vera)
        assert "Change your password" in text(client.get("/accounts/password/change/"))
        new = "seven-otters-9"
        fields = {"oldpassword": GOOD, "password1": new, "password2": new}
        assert client.post("/accounts/password/change/", fields).status_code == 302
        assert sign_in(Client(), "vera", new).status_code == 302

    def test_is_refused_when_it_is_common(self, client: Client, vera: User) -> None:
        client.force_login(vera)
        fields = {"oldpassword": GOOD, "password1": "password", "password2": "password"}
        assert "too common" in text(client.post("/accounts/password/change/", fields))

    def test_is_not_sent_for_where_no_mail_is_sent(self, client: Client) -> None:
        assert "sends no e-mail" in text(client.get("/accounts/password/reset/"))
        assert client.post("/accounts/password/reset/", {"email": "x@a.example"}).status_code == 405
        assert mail.outbox == []

    def test_is_chosen_anew_through_a_link_in_a_mail(
        self, client: Client, vera: User, settings: Any
    ) -> None:
        settings.EMAIL_HOST = "mail.a.example"
        asked = client.post("/accounts/password/reset/", {"email": "vera@a.example"}, follow=True)
        links.send_link(person=vera.pk, reason="reset")
        assert "a link is on its way" in text(asked)
        link = re.search(r"http://\S+?(/accounts/\S+)", str(mail.outbox[0].body))
        assert link
        form = client.get(link[1], follow=True)
        assert "Choose a new password" in text(form)
        new = {"password1": "seven-otters-9", "password2": "seven-otters-9"}
        done = client.post(form.redirect_chain[-1][0], new, follow=True)
        assert "Your password is set" in text(done)
        assert sign_in(Client(), "vera", "seven-otters-9").status_code == 302
        assert "no longer works" in text(client.get(link[1], follow=True))

    def test_does_not_tell_which_addresses_have_an_account(
        self, client: Client, settings: Any
    ) -> None:
        settings.EMAIL_HOST = "mail.a.example"
        asked = client.post("/accounts/password/reset/", {"email": "no@a.example"}, follow=True)
        assert "a link is on its way" in text(asked)
        assert mail.outbox == []
