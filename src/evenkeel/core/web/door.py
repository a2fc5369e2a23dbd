"""The door as allauth opens it: how often may be tried, and what is written down.

A device is known by a signed cookie that whoever signed in there carries away.
"""

import ipaddress
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from evenkeel.core.notices import alarms
from evenkeel.core.people import sessions, throttle, trail
from evenkeel.core.people.models import User
from evenkeel.core.people.throttle import Attempt
from evenkeel.core.people.trail import AccessEntry, Kind, Visitor

KNOWN_FOR = 180 * 24 * 3600  # seconds
_SALT = "known device"
NEW_DEVICE = ", from a new device"


def visitor(request: HttpRequest) -> Visitor:
    """From where this request comes; behind a proxy that we trust, what the proxy says."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER and "X-Forwarded-For" in request.headers:
        said = request.headers["X-Forwarded-For"].rpartition(",")[2].strip()
    try:
        address = str(ipaddress.ip_address(said))
    except ValueError:
        address = None
    agent = request.headers.get("User-Agent", "")
    return Visitor(address, "".join(sign for sign in agent if sign.isprintable())[:200])


class Door(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What happens beside the proof itself."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError where was tried too often."""
        tried = attempt(request, _login(credentials))
        now = timezone.now()
        if throttle.is_too_often(tried, now):
            throttle.note_refusal(tried, now)
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it, and let the person see that somebody tried."""
        tried = attempt(request, _login(credentials))
        person = _account(tried.login)
        trail.append(Kind.FAILED, tried.visitor, person=person, login=tried.login, said=tried.said)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponseBase:
        """The password fits, but the account is shut."""
        trail.append(Kind.REFUSED, visitor(request), person=user, said="The account is suspended")
        answer: HttpResponseBase = super().respond_user_inactive(request, user)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, with where it is."""
        super().login(request, user)
        sessions.begin(request.session, visitor(request))
        is_new = not _known(request, user) and _was_here(user)
        said = _by_what(request, user) + (NEW_DEVICE if is_new else "")
        entry = trail.append(Kind.SIGNED_IN, visitor(request), person=user, said=said)
        if is_new and alarms.is_told(user):
            alarms.tell_of_device.defer(entry=entry.pk)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """From now on this device is known."""
        answer: HttpResponse = super().post_login(request, user, **more)
        name = _known(request, user) or secrets.token_hex(6)
        answer.set_signed_cookie(
            f"known-{user.pk}", name, salt=_SALT, max_age=KNOWN_FOR, httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", path="/accounts/",
        )  # fmt: skip
        return answer

    def logout(self, request: HttpRequest) -> None:
        """The session ends."""
        if isinstance(request.user, User):
            trail.append(Kind.SIGNED_OUT, visitor(request), person=request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """A new password ends what the old one began, except where it is chosen."""
        super().set_password(user, password)
        request = context.request
        sessions.end(user, but=request.session.session_key)
        trail.append(Kind.PASSWORD, visitor(request), person=user)


def attempt(request: HttpRequest, login: str) -> Attempt:
    """That somebody tries to come in under this login."""
    account = _account(login)
    known = _known(request, account) if account else ""
    return Attempt(login, visitor(request), known)


def _login(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


def _by_what(request: HttpRequest, user: User) -> str:
    """With which proofs: "password, totp"."""
    proofs = get_authentication_records(request, user)
    return ", ".join(str(proof.get("type") or proof["method"]) for proof in proofs)


def _account(login: str) -> User | None:
    return User.objects.filter(username__iexact=login).first() if login else None


def _was_here(user: User) -> bool:
    """Whoever comes for the first time comes from a new device, and knows."""
    return AccessEntry.objects.filter(person=user, kind=Kind.SIGNED_IN).exists()


def _known(request: HttpRequest, user: User) -> str:
    """The name under which this device is known to have been used by this account."""
    kept = request.get_signed_cookie(f"known-{user.pk}", default="", salt=_SALT, max_age=KNOWN_FOR)
    return kept or ""
