"""What one writes about a record, in a browser: whom it mentions."""

from typing import TYPE_CHECKING

from evenkeel.core.testing.live import Visit
from tests.browser.looking import assert_fine, each_look

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPEN = "/incidents/?is_open=yes"


def opened(page: "Page") -> "Page":
    page.locator("[data-open]").first.click()
    page.get_by_role("heading", level=1).wait_for()
    return page


class TestMentions:
    @each_look
    def test_are_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = opened(visit(OPEN, as_="nils", screen=screen, dark=dark))
        page.get_by_label("Text").press_sequentially("Thank you, @")
        page.locator("#say-people [role=option]").first.wait_for()
        assert_fine(page, "mention")
        page.get_by_label("Text").press_sequentially("pri")
        page.get_by_role("option", name="Priya").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        page.locator(".timeline .mention").first.wait_for()
        assert_fine(page, "mentioned")

    def test_are_completed_by_keys_and_keep_the_rest_of_the_text(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        box = page.get_by_label("Text")
        box.fill("Ask  first.")
        for _ in range(len(" first.")):
            box.press("ArrowLeft")
        box.press_sequentially("@priya N")
        box.press("Backspace")
        box.press("Backspace")
        page.get_by_role("option", name="Priya").wait_for()
        box.press("Tab")
        assert box.input_value() == "Ask @priya first."
        assert page.locator("#say-people [role=option]").count() == 0

    def test_are_closed_by_escape_and_the_text_stays(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        box = page.get_by_label("Text")
        box.press_sequentially("@pri")
        page.get_by_role("option", name="Priya").wait_for()
        box.press("Escape")
        assert page.locator("#say-people [role=option]").count() == 0
        box.press("Enter")
        assert box.input_value() == "@pri\n"

    def test_offer_for_a_note_only_those_inside(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        page.keyboard.press("n")
        page.keyboard.type("@")
        page.locator("#say-people [role=option]").first.wait_for()
        inside = page.locator("#say-people [role=option]").all_inner_texts()
        page.keyboard.press("Backspace")
        page.get_by_text("Public reply").click()
        page.get_by_label("Text").press_sequentially("@")
        page.locator("#say-people [role=option]").first.wait_for()
        assert page.locator("#say-people [role=option]").all_inner_texts() != inside

    def test_are_offered_on_the_portal(self, visit: Visit) -> None:
        page = visit("/portal/cases/", as_="ben")
        page.locator("a[href^='/portal/cases/'][href*='-']").first.click()
        page.get_by_label("Write to us").press_sequentially("@nil")
        page.get_by_role("option", name="Nils").wait_for()
