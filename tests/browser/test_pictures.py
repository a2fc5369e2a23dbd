"""The pictures of the README, made anew by `EVENKEEL_PICTURES=docs/images pytest tests/browser`."""

import os
from pathlib import Path

import pytest

from evenkeel.core.testing.live import Visit

LARGEST = 250_000  # bytes
PAGES = {"my-work": "/"}


class TestPicture:
    @pytest.mark.parametrize("name", PAGES)
    def test_of_a_page_is_small_and_not_blank(
        self, visit: Visit, name: str, tmp_path: Path
    ) -> None:
        page = visit(PAGES[name], as_="nils", screen={"width": 1280, "height": 800})
        page.wait_for_load_state("networkidle")
        file = Path(os.environ.get("EVENKEEL_PICTURES", tmp_path)) / f"{name}.png"
        page.screenshot(path=file)
        assert 20_000 < file.stat().st_size < LARGEST
        assert page.locator("table.rows tbody tr").count() > 3
