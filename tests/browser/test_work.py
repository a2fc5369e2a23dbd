"""My work, for those who work on cases and for those who manage them."""

import pytest

from evenkeel.core.testing.live import Visit
from tests.browser.looking import assert_fine, each_look


class TestMyWork:
    @each_look
    @pytest.mark.parametrize("login", ["nils", "priya"])
    def test_is_fit_for_everybody(
        self, visit: Visit, login: str, screen: dict[str, int], dark: bool
    ) -> None:
        assert_fine(visit("/", as_=login, screen=screen, dark=dark), f"work-{login}")

    def test_is_gone_through_by_keys(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        first = page.locator("[data-rows] a[data-open]").first
        address = first.get_attribute("href")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
