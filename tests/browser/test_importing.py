"""Bringing in records on a page, as a browser shows it."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from evenkeel.core.imports.tests.made_up import CASES, PROFILE
from evenkeel.core.testing.live import Visit
from tests.browser.looking import assert_fine, each_look

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

BAD = CASES.replace(";2;;02/10/2013", ";high;;32/10/2013")


def payload(text: str, name: str) -> "FilePayload":
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


class TestBringingInRecords:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/import/", as_="tomas", screen=screen, dark=dark)
        assert_fine(page, "import")
        page.get_by_label("Files").set_input_files([payload(BAD, "cases.csv")])
        page.get_by_label("Profile of my own").set_input_files([payload(PROFILE, "desk.toml")])
        page.get_by_role("button", name="Look at the files").click()
        expect(page.get_by_role("heading", name="cases.csv").first).to_be_visible()
        assert_fine(page, "import-look")
        page.get_by_role("button", name="Try it out").click()
        expect(page.get_by_role("heading", name="Tried out")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("row", name="Cases 2 0 0 1")).to_be_visible()
        assert_fine(page, "import-tried")
        page.get_by_role("button", name="Take the files away").click()
        expect(page.get_by_text("The files were taken away.")).to_be_visible()


class TestUndoingAnImport:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/import/", as_="tomas", screen=screen, dark=dark)
        page.get_by_label("Files").set_input_files([payload(CASES, "cases.csv")])
        page.get_by_label("Profile of my own").set_input_files([payload(PROFILE, "desk.toml")])
        page.get_by_role("button", name="Look at the files").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Import", exact=True).click(timeout=30_000)
        page.get_by_role("heading", name="Imported as").get_by_role("link").click(timeout=30_000)
        assert_fine(page, "import-done")
        address = page.url
        page.goto(f"{address}undo/")
        page.get_by_label("Reason").fill("It was the file of another year.")
        page.get_by_role("button", name="Undo").click()
        for _ in range(60):
            page.wait_for_timeout(500)
            page.goto(address)
            if page.get_by_role("heading", name="Undone", exact=True).count():
                break
        expect(page.get_by_text("3 records cancelled")).to_be_visible()
        assert_fine(page, "import-undone")
