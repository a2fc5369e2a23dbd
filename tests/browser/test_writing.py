"""What one writes about a record, in a browser: whom it mentions, and that nothing gets lost."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from evenkeel.core.testing.live import Visit, sign_in
from tests.browser.looking import assert_fine, each_look

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

OPEN = "/incidents/?is_open=yes"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"
# Each time a sheet opens: has its field the focus, and has htmx bound it?
READY = """() => {
  window.seen = [];
  new MutationObserver(() => {
    seen.push(Boolean(document.activeElement.closest("form")?.["htmx-internal-data"]));
  }).observe(document.querySelector("dialog.sheet"), { attributeFilter: ["open"] });
}"""


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
        options = page.locator("#say-people [role=option]")
        expect(options).not_to_have_text(inside)
        expect(options).not_to_have_count(0)

    def test_are_offered_on_the_portal(self, visit: Visit) -> None:
        page = visit("/portal/cases/", as_="ben")
        page.locator("a[href^='/portal/cases/'][href*='-']").first.click()
        page.get_by_label("Write to us").press_sequentially("@nil")
        page.get_by_role("option", name="Nils").wait_for()


class TestSheet:
    def test_takes_what_is_typed_before_it_opens_and_at_once_after(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        held: list[Route] = []

        def hold(route: "Route") -> None:
            held.append(route)

        page.route("**/add_task/", hold)
        page.get_by_role("link", name="Add a task").click()
        page.keyboard.type("Ask ")
        held[0].continue_()
        box = page.get_by_role("dialog").get_by_label("Task", exact=True)
        box.wait_for()
        page.keyboard.type("the user")
        assert box.input_value() == "Ask the user"

    def test_has_its_first_field_ready_before_it_shows_itself(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        page.evaluate(READY)
        page.get_by_role("link", name="Assign", exact=True).click()
        page.keyboard.type("pri")
        page.get_by_role("dialog").get_by_role("option", name="Priya").wait_for()
        assert page.evaluate("seen") == [True]


class TestDrafts:
    def test_are_gone_with_who_signs_out(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        page.get_by_label("Text").fill("Between us")
        page.wait_for_timeout(800)
        assert page.evaluate(KEPT) == 1
        page.get_by_label("theme and sign-out").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/accounts/**")
        assert page.evaluate(KEPT) == 0

    def test_are_shown_to_nobody_else_after_a_session_has_run_out(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        address = page.url
        page.get_by_label("Text").fill("Between us")
        page.wait_for_timeout(800)
        assert page.evaluate(KEPT) == 1
        page.context.clear_cookies()
        sign_in(page, "priya")
        page.goto(address)
        assert page.get_by_label("Text").input_value() == ""
        page.context.clear_cookies()
        sign_in(page, "nils")
        page.goto(address)
        assert page.get_by_label("Text").input_value() == "Between us"


class TestTemplates:
    @each_look
    def test_are_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = opened(visit(OPEN, as_="nils", screen=screen, dark=dark))
        page.get_by_role("button", name="Template").click()
        page.locator("#say-people [role=option]").first.wait_for()
        assert_fine(page, "template")
        page.get_by_label("Text").press_sequentially("look")
        page.get_by_role("option", name="We look into it").wait_for()
        page.keyboard.press("Enter")
        assert "We look into it under INC-" in page.get_by_label("Text").input_value()

    def test_begin_a_line_and_leave_a_path_alone(self, visit: Visit) -> None:
        page = opened(visit(OPEN, as_="nils"))
        box = page.get_by_label("Text")
        box.press_sequentially("See /data")
        page.wait_for_timeout(400)
        assert page.locator("#say-people [role=option]").count() == 0
        box.fill("")
        box.press_sequentially("Before\n/hand")
        page.get_by_role("option", name="Handing over").wait_for()
        box.press("Tab")
        assert box.input_value().startswith("Before\nHanding over INC-")
