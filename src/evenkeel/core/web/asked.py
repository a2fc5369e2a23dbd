"""What may be asked of a list by a program or on the command line, which must hear of a slip."""

from collections.abc import Mapping

from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.core.web import columns, place
from evenkeel.core.web.screen import Screen


def check(
    screen: Screen, user: User | None, params: Mapping[str, str], steering: tuple[str, ...]
) -> None:
    """Raises Invalid for a parameter that there is not: left out, other records would be listed."""
    filters = (*screen.shown(screen.filters, user), "is_open", "q")
    errors = {
        name: [f"It is no parameter here; there are: {', '.join((*filters, *steering))}."]
        for name in params
        if name not in filters and name not in steering
    }
    if params.get("sort", "-recorded_at") not in place.SORTS:
        errors["sort"] = [f"One of: {', '.join(place.SORTS)}."]
    known = columns.available(screen, user)
    named = params["columns"].split(",") if params.get("columns") else []
    if wrong := [name for name in named if name not in known]:
        errors["columns"] = [f"{', '.join(wrong)}: there are {', '.join(known)}."]
    if errors:
        raise Invalid(errors)
