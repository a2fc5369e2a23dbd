"""The pages before one is inside, and those that say why something cannot be done."""

from evenkeel.core.testing.live import Visit, sign_in
from tests.browser.looking import assert_fine, each_look

OUTSIDE = {
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "inactive": "/accounts/inactive/",
    "not-there-outside": "/no/such/page/",
}
INSIDE = {
    "not-there": "/no/such/page/",
    "password-change": "/accounts/password/change/",
    "logout": "/accounts/logout/",
}


class TestDoor:
    @each_look
    def test_is_fit_for_everybody(self, visit: Visit, screen: dict[str, int], dark: bool) -> None:
        page = visit("/", screen=screen, dark=dark)
        for name, address in OUTSIDE.items():
            page.goto(address)
            assert_fine(page, name)
        sign_in(page, "nils")
        for name, address in INSIDE.items():
            page.goto(address)
            assert_fine(page, name)

    def test_lets_the_people_of_the_demonstration_in_by_a_click(self, visit: Visit) -> None:
        page = visit("/incidents/?is_open=yes")
        page.get_by_role("button", name="Priya Nair").click()
        page.wait_for_url("**/incidents/?is_open=yes")
