"""The board by state in a browser: dragged, moved by keys, refused and put back."""

import re
from typing import TYPE_CHECKING

from evenkeel.core.testing.live import Visit
from tests.browser.looking import assert_fine, each_look

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

BOARD = "/incidents/?as=board"


def lane(page: "Page", state: str) -> "Locator":
    return page.locator(f"[data-lane={state}]")


def number_of(card: "Locator") -> str:
    return card.get_attribute("data-number") or ""


def take(page: "Page", card: "Locator", over: "Locator") -> None:
    """Begin to drag the card, and hold it over a lane once the lanes say which may have it."""
    card.hover()
    page.mouse.down()
    over.hover(position={"x": 60, "y": 12})
    page.locator("[data-lane].may").first.wait_for()
    over.hover(position={"x": 70, "y": 14})


class TestBoard:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit(BOARD, as_="priya", screen=screen, dark=dark)
        lane(page, "new").wait_for()
        assert_fine(page, "lanes")
        move = page.locator(".lane-card .move").first
        address = move.get_attribute("href") or ""
        move.click()
        page.get_by_role("dialog").get_by_role("heading", name="Move").wait_for()
        assert_fine(page, "lanes-moves")
        page.goto(address)
        assert_fine(page, "lanes-moves-page")
        page.goto("/service_requests/?as=board&sort=due_at")
        assert_fine(page, "lanes-requests")

    def test_is_a_switch_away_from_the_list_with_its_filters(self, visit: Visit) -> None:
        page = visit("/incidents/?priority=1,2", as_="priya")
        page.get_by_role("link", name="Board", exact=True).click()
        page.wait_for_url("**/incidents/?priority=1,2&as=board")
        lane(page, "on_hold").wait_for()
        page.get_by_role("link", name="List", exact=True).click()
        page.wait_for_url("**/incidents/?priority=1,2")
        page.locator("table [data-open]").first.wait_for()

    def test_moves_a_card_that_is_dropped_by_the_verb_that_leads_there(self, visit: Visit) -> None:
        page = visit(BOARD, as_="priya")
        card = lane(page, "on_hold").locator(".lane-card").first
        number = number_of(card)
        take(page, card, lane(page, "in_progress"))
        assert "may-not" in (lane(page, "new").get_attribute("class") or "")
        page.mouse.up()
        moved = lane(page, "in_progress").locator(f"#card-{number}")
        page.get_by_role("status").get_by_text("It is in “In progress” now.").wait_for()
        moved.wait_for()
        assert page.evaluate(f"document.activeElement.closest('#card-{number}') !== null")
        assert page.url.endswith(BOARD)

    def test_asks_by_the_form_of_the_verb_and_stays_where_it_is(self, visit: Visit) -> None:
        page = visit(BOARD, as_="priya")
        card = lane(page, "in_progress").locator(".lane-card").first
        number = number_of(card)
        take(page, card, lane(page, "on_hold"))
        page.mouse.up()
        sheet = page.get_by_role("dialog")
        sheet.get_by_role("heading", name="Put on hold").wait_for()
        assert lane(page, "in_progress").locator(f"#card-{number}").count() == 1
        sheet.get_by_label("Awaiting the user").check()
        sheet.get_by_role("button", name="Put on hold").click()
        lane(page, "on_hold").locator(f"#card-{number}").wait_for()

    def test_moves_a_card_by_keys_alone(self, visit: Visit) -> None:
        page = visit(BOARD, as_="priya")
        card = lane(page, "on_hold").locator(".lane-card").first
        number = number_of(card)
        card.locator("[data-open]").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        sheet = page.get_by_role("dialog")
        sheet.get_by_role("button", name="Resume").focus()
        page.keyboard.press("Enter")
        lane(page, "in_progress").locator(f"#card-{number}").wait_for()
        page.get_by_role("status").get_by_text(re.compile(f"{number} .*In progress")).wait_for()

    def test_puts_a_card_back_that_somebody_else_edited(self, visit: Visit) -> None:
        page = visit(BOARD, as_="priya")
        card = lane(page, "on_hold").locator(".lane-card").first
        number = number_of(card)
        card.evaluate("card => { card.dataset.version -= 1 }")
        take(page, card, lane(page, "in_progress"))
        page.mouse.up()
        page.get_by_role("dialog").get_by_text("Somebody else was faster").wait_for()
        lane(page, "on_hold").locator(f"#card-{number}").wait_for(state="attached")
        assert lane(page, "in_progress").locator(f"#card-{number}").count() == 0

    def test_puts_a_card_back_with_a_sentence_when_the_server_is_gone(self, visit: Visit) -> None:
        page = visit(BOARD, as_="priya")
        card = lane(page, "on_hold").locator(".lane-card").first
        number = number_of(card)
        page.route("**/resume/", lambda route: route.abort())
        take(page, card, lane(page, "in_progress"))
        page.mouse.up()
        page.get_by_role("status").get_by_text(f"{number} is back where it was.").wait_for()
        assert lane(page, "on_hold").locator(f"#card-{number}").count() == 1
