"""Signing in with a second proof, as a browser and its keys do it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evenkeel.core.demo.people import PASSWORD
from evenkeel.core.testing.live import Visit
from evenkeel.core.web.tests.test_proofs import code_of
from tests.browser.looking import assert_fine, each_look

if TYPE_CHECKING:
    from playwright.sync_api import Page


def confirm(page: "Page") -> None:
    """A sensitive page asks for the password once more."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


@pytest.fixture
def keyring(visit: Visit, house: str) -> Callable[[str], "Page"]:
    """A browser with a key that asks for a finger; passkeys are for names, not for numbers."""
    here = house.replace("127.0.0.1", "localhost")

    def opened(login: str) -> "Page":
        page = visit(f"{here}/accounts/login/")
        cdp = page.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.get_by_label("Login").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    return opened


class TestSecondProof:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/accounts/sessions/", as_="nils", screen=screen, dark=dark)
        assert_fine(page, "sessions")
        page.goto("/accounts/2fa/")
        assert_fine(page, "proofs")
        page.goto("/accounts/2fa/totp/activate/")
        assert_fine(page, "confirm")
        confirm(page)
        expect(page.get_by_role("heading", name="Codes of an app")).to_be_visible()
        assert page.locator(".qr img").evaluate("image => image.naturalWidth") > 50
        assert_fine(page, "totp")
        page.goto("/accounts/2fa/passkeys/add/")
        assert_fine(page, "passkey-add")

    def test_is_a_code_of_an_app(self, visit: Visit) -> None:
        page = visit("/accounts/2fa/totp/activate/", as_="tomas")
        confirm(page)
        secret = page.locator(".qr code").inner_text()
        page.get_by_label("Code").fill(code_of(secret))
        page.get_by_role("button", name="Confirm").click()
        codes = page.locator(".codes code").all_inner_texts()
        assert len(codes) == 10
        assert_fine(page, "recovery-codes")
        page.goto("/accounts/2fa/")
        assert_fine(page, "proofs-set-up")
        other = visit("/accounts/login/")
        other.get_by_label("Login").fill("tomas")
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("button", name="Sign in", exact=True).click()
        assert_fine(other, "code-asked")
        other.get_by_label("Code").fill(codes[0])
        other.get_by_role("button", name="Sign in").click()
        other.wait_for_url(lambda url: "/accounts/" not in url)
        # The house is everybody's: who signs in after this test must find the door as it was.
        page.get_by_role("link", name="Take away", exact=True).click()
        page.get_by_role("button", name="Take away").click()
        page.wait_for_url("**/accounts/2fa/")
        expect(page.get_by_role("link", name="Take away")).to_have_count(0)

    def test_is_a_passkey_that_needs_no_password(self, keyring: Callable[[str], "Page"]) -> None:
        page = keyring("priya")
        here = re.sub(r"(//[^/]+)/.*", r"\1", page.url)
        page.goto(f"{here}/accounts/2fa/passkeys/add/")
        confirm(page)
        page.get_by_label("What it is called").fill("Work laptop")
        page.get_by_role("button", name="Add").click()
        page.wait_for_url("**/recovery-codes/")
        page.goto(f"{here}/accounts/2fa/")
        expect(page.get_by_text("Work laptop")).to_be_visible()
        page.context.clear_cookies()
        page.goto(f"{here}/accounts/login/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        page.goto(f"{here}/accounts/sessions/")
        expect(page.get_by_text("webauthn").first).to_be_visible()
        page.goto(f"{here}/accounts/2fa/")
        page.get_by_role("link", name="Take away Work laptop").click()
        if page.get_by_label("Password").count():
            confirm(page)
        elif page.get_by_label("Code").count():
            page.get_by_role("link", name="With your password").click()
            confirm(page)
        page.get_by_role("button", name="Take away").click()
        page.wait_for_url("**/accounts/2fa/")
        expect(page.get_by_text("Work laptop")).to_have_count(0)

    def test_says_why_a_passkey_cannot_be_used(self, visit: Visit) -> None:
        page = visit("/accounts/login/")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("alert")).to_be_visible()
