"""The pages of the service desk in a browser: list, record, forms, keys, drafts."""

from typing import TYPE_CHECKING

from evenkeel.core.testing.live import Visit
from tests.browser.looking import assert_fine, each_look

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPEN = "/incidents/?is_open=yes"


def record(page: "Page", title: str) -> str:
    """Record an incident by the form; its address."""
    page.goto("/incidents/record/")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_url("**/incidents/INC-*/")
    return page.url


class TestPages:
    @each_look
    def test_are_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/incidents/", as_="priya", screen=screen, dark=dark)
        assert_fine(page, "list")
        page.locator("#chip-state > summary").click()
        assert_fine(page, "list-filter")
        page.goto("/incidents/?case_owner=ben")
        assert_fine(page, "list-empty")
        page.goto("/incidents/?q=login")
        page.locator("mark").first.wait_for()
        assert_fine(page, "list-search")
        page.goto("/incidents/?q=colour:red")
        assert_fine(page, "list-search-refused")
        page.goto("/search/?q=colour:red")
        assert_fine(page, "search-refused")
        page.goto("/search/?q=state:open+owner:me")
        assert_fine(page, "search-operators")
        page.goto("/incidents/?priority=high")
        assert_fine(page, "list-refused")
        page.goto("/incidents/record/")
        assert_fine(page, "intake")

    @each_look
    def test_of_a_record_are_fit_for_everybody(
        self, visit: Visit, screen: dict[str, int], dark: bool
    ) -> None:
        page = visit(OPEN, as_="priya", screen=screen, dark=dark)
        page.locator("[data-open]").first.click()
        page.get_by_role("heading", level=1).wait_for()
        assert_fine(page, "record")
        page.get_by_text("More", exact=True).click()
        assert_fine(page, "record-more")
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Edit", exact=True).click()
        page.get_by_role("dialog").get_by_label("Title").wait_for()
        assert_fine(page, "sheet")

    @each_look
    def test_of_the_directory_are_fit_for_everybody(
        self, visit: Visit, screen: dict[str, int], dark: bool
    ) -> None:
        page = visit("/roles/", as_="ingrid", screen=screen, dark=dark)
        page.locator("[data-open]").last.click()
        page.get_by_role("heading", level=1).wait_for()
        assert_fine(page, "role")
        page.goto("/people/")
        assert_fine(page, "people")


class TestViews:
    @each_look
    def test_are_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/incidents/?is_open=yes&first=yes", as_="nils", screen=screen, dark=dark)
        page.wait_for_url("**/incidents/?is_open=yes")
        if screen["width"] < 992:
            page.get_by_role("button", name="Views").click()
        page.get_by_role("link", name="On hold, oldest first").wait_for()
        assert_fine(page, "views")

    def test_say_that_they_are_altered_until_they_are_saved(self, visit: Visit) -> None:
        page = visit("/incidents/", as_="nils")
        page.get_by_role("link", name="On hold, oldest first").click()
        page.wait_for_url("**/incidents/?sort=recorded_at&state=on_hold&view=*")
        page.locator("#chip-priority > summary").click()
        page.get_by_role("link", name="P4", exact=True).click()
        page.get_by_text("“On hold, oldest first” is altered").wait_for()
        page.get_by_role("link", name="Save as").click()
        page.get_by_role("dialog").get_by_label("Name").fill("My P4s")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        view = page.get_by_role("link", name="My P4s")
        view.wait_for()
        assert view.get_attribute("aria-current") == "true"
        assert page.get_by_text("is altered").count() == 0


class TestPalette:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit(OPEN, as_="nils", screen=screen, dark=dark)
        page.locator("[data-open]").first.click()
        page.get_by_role("heading", level=1).wait_for()
        page.keyboard.press("Control+k")
        page.get_by_role("option", name="Edit").wait_for()
        assert_fine(page, "palette")

    def test_leads_to_a_page_and_runs_a_verb(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        page.keyboard.press("Control+k")
        page.keyboard.type("on hold old")
        page.get_by_role("option", name="On hold, oldest first").wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents/?sort=recorded_at&state=on_hold&view=*")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1).wait_for()
        page.keyboard.press("Control+k")
        page.keyboard.type("priori")  # and Enter, before an answer can be there
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("heading", name="Prioritise").wait_for()

    def test_leaves_keys_alone_that_were_turned_off(self, visit: Visit) -> None:
        page = visit(OPEN, as_="nils")
        page.keyboard.press("?")
        page.get_by_label("Keys without Ctrl work").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("c")
        page.keyboard.press("?")
        assert page.url.endswith(OPEN)
        assert page.locator("dialog[open]").count() == 0
        page.keyboard.press("Control+k")
        page.get_by_role("option").first.wait_for()


class TestChoosing:
    @each_look
    def test_leads_to_a_result_for_each(
        self, visit: Visit, screen: dict[str, int], dark: bool
    ) -> None:
        page = visit("/incidents/?state=on_hold", as_="nils", screen=screen, dark=dark)
        boxes = page.locator("tbody [name=pick]")
        boxes.nth(0).click()
        boxes.nth(2).click(modifiers=["Shift"])
        page.get_by_text("3 chosen").wait_for()
        assert_fine(page, "chosen")
        page.get_by_role("button", name="With the chosen").click()
        sheet = page.get_by_role("dialog")
        sheet.get_by_role("heading", name="3 incidents").wait_for()
        assert_fine(page, "chosen-verbs")
        sheet.get_by_role("link", name="Note", exact=True).click()
        sheet.get_by_label("Note").fill("Asked the supplier again.")
        assert_fine(page, "chosen-form")
        sheet.get_by_role("button", name="Note", exact=True).click()
        page.get_by_text("3 done, 0 refused.").wait_for()
        assert_fine(page, "chosen-report")


class TestSheet:
    def test_is_filled_in_without_the_mouse(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        record(page, "Archive is slow since noon")
        page.get_by_role("link", name="Classify", exact=True).focus()
        page.keyboard.press("Enter")
        field = page.get_by_role("dialog").get_by_label("Category")
        field.wait_for()
        assert field.evaluate("field => field === document.activeElement")
        field.select_option(index=2)
        page.keyboard.press("Control+Enter")
        page.locator(".toast-line", has_text="classified.").wait_for()

    def test_closes_with_escape_and_gives_the_focus_back(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        record(page, "Archive is slow since noon")
        button = page.get_by_role("link", name="Classify", exact=True)
        button.click()
        page.get_by_role("dialog").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
        assert button.evaluate("button => button === document.activeElement")

    def test_shows_both_versions_where_somebody_was_faster(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        address = record(page, "Archive is slow")
        page.get_by_role("link", name="Edit", exact=True).click()
        title = page.get_by_role("dialog").get_by_label("Title")
        title.fill("Archive is slow in Bergen")
        other = visit(f"{address}edit/", as_="priya")
        other.get_by_label("Title").fill("Archive is slow in Oslo")
        other.get_by_role("button", name="Save", exact=True).click()
        other.locator(".toast-line", has_text="edited.").wait_for()
        page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Somebody else was faster").wait_for()
        assert page.get_by_role("cell", name="Archive is slow in Oslo").is_visible()
        assert title.input_value() == "Archive is slow in Bergen"
        assert_fine(page, "conflict")
        page.get_by_role("button", name="Use mine on top of theirs").click()
        page.get_by_role("heading", name="Archive is slow in Bergen").wait_for()

    def test_offers_people_by_name(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        record(page, "Archive is slow")
        page.get_by_role("link", name="Assign", exact=True).click()
        field = page.get_by_role("dialog").get_by_label("Case owner").first
        field.fill("")
        field.type("pri")
        page.get_by_role("option", name="Priya").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert field.input_value() == "Priya Nair (priya)"


class TestNothingTyped:
    def test_is_lost_in_a_reload(self, visit: Visit) -> None:
        page = visit("/incidents/record/", as_="nils")
        page.get_by_label("Title").fill("Half written")
        page.wait_for_timeout(400)
        page.reload()
        assert page.get_by_label("Title").input_value() == "Half written"
        page.get_by_role("button", name="Record", exact=True).click()
        page.wait_for_url("**/incidents/INC-*/")
        page.goto("/incidents/record/")
        assert page.get_by_label("Title").input_value() == ""

    def test_is_lost_in_the_composer(self, visit: Visit) -> None:
        page = visit("/", as_="nils")
        record(page, "Archive is slow")
        page.get_by_label("Text").fill("Let me see")
        page.wait_for_timeout(400)
        page.reload()
        assert page.get_by_label("Text").input_value() == "Let me see"
        page.keyboard.press("Tab")
        page.get_by_label("Text").press("Control+Enter")
        page.get_by_text("Your reply is sent.").wait_for()
        assert page.get_by_label("Text").input_value() == ""
        assert page.locator(".timeline").get_by_text("Let me see").is_visible()


class TestKeys:
    def test_lead_through_a_list_and_open_what_they_stand_on(self, visit: Visit) -> None:
        page = visit("/incidents/", as_="nils")
        second = page.locator("[data-open]").nth(1).get_attribute("href")
        for key in ("j", "j", "j", "k", "Enter"):
            page.keyboard.press(key)
        page.wait_for_url(f"**{second}")

    def test_begin_something_new_and_search_and_explain_themselves(self, visit: Visit) -> None:
        page = visit("/incidents/", as_="nils")
        page.keyboard.press("/")
        assert page.locator("#find").evaluate("box => box === document.activeElement")
        page.locator("h1").click()
        page.keyboard.press("?")
        page.get_by_role("heading", name="Keyboard").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("c")
        page.wait_for_url("**/incidents/record/")
        assert page.get_by_label("Title").evaluate("box => box === document.activeElement")
