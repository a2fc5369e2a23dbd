"""The second proof: codes of an app, recovery codes, and roles that need one."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.notices import links
from evenkeel.core.people import throttle, trail
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.people.trail import AccessEntry, Kind, Visitor
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.testing.parties import party
from evenkeel.core.web.tests.test_door import GOOD, browser, is_in, sign_in, text

pytestmark = pytest.mark.django_db
Commit = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", GOOD, full_name="Vera", email="vera@a.example")


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Commit) -> Commit:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def code_of(secret: str, at: float | None = None) -> str:
    """As RFC 6238 says, so not by the code that checks it."""
    step = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def set_up(client: Client, commit: Commit) -> str:
    """As a person does: read the secret from the page, type the code."""
    client.post("/accounts/reauthenticate/", {"password": GOOD})
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.status_code == 200, answer["Location"]
    page = text(answer)
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert found, page
    with commit():
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    return found[1]


def prove(client: Client, code: str) -> Any:
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def fresh_code(secret: str) -> str:
    """Of the next half minute, for a code counts once."""
    return code_of(secret, time.time() + 30)


class TestCodes:
    def test_are_asked_for_once_they_are_set_up(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        secret = set_up(desk, commit)
        other = browser("192.0.2.7")
        assert sign_in(other)["Location"] == "/accounts/2fa/authenticate/"
        assert not is_in(other)
        assert "Second proof" in text(other.get("/accounts/2fa/authenticate/"))
        prove(other, fresh_code(secret))
        assert is_in(other)
        last = AccessEntry.objects.filter(kind=Kind.SIGNED_IN).latest("position")
        assert last.said == "password, totp, from a new device"

    def test_are_set_up_by_whoever_chose_a_password_through_a_mail(
        self, vera: User, commit: Commit
    ) -> None:
        links.link(vera)  # as an invitation does; allauth then keeps the address as not verified
        assert EmailAddress.objects.filter(user=vera, verified=False).exists()
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        assert Authenticator.objects.filter(user=vera, type="totp").exists()

    def test_count_only_once(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        secret = set_up(desk, commit)
        code = fresh_code(secret)
        for address, gets_in in (("192.0.2.7", True), ("192.0.2.8", False)):
            other = browser(address)
            sign_in(other)
            prove(other, code)
            assert is_in(other) is gets_in

    def test_are_not_read_from_the_database(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        secret = set_up(desk, commit)
        kept = Authenticator.objects.get(type="totp")
        assert secret not in str(kept.data)

    def test_fit_nobody_under_another_secret_key(
        self, vera: User, commit: Commit, settings: Any
    ) -> None:
        desk = browser()
        sign_in(desk)
        secret = set_up(desk, commit)
        settings.SECRET_KEY = "another key, as long as a key has to be"
        other = browser("192.0.2.7")
        sign_in(other)
        assert "does not fit" in text(prove(other, fresh_code(secret)))

    def test_cannot_be_guessed(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        secret = set_up(desk, commit)
        guesser = browser("198.51.100.9")
        sign_in(guesser)
        for _ in range(throttle.OF_LOGIN):
            assert "does not fit" in text(prove(guesser, "000000"))
        assert "Too many failed attempts" in text(prove(guesser, fresh_code(secret)))
        assert not is_in(guesser)

    def test_cannot_be_guessed_from_many_places(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        secret = set_up(desk, commit)
        desk.post("/accounts/logout/")
        for number in range(throttle.OF_CODES):
            place = Visitor(f"198.51.100.{number}", "")
            trail.append(Kind.FAILED, place, person=vera, said=throttle.SECOND)
        stranger = browser("203.0.113.200")
        sign_in(stranger)
        assert "Too many" in text(prove(stranger, fresh_code(secret)))
        sign_in(desk)  # known, so whoever guesses elsewhere does not shut it out
        prove(desk, fresh_code(secret))
        assert is_in(desk)

    def test_are_taken_away_by_whoever_has_just_proved_themselves(
        self, vera: User, commit: Commit
    ) -> None:
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        with commit():
            desk.post("/accounts/2fa/totp/deactivate/")
        assert not Authenticator.objects.exists()
        said = AccessEntry.objects.filter(kind=Kind.SECOND).values_list("said", flat=True)
        assert "Set up: codes of an app" in said
        assert "Taken away: codes of an app" in said


class TestRecoveryCodes:
    def test_let_somebody_in_once_each(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        page = text(desk.get("/accounts/2fa/recovery-codes/"))
        code = re.findall(r"<code>(\d{8})</code>", page)[0]
        for address, gets_in in (("192.0.2.7", True), ("192.0.2.8", False)):
            other = browser(address)
            sign_in(other)
            prove(other, code)
            assert is_in(other) is gets_in

    def test_are_shown_only_when_they_are_made(self, vera: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        assert re.search(r"<code>\d{8}</code>", text(desk.get("/accounts/2fa/recovery-codes/")))
        later = text(desk.get("/accounts/2fa/recovery-codes/"))
        assert not re.search(r"<code>\d{8}</code>", later)
        assert "10 of 10 are left" in later


class TestARoleThatNeedsASecondProof:
    @pytest.fixture
    def manager(self, vera: User, settings: Any) -> User:
        settings.SECOND_PROOF_ROLES = ("sms_manager",)
        role = Role.objects.get(role_type=RoleType.SMS_MANAGER)
        RoleAssignment.objects.create(role_id=role.pk, person=vera, starts_at=timezone.now())
        return vera

    def test_lets_nobody_further_without(self, manager: User) -> None:
        desk = browser()
        sign_in(desk)
        for address in ("/", "/portal/", "/incidents/", "/search/?q=x"):
            assert desk.get(address)["Location"] == "/accounts/2fa/"
        assert desk.get("/api/incidents").status_code == 403
        assert "Your role needs a second proof" in text(desk.get("/accounts/2fa/"))

    def test_lets_whoever_has_one_go_on(self, manager: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        assert is_in(desk)
        assert desk.get("/api/incidents").status_code == 200

    def test_keeps_the_last_one(self, manager: User, commit: Commit) -> None:
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        assert "needs a second proof" in text(desk.post("/accounts/2fa/totp/deactivate/"))
        assert Authenticator.objects.filter(type="totp").exists()

    def test_is_no_matter_to_others(self, vera: User, settings: Any) -> None:
        settings.SECOND_PROOF_ROLES = ("sms_manager",)
        desk = browser()
        sign_in(desk)
        assert is_in(desk)


class TestWhoeverLostEverything:
    def test_is_let_in_by_those_who_keep_the_directory(self, commit: Commit) -> None:
        sms = User.objects.the_sms()
        record = registry["people.record"]
        person = record(record.model(title="Vera", organisation=party()), by=sms, login="vera")
        registry["people.set_password"](person, by=sms, password=GOOD)
        desk = browser()
        sign_in(desk)
        set_up(desk, commit)
        registry["people.forget_second_proof"](person, by=sms, reason="Telephone in the lake")
        assert not is_in(desk)
        other = browser("192.0.2.7")
        sign_in(other)
        assert is_in(other)
        assert "secret" not in str(person.entries.latest("position").given)
        with pytest.raises(Invalid, match="no second proof"):
            registry["people.forget_second_proof"](person, by=sms, reason="Again")
