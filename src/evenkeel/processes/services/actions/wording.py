"""The text to the customer in an agreement, into which the values of a case are filled."""

import re
from collections.abc import Mapping

FACTS = ("number", "title", "target", "due", "within")
_PLACE = re.compile(r"\{(\w*)\}")


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The template with what is known; what is unknown stays as it is written."""
    return _PLACE.sub(lambda place: facts.get(place[1], place[0]), template)


def unknown(template: str) -> list[str]:
    """Places into which nothing can be filled."""
    return [place for place in _PLACE.findall(template) if place not in FACTS]
