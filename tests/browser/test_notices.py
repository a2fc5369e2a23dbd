"""Being told: from what somebody does at the desk to the bell of whoever asked."""

from playwright.sync_api import expect

from evenkeel.core.testing.live import Visit
from tests.browser.looking import assert_fine, each_look


class TestNotices:
    @each_look
    def test_are_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        for login in ("ben", "priya"):
            page = visit("/notices/", as_=login, screen=screen, dark=dark)
            assert_fine(page, f"notices-{login}")
            page.goto("/notices/settings/")
            assert_fine(page, f"notice-settings-{login}")

    def test_and_pages_are_read_as_one_chooses(self, visit: Visit) -> None:
        for login in ("ben", "nils"):
            page = visit("/accounts/manner/", as_=login)
            assert_fine(page, f"manner-{login}")
            page.get_by_label("Colours", exact=True).select_option("dark")
            page.get_by_label("Time zone", exact=True).select_option("Asia/Tokyo")
            page.get_by_role("button", name="Save").click()
            expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
            assert_fine(page, f"manner-dark-{login}")
            page.get_by_label("Colours", exact=True).select_option("")
            page.get_by_label("Time zone", exact=True).select_option("")
            page.get_by_role("button", name="Save").click()
            expect(page.locator("html[data-bs-theme]")).to_have_count(0)

    def test_reach_the_requester_while_they_look_at_their_cases(self, visit: Visit) -> None:
        desk = visit("/incidents/?requester=ben&is_open=yes", as_="nils")
        desk.locator("[data-rows] a[data-open]").first.click()
        desk.get_by_label("Public reply", exact=False).first.click()
        desk.locator("textarea").first.fill("Does it still happen today?")
        desk.get_by_role("button", name="Send").click()
        expect(desk.locator("#timeline")).to_contain_text("Does it still happen today?")
        page = visit("/portal/", as_="ben")
        for _ in range(30):  # the worker takes a moment
            if page.locator(".bell .unseen").count():
                break
            page.wait_for_timeout(500)
            page.reload()
        page.get_by_role("link", name="Notices: 1 new").click()
        expect(page.locator(".notices")).to_contain_text("Does it still happen today?")
        assert_fine(page, "notices-new")
        page.locator(".notices a").first.click()
        page.wait_for_url("**/portal/cases/**")
        expect(page.locator(".bell .unseen")).to_have_count(0)
