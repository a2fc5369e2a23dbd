"""Telling a supplier that a case waits for it, by mail and in words that are meant for it."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.notices import letters
from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.processes.incidents.models import Case

ToThem = Annotated[
    str, Asked("To the supplier", "They read this and nothing else of the case.", long=True)
]


def tell_supplier(case: Case, *, by: User, at: datetime, text: ToThem) -> dict[str, Any]:
    """Send the supplier for whom it waits a mail; how its delivery goes stands on the case."""
    if case.waits_for is None:
        raise Invalid({"": ["It waits for no supplier."]})
    return letters.told(case, case.waits_for, text)
