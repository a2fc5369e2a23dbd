"""Every page there is, found by following links: whoever adds one need not add it here."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from evenkeel.core.testing.live import PHONE, WIDE, Visit
from tests.browser.looking import assert_fine

if TYPE_CHECKING:
    from playwright.sync_api import Page

NUMBER = re.compile(r"[A-Z]+-K?\d+|\d{4}-\d{2}")  # of a record, a figure, a month
NO_PAGES = re.compile(r"/(static|api|attachments|accounts/logout)/")
MANY = 15  # fewer pages mean that the walk got stuck at the door


def pages(page: "Page", start: str) -> Iterator[str]:
    """Opens one page of each sort that links lead to, and names its sort: /incidents/N/assign/."""
    waiting, known = [start], set()
    while waiting:
        answer = page.goto(waiting.pop(0))
        assert answer is not None
        assert answer.status == 200, page.url
        yield NUMBER.sub("N", page.evaluate("location.pathname"))
        for path in page.evaluate(
            "[...document.links].filter(a => a.host === location.host)"
            ".filter(a => !a.hasAttribute('download')).map(a => a.pathname)"
        ):
            sort = NUMBER.sub("N", path)
            if sort not in known and not NO_PAGES.match(path):
                known.add(sort)
                waiting.append(path)


class TestEveryPage:
    @pytest.mark.parametrize("who", ["ben", "priya", "ingrid"])
    @pytest.mark.parametrize(
        ("screen", "dark"),
        [pytest.param(WIDE, False, id="wide-light"), pytest.param(PHONE, True, id="phone-dark")],
    )
    def test_is_fit_for_everybody(
        self, visit: Visit, who: str, screen: dict[str, int], dark: bool
    ) -> None:
        page = visit("/portal/" if who == "ben" else "/", as_=who, screen=screen, dark=dark)
        found = []
        for sort in pages(page, page.url):
            assert_fine(page, f"{who}{sort.replace('/', '-')}")
            found.append(sort)
        assert len(set(found)) >= (4 if who == "ben" else MANY)
