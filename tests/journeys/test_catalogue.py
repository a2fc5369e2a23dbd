"""An order from the catalogue on a phone: asked, approved, worked off, confirmed."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evenkeel.core.testing.live import PHONE, Visit
from tests.journeys.test_first_incident import choose, do, send

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEPS = 4


class TestOrder:
    @pytest.mark.row("ISRM-27")
    def test_goes_from_the_catalogue_to_the_confirmation_on_a_phone(self, visit: Visit) -> None:
        phone = visit("/portal/", as_="ben", screen=PHONE)
        number = self.order(phone)
        self.approve(visit, phone, number)
        self.fulfil(visit, number)
        phone.reload()
        expect(phone.get_by_text("12 TB more are yours.")).to_be_visible()
        phone.get_by_role("button", name="Yes, I have it").click()
        expect(phone.locator(".stands")).to_contain_text("Closed")

    def order(self, phone: "Page") -> str:
        """The form asks for the amount only when it is none of those offered."""
        phone.get_by_role("link", name="Order from the catalogue").click()
        phone.get_by_role("link", name="Storage quota").click()
        amount = phone.get_by_label("How many TB?")
        expect(amount).to_be_hidden()
        phone.get_by_label("Which project?").fill("Tidewater")
        phone.get_by_label("more", exact=True).check()
        expect(amount).to_be_visible()
        phone.get_by_role("button", name="Order", exact=True).click()
        expect(phone.get_by_text("What you typed is still here.")).to_be_visible()
        expect(phone.get_by_label("Which project?")).to_have_value("Tidewater")
        phone.get_by_label("How many TB?").fill("12")
        phone.get_by_label("What is it for?").fill("The autumn campaign.")
        phone.get_by_label("No", exact=True).check()
        phone.get_by_role("button", name="Order", exact=True).click()
        phone.get_by_text("We have your order").wait_for()
        expect(phone.locator(".stands")).to_contain_text("Waits for approval")
        expect(phone.locator(".facts-told")).to_contain_text("The autumn campaign.")
        return phone.url.rstrip("/").rsplit("/", 1)[-1]

    def approve(self, visit: Visit, phone: "Page", number: str) -> None:
        """The owner of the service is told, reads the answers and agrees."""
        owner = visit(f"/service_requests/{number}/", as_="mireille")
        expect(owner.locator("main")).to_contain_text("The autumn campaign.")
        sheet = do(owner, "Approve")
        sheet.get_by_label("Note").fill("Within the share of the project.")
        send(owner, sheet, "Approve", "approved.")
        owner.context.close()
        phone.reload()
        expect(phone.get_by_text("Within the share of the project.")).to_be_visible()

    def fulfil(self, visit: Visit, number: str) -> None:
        """The desk works off the steps that the model gives."""
        desk = visit(f"/service_requests/{number}/", as_="emi")
        expect(desk.locator("button.step")).to_have_count(STEPS)
        sheet = do(desk, "Assign")
        choose(desk, sheet, "Case owner", "emi")
        send(desk, sheet, "Assign", "assigned.")
        while desk.locator("button.step:not(.ticked)").count():
            desk.locator("button.step:not(.ticked)").first.click()
            desk.wait_for_load_state()
        desk.locator("#tasks").get_by_role("button", name="Completed").click()
        desk.locator(".toast-line", has_text="has a task completed").wait_for()
        sheet = do(desk, "Fulfil")
        sheet.get_by_role("textbox", name="Solution").fill("12 TB more are yours.")
        send(desk, sheet, "Fulfil", "fulfilled.")
        desk.context.close()
