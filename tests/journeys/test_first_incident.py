"""A first incident, from a user's phone to the closed case, through the pages alone."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evenkeel.core.testing.live import PHONE, Visit

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

TROUBLE = "Transfers to the archive stop at noon"


def do(page: "Page", verb: str) -> "Locator":
    """Open the form of a verb as a keyboard does; the sheet beside the record."""
    page.get_by_role("link", name=verb, exact=True).first.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("heading", name=re.compile(f"^{verb}")).wait_for()
    return sheet


def send(page: "Page", sheet: "Locator", verb: str, said: str) -> None:
    """Send the form by the Enter key on its button, and read what the page answers."""
    sheet.get_by_role("button", name=verb, exact=True).focus()
    page.keyboard.press("Enter")
    page.locator(".toast-line", has_text=said).wait_for()


def choose(page: "Page", sheet: "Locator", label: str, typed: str) -> None:
    """Pick one of what is suggested, by keys; what stood there is replaced."""
    field = sheet.get_by_role("combobox", name=label)
    field.click()
    field.press_sequentially(typed)
    expect(sheet.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def escalate(page: "Page") -> None:
    """To the network team."""
    sheet = do(page, "Escalate")
    sheet.get_by_label("Functional").check()
    sheet.get_by_label("Reason").fill("Needs the network team.")
    choose(page, sheet, "Team", "network")
    send(page, sheet, "Escalate", "escalated.")


class TestFirstIncident:
    @pytest.mark.row("ISRM-15")
    def test_goes_from_a_phone_to_the_desk_and_back(self, visit: Visit) -> None:
        phone = visit("/", as_="ben", screen=PHONE)
        number = self.report(phone)

        desk = visit("/", as_="nils")
        desk.get_by_role("link", name="Incidents", exact=True).first.click()
        desk.get_by_role("heading", name="Incidents", level=1).wait_for()
        desk.keyboard.press("j")
        desk.keyboard.press("Enter")
        desk.get_by_role("heading", name=TROUBLE).wait_for()
        assert number in desk.url
        self.work(desk)

        phone.reload()
        phone.get_by_text("We think it works again.").wait_for()
        assert phone.get_by_text("Opened the port in the firewall").is_visible()
        assert phone.get_by_text("Thank you, we look into it.").is_visible()
        assert phone.get_by_text("Firewall was changed").count() == 0
        phone.get_by_role("button", name="Yes, it works again").click()
        phone.get_by_text("The case is closed.").wait_for()
        assert phone.locator(".stands").get_by_text("Closed", exact=True).is_visible()

        desk.reload()
        assert desk.locator(".record-head").get_by_text("Closed", exact=True).is_visible()
        assert desk.locator(".timeline").get_by_text("Ben Carter").first.is_visible()

    def test_goes_from_a_call_to_closure_at_the_desk_alone(self, visit: Visit) -> None:
        """Nothing has to be read beforehand: the filled button is the next step."""
        desk = visit("/", as_="nils")
        desk.locator("summary", has_text="New").click()
        desk.get_by_role("link", name="Incident", exact=True).click()
        form = desk.get_by_role("main")
        form.get_by_label("Title").fill(TROUBLE)
        choose(desk, form.locator(".field", has_text="Who uses the service"), "Requester", "chloe")
        form.get_by_role("button", name="Record", exact=True).click()
        sheet = self.next_step(desk, "Classify")
        sheet.get_by_label("Category").select_option("Data transfer")
        send(desk, sheet, "Classify", "classified.")
        sheet = self.next_step(desk, "Assign")
        choose(desk, sheet, "Case owner", "nils")
        send(desk, sheet, "Assign", "assigned.")
        escalate(desk)
        sheet = self.next_step(desk, "Resolve")
        sheet.get_by_role("textbox", name="Solution").fill("Opened the port in the firewall.")
        send(desk, sheet, "Resolve", "resolved.")
        desk.locator(".verbs .btn-primary").click()
        desk.locator(".toast-line", has_text="closed").wait_for()

    def next_step(self, desk: "Page", verb: str) -> "Locator":
        """Take the step that the page offers first."""
        expect(desk.locator(".verbs .btn-primary")).to_have_text(re.compile(verb))
        return do(desk, verb)

    def report(self, phone: "Page") -> str:
        """A user reports, with a picture; the number of the case."""
        phone.get_by_role("link", name="Report a problem").click()
        phone.get_by_label("What is wrong?").fill(TROUBLE)
        phone.get_by_label("What happens, since when").fill("Since noon, at forty percent.")
        phone.get_by_label("What does it concern?").select_option(label="Data Transfer")
        picture: FilePayload = {
            "name": "screen.png",
            "mimeType": "image/png",
            "buffer": b"\x89PNG a picture",
        }
        phone.get_by_label("Pictures or files").set_input_files(picture)
        phone.get_by_role("button", name="Send the report").click()
        phone.get_by_text("We have your report").wait_for()
        return phone.url.rstrip("/").rsplit("/", 1)[-1]

    def work(self, desk: "Page") -> None:
        """An agent classifies, prioritises, assigns, escalates, answers and resolves."""
        assert desk.get_by_role("link", name="screen.png").first.is_visible()
        sheet = do(desk, "Classify")
        sheet.get_by_label("Category").select_option("Data transfer")
        send(desk, sheet, "Classify", "classified.")

        sheet = do(desk, "Prioritise")
        sheet.get_by_label(re.compile("^2")).first.check()
        sheet.get_by_role("group", name="Urgency").get_by_label(re.compile("^2")).check()
        send(desk, sheet, "Prioritise", "prioritised.")
        desk.get_by_text("Why P").first.click()

        sheet = do(desk, "Assign")
        choose(desk, sheet, "Case owner", "nils")
        send(desk, sheet, "Assign", "assigned.")

        escalate(desk)

        desk.get_by_label("Text").fill("Thank you, we look into it.")
        desk.get_by_label("Text").press("Control+Enter")
        desk.get_by_text("Your reply is sent.").wait_for()
        desk.get_by_text("Internal note", exact=True).click()
        desk.get_by_label("Text").fill("Firewall was changed last night.")
        desk.get_by_label("Text").press("Control+Enter")
        desk.locator(".timeline").get_by_text("Firewall was changed").wait_for()

        sheet = do(desk, "Resolve")
        sheet.get_by_role("textbox", name="Solution").fill("Opened the port in the firewall.")
        send(desk, sheet, "Resolve", "resolved.")
