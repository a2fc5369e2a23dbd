"""A major incident with 22 reports of the same, from a phone to the approved review."""

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evenkeel.core.testing.live import PHONE, Visit
from tests.journeys.test_first_incident import choose, do, send

if TYPE_CHECKING:
    from playwright.sync_api import Page

TROUBLE = "Nobody can open the archive"
REPORTERS = ("lena", "rosa", "chloe", "hugo", "marta", "dele")
REPORTS = 22
AT_ONCE = 60  # seconds


def report(page: "Page", title: str) -> str:
    """Report a problem on the portal; the number of the case."""
    page.goto("/portal/incidents/report/")
    page.get_by_label("What is wrong?").fill(title)
    page.get_by_label("What does it concern?").select_option(label="Research Storage & Archive")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("We have your report").wait_for()
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def post(page: "Page", address: str, button: str, **typed: str) -> None:
    """Fill in the form of a verb on a page of its own, and send it."""
    page.goto(address)
    for label, text in typed.items():
        page.get_by_label(label.replace("_", " ").capitalize()).first.fill(text)
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(lambda url: not url.endswith(address))


class TestMajorIncident:
    @pytest.mark.row("ISRM-39")
    def test_goes_from_a_report_to_the_approved_review(self, visit: Visit) -> None:
        phone = visit("/", as_="ben", screen=PHONE)
        number = report(phone, TROUBLE)
        desk = visit(f"/incidents/{number}/", as_="nils")
        self.sort(desk)
        children = self.join(visit, desk, number)
        self.declare(visit, desk, phone, number)
        self.coordinate(visit, number)
        self.restore(visit, desk, phone, number, children)
        self.review(visit, number)

    def sort(self, desk: "Page") -> None:
        """Classified and prioritised, it asks whether it is a major incident."""
        sheet = do(desk, "Classify")
        sheet.get_by_label("Category").select_option("Storage / Archive")
        send(desk, sheet, "Classify", "classified.")
        sheet = do(desk, "Prioritise")
        sheet.get_by_label(re.compile("^2")).first.check()
        sheet.get_by_role("group", name="Urgency").get_by_label(re.compile("^2")).check()
        send(desk, sheet, "Prioritise", "prioritised.")
        assert desk.get_by_text("done: no, it meets no criterion").first.is_visible()

    def join(self, visit: Visit, desk: "Page", number: str) -> list[str]:
        """Others report the same; the desk takes each up as a part of the first."""
        found: list[str] = []
        for place, login in enumerate(REPORTERS):
            page = visit("/portal/", as_=login)
            many = REPORTS // len(REPORTERS) + (place < REPORTS % len(REPORTERS))
            found += [report(page, f"{TROUBLE}, {login} {one}") for one in range(many)]
            page.context.close()
        for child in found:
            post(desk, f"/incidents/{child}/join_parent/", "Join parent", parent_incident=number)
        desk.goto(f"/incidents/{number}/")
        flag = desk.locator(".flag")
        expect(flag).to_contain_text("Major? It meets: Many reports")
        return found

    def declare(self, visit: Visit, desk: "Page", phone: "Page", number: str) -> None:
        """Declared, it is announced to all concerned within the minute."""
        sheet = do(desk, "Declare major")
        sheet.get_by_label("What users read").fill("The archive cannot be opened")
        sheet.get_by_label("What is said to all concerned").fill("Nothing is lost. Please wait.")
        began = time.monotonic()
        send(desk, sheet, "Declare major", "is a major incident")
        expect(desk.locator(".flag.major")).to_contain_text("declared by Nils Aune")
        expect(desk.locator(".flag.major")).to_contain_text("Nobody coordinates it yet")
        self.hear(visit, began)
        phone.goto("/portal/")
        phone.get_by_role("link", name="How it stands").first.click()
        phone.get_by_text("Nothing is lost. Please wait.").wait_for()
        assert number not in phone.locator("main").inner_text()

    def hear(self, visit: Visit, began: float) -> None:
        """The contact person of a customer, the owner of the service, the top: by the bell."""
        for login in ("marta", "mireille", "ingrid", "tomas", "oskar"):
            page = visit("/notices/", as_=login)
            while page.get_by_text("Major disruption: The archive cannot be opened").count() == 0:
                assert time.monotonic() - began < AT_ONCE, f"{login} was told nothing"
                page.wait_for_timeout(500)
                page.reload()
            page.context.close()

    def coordinate(self, visit: Visit, number: str) -> None:
        """The process owner names who leads; she says how it goes on."""
        top = visit(f"/incidents/{number}/", as_="oskar")
        sheet = do(top, "Name coordinator")
        choose(top, sheet, "Coordinator", "priya")
        sheet.get_by_label("Reason").fill("She leads until it is clear who repairs.")
        send(top, sheet, "Name coordinator", "has a coordinator")
        expect(top.locator(".flag.major")).to_contain_text("Coordinator: Priya Nair")
        top.context.close()
        lead = visit(f"/incidents/{number}/", as_="priya")
        lead.get_by_role("link", name=re.compile("The archive cannot be opened")).click()
        sheet = do(lead, "Update")
        sheet.get_by_label("What is said").fill("A disk is full. Half an hour yet.")
        send(lead, sheet, "Update", "updated.")
        lead.context.close()

    def restore(
        self, visit: Visit, desk: "Page", phone: "Page", number: str, children: list[str]
    ) -> None:
        """Resolved with everything that joined it; it cannot be closed before its review."""
        desk.goto(f"/incidents/{number}/")
        sheet = do(desk, "Resolve")
        sheet.get_by_role("textbox", name="Solution").fill("Moved old data to another disk.")
        send(desk, sheet, "Resolve", "resolved.")
        for child in (children[0], children[-1]):
            desk.goto(f"/incidents/{child}/")
            assert desk.locator(".record-head").get_by_text("Resolved", exact=True).is_visible()
        phone.goto("/portal/status/")
        assert phone.get_by_text("A disk is full. Half an hour yet.").is_visible()
        thanks = phone.get_by_text("It works again. Thank you for your patience.")
        assert thanks.first.is_visible()  # the newest; another one may have ended as well
        phone.goto(f"/portal/cases/{number}/")
        phone.get_by_role("button", name="Yes, it works again").click()
        expect(
            phone.get_by_text(re.compile("when we have reviewed|still open here"))
        ).to_be_visible()
        self.work_off(desk, number)

    def work_off(self, desk: "Page", number: str) -> None:
        """Every step of the procedure is ticked, every task completed."""
        desk.goto(f"/incidents/{number}/")
        for button in ("button.step:not(.ticked)", "#tasks button:has-text('Completed')"):
            while desk.locator(button).count():
                desk.locator(button).first.click()
                desk.wait_for_load_state()

    def review(self, visit: Visit, number: str) -> None:
        """Written by who led, approved by the process owner; then it is closed."""
        lead = visit(f"/incidents/{number}/", as_="priya")
        self.refuse_close(lead)
        lead.get_by_role("link", name=re.compile(f"Review of {number}")).click()
        address = lead.url
        expect(lead.locator(".minutes")).to_contain_text("Nils Aune declared major")
        expect(lead.locator(".minutes")).to_contain_text("joined:")
        self.write(lead)
        top = visit(address, as_="oskar")
        top.get_by_role("button", name="Approve", exact=True).click()
        top.locator(".toast-line", has_text="approved").wait_for()
        top.get_by_role("link", name="Report", exact=True).click()
        sheet = top.locator("main")
        for words in ("The disk was full", "Watch the disks", "Oskar Lindqvist", "Many reports"):
            expect(sheet).to_contain_text(words)
        lead.goto(f"/incidents/{number}/")
        lead.locator(".verbs").get_by_role("button", name="Close", exact=True).click()
        lead.locator(".toast-line", has_text="closed").wait_for()
        assert lead.locator(".record-head").get_by_text("Closed", exact=True).is_visible()

    def refuse_close(self, lead: "Page") -> None:
        address = lead.url
        lead.locator(".verbs").get_by_role("button", name="Close", exact=True).click()
        lead.get_by_text(re.compile("A major incident is closed when its review MIR-")).wait_for()
        lead.goto(address)

    def write(self, lead: "Page") -> None:
        sheet = do(lead, "Edit")
        for label, text in (
            ("Impact", "Nobody read archived data for an hour."),
            ("Cause", "The disk was full."),
            ("What went well", "It was declared at once."),
            ("What went badly", "Nobody watched the disk."),
        ):
            sheet.get_by_label(re.compile(f"^{label}")).fill(text)
        send(lead, sheet, "Save", "edited.")
        lead.get_by_role("link", name="Add a task").click()
        sheet = lead.get_by_role("dialog")
        sheet.get_by_label("Task").fill("Watch the disks")
        choose(lead, sheet, "Assigned to", "anton")
        sheet.get_by_label("Due").fill("2030-05-06T12:00")
        sheet.get_by_role("button", name="Add task", exact=True).click()
        lead.locator(".toast-line", has_text="has a new task").wait_for()
        lead.get_by_role("button", name="Submit", exact=True).click()
        lead.locator(".toast-line", has_text="submitted").wait_for()
