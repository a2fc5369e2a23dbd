"""Who is on duty is called for what presses, layer by layer, before it goes up (PR9.3, ISRM-08).

A team without a rota keeps the way of the levels alone. With one, what monitoring opened presses,
too: it has no user who would ask again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.directory.duty import Duties
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.core.schemes import escalation
from evenkeel.core.schemes.hierarchy import Level
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.incidents.models import Case

Given = dict[str, Any]


def presses(case: Case) -> bool:
    """Has somebody to see to it at once?"""
    if case.priority == 1 or getattr(case, "is_major", False):
        return True
    return case.channel == Case.Channel.MONITORING and bool(case.team and case.team.rota)


def call_on_duty(case: Case, *, by: User, at: datetime) -> Given:
    """Call whoever is on duty for its team; when they are silent, whoever is in the next layer."""
    found = due(case, at)
    if found is None:
        raise Invalid({"": ["Nobody is to be called now."]})
    layer, person = found
    because = _why(case)
    if case.called_layer:
        minutes = _patience(_levels(at))
        because += f", and nobody has acknowledged it within {minutes} minutes"
    case.called_layer = layer
    case.called_since = case.called_since or at
    return {"layer": layer, "person": person.pk, "who": str(person), "because": because}


def due(case: Case, at: datetime) -> tuple[int, User] | None:
    """Who is to be called now, and in which layer; None: nobody, or there is still time."""
    if case.presses_since is None or case.acknowledged_at or not (case.team and case.team.rota):
        return None
    if case.called_since:
        minutes = _patience(_levels(at))
        waits = timedelta(minutes=minutes * case.called_layer)
        if not minutes or case.called_since + waits > at:
            return None
    return Duties(case.team).called(at, after=case.called_layer)


def given(case: Case, levels: Sequence[Level]) -> timedelta:
    """How much later the levels above hear of it, because layers were called one by one."""
    return timedelta(minutes=_patience(levels) * max(case.called_layer - 1, 0))


def _levels(at: datetime) -> Sequence[Level]:
    version = in_force(escalation.NAME, "ISRM", at)
    found: Sequence[Level] = version.read.hierarchical if version else ()
    return found


def _patience(levels: Sequence[Level]) -> int:
    """The minutes of silence after which somebody else is called; 0: nobody else is."""
    return min((one.silence for one in levels if one.silence), default=0)


def _why(case: Case) -> str:
    if getattr(case, "is_major", False):
        return "it is a major incident"
    return "it is P1" if case.priority == 1 else "monitoring opened it"
