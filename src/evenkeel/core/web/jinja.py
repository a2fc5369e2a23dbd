"""The environment of our page templates: all that is written out is escaped, no name is guessed."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evenkeel.core.web import words
from evenkeel.core.web.assets import asset, icon

TEMPLATES = Path(__file__).parent / "templates"
SPEECH = ("ago", "day", "due", "duration", "exact", "initials", "label", "size", "value", "when")


def environment(**options: Any) -> Environment:
    """Jinja2 as the pages use it; Django passes its options."""
    options |= {
        "loader": FileSystemLoader(TEMPLATES),
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)  # noqa: S701  (autoescape is on, above)
    made.globals |= {"asset": asset, "icon": icon}
    made.filters |= {name: getattr(words, name) for name in SPEECH}
    return made
