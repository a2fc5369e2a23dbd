"""A case that presses is acknowledged by somebody, or goes up when nobody does (PR9.3, ISRM-10).

It presses while it is P1 or a major incident. Since when, is kept on it whenever it is written, so
that the job finds the few that wait by an index.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Doing, Invalid, registry, turning
from evenkeel.core.schemes import escalation, hierarchy
from evenkeel.core.schemes.hierarchy import Level
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.incidents.actions import on_call
from evenkeel.processes.incidents.actions.levels import go_up
from evenkeel.processes.incidents.lifecycle import NEW, WORKED_ON
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest

Given = dict[str, Any]
CASES: tuple[type[Case], ...] = (Incident, ServiceRequest)
logger = logging.getLogger(__name__)


def acknowledge(case: Case, *, by: User, at: datetime) -> None:
    """Say that one has seen it and sees to it; it goes up no further for silence."""
    case.acknowledged_at, case.acknowledged_by = at, by


def escalate_silence(case: Case, *, by: User, at: datetime) -> Given:
    """Nobody has acknowledged it in time: the next level of authority hears of it."""
    level = _due(case, at)
    if level is None:
        raise Invalid({"": ["Somebody has acknowledged it, or there is still time."]})
    told = go_up(case, level, at)
    thresholds.heard(case, told["rank"], at)
    return told | {"because": f"nobody has acknowledged it within {level.silence} minutes"}


def escalate_all(at: datetime) -> int:
    """Call the next, or tell the next level, of what nobody acknowledged in time; says how many."""
    told = 0
    for model in CASES:
        waiting: Any = model.objects.filter(presses_since__lte=at, acknowledged_at=None)
        for case in waiting.select_related("team").order_by("pk"):
            told += tell(case, at)
    return told


def tell(case: Case, at: datetime) -> int:
    """Call who is on duty, or else tell the next level, if it is time for either; 1 or 0."""
    if on_call.due(case, at):
        verb = "call_on_duty"
    elif _due(case, at):
        verb = "escalate_silence"
    else:
        return 0
    try:
        sms = User.objects.the_sms()
        registry[f"{case.collection}.{verb}"](case, by=sms, at=at, via=Via.JOB)
    except (Invalid, Denied) as refused:  # somebody was faster
        logger.info("%s: %s", case.number, refused)
        return 0
    return 1


def _due(case: Case, at: datetime) -> Level | None:
    """The lowest level above those that have heard, whose time is over."""
    version = in_force(escalation.NAME, "ISRM", at)
    if version is None or case.presses_since is None or case.acknowledged_at:
        return None
    levels = [one for one in version.read.hierarchical if one.silence]
    level = hierarchy.above(levels, case.escalated_to)
    if level is None or on_call.due(case, at):
        return None
    waits = timedelta(minutes=level.silence) + on_call.given(case, levels)
    return level if case.presses_since + waits <= at else None


def turn(record: Record, before: Mapping[str, Any], doing: Doing) -> None:
    """Keep since when it presses; what begins to press is to be acknowledged anew."""
    if not isinstance(record, Case):
        return
    if record.called_since and record.team_id != before.get("team_id"):
        record.called_layer, record.called_since = 0, None  # the next team has people of its own
    worked_on = record.state in (NEW, *WORKED_ON)
    if not (worked_on and on_call.presses(record)):
        record.presses_since = record.called_since = None
        record.called_layer = 0
    elif record.presses_since is None:
        record.presses_since = doing.at
        record.acknowledged_at = record.acknowledged_by = None


turning.append(turn)
