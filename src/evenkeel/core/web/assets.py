"""Where the built assets lie, by the name they have in `frontend/`."""

import functools
import json
from pathlib import Path

from markupsafe import Markup

DIST = Path(__file__).parent / "static" / "dist"
BASE = "/static/dist/"


@functools.cache
def manifest() -> dict[str, str]:
    """Name in `frontend/` -> name with its hash; read once."""
    try:
        names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    except FileNotFoundError as missing:
        raise RuntimeError("The browser's assets are not built: run `make install`.") from missing
    return names


def asset(name: str) -> str:
    """The address of an asset: `asset("app.js")`."""
    return BASE + manifest()[name]


@functools.cache
def icon(name: str) -> Markup:
    """An icon of `frontend/icons.json`; a word beside it, or an aria-label, says what it means."""
    drawn = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>')
    return drawn.format(asset("icons.svg"), name)
