"""Keeping up with a case that another organisation handles in a system of its own (R-77)."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.processes.incidents.models import Case

System = Annotated[
    str,
    Asked("External system", "Whose it is, e.g. NetSpan; empty: as before.", max_length=40),
]
Ticket = Annotated[str, Asked("External ticket", "Its number; empty: as before.", max_length=120)]
State = Annotated[str, Asked("State there", "As that system calls it.", max_length=80)]
Since = Annotated[datetime | None, Asked("So since", "Left empty, now.")]


def note_elsewhere(  # noqa: PLR0913  (four inputs, and who and when)
    case: Case,
    *,
    by: User,
    at: datetime,
    outside_state: State,
    outside_number: Ticket = "",
    outside_system: System = "",
    outside_at: Since = None,
) -> None:
    """Write down under which number another organisation has the case, and how it stands there."""
    ticket = outside_number.strip() or case.outside_number
    system = outside_system.strip() or case.outside_system
    _check(case, ticket, system, outside_at, at)
    is_known = (ticket, system) == (case.outside_number, case.outside_system)
    if is_known and outside_state.strip() == case.outside_state:
        raise Invalid({"outside_state": ["That is what stands here already."]})
    case.outside_number, case.outside_system = ticket, system
    case.outside_state, case.outside_at = outside_state.strip(), outside_at or at


def _check(case: Case, ticket: str, system: str, since: datetime | None, at: datetime) -> None:
    if not ticket:
        raise Invalid({"outside_number": ["Name the number that it has there."]})
    if not system:
        raise Invalid({"outside_system": ["Name the system in which it has that number."]})
    if since and since > at:
        raise Invalid({"outside_at": ["That is still to come."]})
