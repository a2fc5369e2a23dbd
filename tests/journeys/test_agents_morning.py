"""An agent's morning: twenty cases of the demonstration, worked by keyboard alone."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from evenkeel.core.testing.live import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NEW, WAITING = 4, 16  # taken up one by one; told of in one go


def go(page: "Page", typed: str, option: str) -> None:
    """To wherever the palette leads by these words."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-box")).to_be_focused()
    page.keyboard.type(typed)
    chosen = page.locator("#palette-list [aria-selected=true]")
    expect(chosen).to_contain_text(option)
    page.keyboard.press("Enter")


def tab_to(page: "Page", target: "Locator") -> None:
    """By Tab, and the focus can be seen there."""
    for _ in range(60):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}.")


def send(page: "Page", said: str) -> None:
    """Off with the form of a verb, and what the page answers."""
    page.keyboard.press("Control+Enter")
    page.locator(".toast-line", has_text=said).wait_for()


class TestAgentsMorning:
    def test_works_twenty_cases_by_keyboard_alone(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        page.evaluate(
            "addEventListener('pointerdown', () => { throw new Error('The mouse was used.'); })"
        )
        worked = {self.take_up_the_oldest(page) for _ in range(NEW)}
        assert len(worked) == NEW
        self.tell_those_who_wait(page)

    def take_up_the_oldest(self, page: "Page") -> str:
        """Out of the desk's own view: what is it, how bad, whose is it, and a word to the user."""
        go(page, "first look", "Waiting for its first look")
        page.wait_for_url("**/incidents/?sort=recorded_at&state=new&view=*")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents/INC-*/")
        number = page.url.rstrip("/").rsplit("/", maxsplit=1)[-1]
        self.prioritise(page, number)
        self.classify(page, number)
        self.assign(page, number)
        page.keyboard.press("m")
        expect(page.locator("#say-text")).to_be_focused()
        page.keyboard.type("We have it, and look at it now.")
        send(page, "Your reply is sent.")
        return number

    def prioritise(self, page: "Page", number: str) -> None:
        page.keyboard.press("p")
        for label in ("Impact", "Urgency"):
            group = page.locator("#sheet").get_by_role("group", name=label)
            group.wait_for()
            tab_to(page, group.get_by_role("radio").first)
            page.keyboard.press("ArrowDown")
        send(page, f"{number} ")

    def classify(self, page: "Page", number: str) -> None:
        page.keyboard.press("l")
        expect(page.locator("#sheet #category")).to_be_focused()
        page.keyboard.type("Storage")
        send(page, f"{number} classified.")

    def assign(self, page: "Page", number: str) -> None:
        page.keyboard.press("a")
        owner = page.locator("#sheet #case_owner")
        expect(owner).to_be_focused()
        page.keyboard.type("nils", delay=60)  # as people type, who see the form before they do
        expect(page.locator("#sheet [role=option]")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        tab_to(page, page.locator("#sheet #reason"))
        page.keyboard.type("I am at the desk this morning.")
        send(page, f"{number} assigned.")

    def tell_those_who_wait(self, page: "Page") -> None:
        """One note on many at once, and a result for each."""
        go(page, "incidents", "Incidents")
        page.wait_for_url("**/incidents/?is_open=yes")
        for _ in range(WAITING):
            page.keyboard.press("j")
            page.keyboard.press("x")
        page.get_by_text(f"{WAITING} chosen").wait_for()
        page.keyboard.press("d")
        verb = page.locator("#sheet").get_by_role("link", name="Note", exact=True)
        verb.wait_for()
        tab_to(page, verb)
        page.keyboard.press("Enter")
        text = page.locator("#sheet").get_by_label("Note")
        text.wait_for()
        tab_to(page, text)
        page.keyboard.type("Looked through this morning; nothing new.")
        tab_to(page, page.locator("#sheet [type=submit]"))
        page.keyboard.press("Enter")
        page.get_by_text(f"{WAITING} done, 0 refused.").wait_for()
