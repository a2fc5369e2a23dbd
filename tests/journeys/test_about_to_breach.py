"""A process manager finds the cases about to breach, steps in, and sees that it helped."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evenkeel.core.testing.live import Visit
from tests.journeys.test_first_incident import choose, do, send

if TYPE_CHECKING:
    from playwright.sync_api import Page

PRESSING = "The export of sequence data stops after one file"


class TestProcessManager:
    @pytest.mark.row("ISRM-47")
    def test_finds_the_case_about_to_breach_and_gives_it_to_somebody_else(
        self, visit: Visit
    ) -> None:
        page = visit("/", as_="priya")
        page.get_by_role("link", name="Board: time to breach").click()
        page.get_by_role("heading", name="Board by time to breach", level=1).wait_for()
        row = page.locator("table.board tbody tr").filter(has_text=PRESSING)
        expect(row).to_have_count(1)
        expect(row).to_contain_text("Kofi Mensah")
        used = row.get_by_role("img").get_attribute("aria-label") or ""
        share = re.match(r"(\d+) % of the target used, .* by .* if it runs on", used)
        assert share, used
        assert 80 <= int(share[1]) < 100  # the demonstration was told some time ago

        row.get_by_role("link", name=PRESSING).focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=PRESSING).wait_for()
        self.give_to_felix(page)
        self.ask_above(page)

        page.get_by_role("link", name="Board: time to breach").click()
        expect(row).to_contain_text(PRESSING)
        expect(row).to_contain_text("Felix Braun")
        page.get_by_role("link", name="of them run out by").click()
        expect(row).to_have_count(1)

    def give_to_felix(self, page: "Page") -> None:
        sheet = do(page, "Assign")
        choose(page, sheet, "Case owner", "Felix")
        sheet.get_by_label("Reason").fill("He has an hour, and knows the exports.")
        send(page, sheet, "Assign", "assigned")

    def ask_above(self, page: "Page") -> None:
        sheet = do(page, "Escalate up")
        sheet.get_by_label("Reason").fill("We may miss what we promised to the customer.")
        send(page, sheet, "Escalate up", "escalated")
