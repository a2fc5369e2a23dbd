"""My work, for those who work on cases and for those who manage them; and the search."""

import pytest

from evenkeel.core.testing.live import PHONE, WIDE, Visit
from tests.browser.looking import assert_fine, each_look


class TestMyWork:
    @each_look
    @pytest.mark.parametrize("login", ["nils", "priya"])
    def test_is_fit_for_everybody(
        self, visit: Visit, login: str, screen: dict[str, int], dark: bool
    ) -> None:
        page = visit("/", as_=login, screen=screen, dark=dark)
        assert_fine(page, f"work-{login}")
        for name, query in (("found", "transfer"), ("nothing-found", "zyzzyva"), ("search", "")):
            page.goto(f"/search/?q={query}")
            assert_fine(page, name)

    def test_is_gone_through_by_keys(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        first = page.locator("[data-rows] a[data-open]").first
        address = first.get_attribute("href")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")


CUT_OFF = """[...document.querySelectorAll('.rows td:has(> .state)')]
    .filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.innerText)"""


class TestState:
    @pytest.mark.parametrize("address", ["/", "/violations/", "/service_requests/"])
    @pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
    def test_is_never_cut_off_in_a_list(
        self, visit: Visit, address: str, screen: dict[str, int]
    ) -> None:
        page = visit(address, as_="priya", screen=screen)
        assert page.locator(".rows .state").count() > 0
        assert page.evaluate(CUT_OFF) == []
