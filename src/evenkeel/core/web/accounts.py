"""Signing in and out, and passwords: allauth does it, our templates draw it.

Accounts are recorded by those who may, never made by their holders; so there is no sign-up.
"""

import functools
from typing import Any, ClassVar

from allauth.account import views
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path

from evenkeel.core.demo.people import GUIDES, PASSWORD
from evenkeel.core.notices import links
from evenkeel.core.people import second_proof, trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind
from evenkeel.core.web import access, comfort, first, personal
from evenkeel.core.web.door import Door, visitor

_SILENT = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class Adapter(Door):
    """What we do otherwise than allauth."""

    error_messages: ClassVar[dict[str, str]] = {
        **Door.error_messages,
        "username_password_mismatch": "Login and password do not fit together.",
        "too_many_login_attempts": "Too many failed attempts. Wait some minutes, then try again.",
    }

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session; only to set up a second proof where the role needs one."""
        super().login(request, user)
        second_proof.check(request, user)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Asked for now and sent by the worker: no answer tells who has an account."""
        links.send_link.defer(person=user.pk, reason="reset")
        said = "To choose a new password"
        trail.append(Kind.LINK, visitor(context["request"]), person=user, said=said)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes their own account."""
        return False

    def add_message(self, *args: Any, **more: Any) -> None:
        """The page that follows a sign-in or sign-out says enough by itself."""
        if more.get("message_template", args[2] if len(args) > 2 else "") not in _SILENT:
            super().add_message(*args, **more)


class SignIn(views.LoginView):  # type: ignore[misc]  # allauth has no types
    """The sign-in page; it names the accounts of the demonstration while they are there."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**more)
        return shown | {"demo": demo_accounts(), "password": PASSWORD, "by_mail": sends_mail()}


class ForgottenPassword(views.PasswordResetView):  # type: ignore[misc]  # allauth has no types
    """Sends a link by e-mail; where no mail is sent, it says whom to ask."""

    def post(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        answer = super().post if sends_mail() else self.http_method_not_allowed
        sent: HttpResponseBase = answer(request, *args, **named)
        return sent

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**more)
        return shown | {"by_mail": sends_mail()}


def sends_mail() -> bool:
    """Has this installation a mail server?"""
    return bool(settings.EMAIL_HOST)


def demo_accounts() -> list[tuple[str, str, str]]:
    """Login, name and part of each guide of the demo who still has its password."""
    people = {user.username: user for user in User.objects.filter(username__in=GUIDES)}
    return [
        (login, people[login].full_name, part)
        for login, part in GUIDES.items()
        if login in people and people[login].is_active and _is_the_known(people[login].password)
    ]


@functools.lru_cache(maxsize=64)
def _is_the_known(encoded: str) -> bool:
    """Hashing a password is slow on purpose, so each is compared once."""
    return check_password(PASSWORD, encoded)


urlpatterns: list[URLPattern | URLResolver] = [
    path("first/<str:ticket>/", first.make, name="account_first"),
    path("2fa/", include("evenkeel.core.web.proofs")),
    path("login/", SignIn.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("sessions/", access.mine, name="account_sessions"),
    path("sessions/end/", access.end, name="account_end_sessions"),
    path("manner/", comfort.choose, name="account_manner"),
    path("manner/theme/", comfort.choose_theme, name="account_theme"),
    path("personal-data/", personal.mine, name="account_personal_data"),
    path("access/", access.everybody, name="account_access"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
