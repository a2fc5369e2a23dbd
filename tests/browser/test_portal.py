"""The portal, as people meet it twice a year."""

from evenkeel.core.testing.live import PHONE, Visit
from tests.browser.looking import assert_fine, each_look

PAGES = {
    "portal-cases": "/portal/cases/",
    "portal-report": "/portal/incidents/report/",
    "portal-ask": "/portal/service_requests/report/",
}


class TestPortal:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/portal/", as_="ben", screen=screen, dark=dark)
        assert_fine(page, "portal")
        page.locator("a.case").first.click()
        page.get_by_role("heading", name="What happened").wait_for()
        page.get_by_text("I no longer need this").first.click()
        assert_fine(page, "portal-case")
        for name, address in PAGES.items():
            page.goto(address)
            assert_fine(page, name)
        page.get_by_role("button", name="Send the request").evaluate(
            "button => button.form.noValidate = true"
        )
        page.get_by_role("button", name="Send the request").click()
        page.get_by_text("What you typed is still here.").wait_for()
        assert_fine(page, "portal-refused")

    def test_keeps_what_was_half_written(self, visit: Visit) -> None:
        page = visit("/portal/incidents/report/", as_="ben", screen=PHONE)
        page.get_by_label("What is wrong?").fill("My notebook")
        page.wait_for_timeout(400)
        page.reload()
        assert page.get_by_label("What is wrong?").input_value() == "My notebook"
        page.get_by_role("button", name="Send the report").click()
        page.get_by_text("We have your report").wait_for()
        page.goto("/portal/incidents/report/")
        assert page.get_by_label("What is wrong?").input_value() == ""
