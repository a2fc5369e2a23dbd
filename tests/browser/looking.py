"""What every page is held to in a browser: axe finds nothing, nothing is wider than the screen."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from evenkeel.core.testing.live import PHONE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Page

each_look = pytest.mark.parametrize(
    ("screen", "dark"),
    [
        pytest.param(WIDE, False, id="wide-light"),
        pytest.param(WIDE, True, id="wide-dark"),
        pytest.param(PHONE, False, id="phone-light"),
        pytest.param(PHONE, True, id="phone-dark"),
    ],
)


def assert_fine(page: "Page", name: str) -> None:
    """No fault that axe finds, nothing to scroll sideways; a picture where one is asked for."""
    if folder := os.environ.get("EVENKEEL_LOOK"):
        look = f"{page.viewport_size['width']}" if page.viewport_size else "?"
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(
            path=Path(folder) / f"{name}-{look}{'-dark' if dark else ''}.png", full_page=True
        )
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"{name} is {too_wide} px wider than the screen"
