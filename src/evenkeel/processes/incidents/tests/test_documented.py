"""The page of the service desk says everything that can be done, and no more."""

import re
from pathlib import Path

from evenkeel.core.rules import registry

PAGE = Path(__file__).parents[5] / "docs/using/service-desk.md"
KINDS = {
    "incidents": "incident",
    "service_requests": "service request",
    "contacts": "contact",
}


def documented() -> set[str]:
    """Every verb of the page's table, with the collections of the kinds beside it."""
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|", PAGE.read_text(), re.MULTILINE)
    return {
        f"{collection}.{verb}"
        for verbs, kinds in rows
        for verb in re.findall(r"`(\w+)`", verbs)
        for collection, kind in KINDS.items()
        if kind in kinds.split(", ")
    }


class TestServiceDeskPage:
    def test_names_every_verb_of_every_kind_and_no_other(self) -> None:
        known = {name for name in registry if name.split(".")[0] in KINDS}
        assert documented() == known
