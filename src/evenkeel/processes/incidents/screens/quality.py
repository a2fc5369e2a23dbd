"""How good a record is, on its page; and the way to the list of those that lack something."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.web.board import asking
from evenkeel.core.web.navigation import Line, offer
from evenkeel.processes.incidents.models import Case, Incident

Panel = tuple[str, str, dict[str, Any]]


def completeness(case: Case, reader: User) -> Panel | None:
    """How complete the record is, and what it lacks (ISRM-52)."""
    if case.completeness is None or not visibility.is_inside(reader, case.of_kind):
        return None
    return "Completeness", "incidents/completeness.html", {"case": case}


def is_shown(user: User) -> bool:
    """May this user see the quality list?"""
    return visibility.is_inside(user, Incident.kind())


offer("Service desk", Line("Board: time to breach", "/board/", "clock"), asking.may_see)
offer("Service desk", Line("Record quality", "/quality/", "done"), is_shown)
offer("Service desk", Line("Priority overrides", "/overrides/", "flag"), is_shown)
offer("Service desk", Line("Events of monitoring", "/events/", "bell"), is_shown)
offer("Service desk", Line("Channels", "/channels/", "contact"), is_shown)
