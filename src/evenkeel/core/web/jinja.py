"""The environment of our page templates: everything that is written out is escaped."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"


def environment(**options: Any) -> Environment:
    """Jinja2 as the pages use it; Django passes its options."""
    ours = {
        name: option for name, option in options.items() if name not in {"loader", "autoescape"}
    }
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, **ours)
