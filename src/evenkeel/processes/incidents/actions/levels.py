"""Hierarchical escalation: up the levels of the path, for a time, and back (PR9.3, ISRM-10)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.clocks import keeping, thresholds
from evenkeel.core.clocks.targets import within
from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.core.schemes.hierarchy import IN_WORDS, RANKS, Level
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions.escalation import Reason, take_over
from evenkeel.processes.incidents.models import Case

Given = dict[str, Any]


def climb(case: Case, *, by: User, at: datetime, clock: thresholds.Which) -> Given:
    """A trigger of the next level is met: whoever has that authority hears of it, once."""
    found = thresholds.climb(case, clock, at)
    levels: list[Level] = found.paths.read.hierarchical  # type: ignore[union-attr]
    level, passed = levels[found.climbed - 1], found.levels[found.climbed - 1]
    target, asked = found.target or 0, keeping.pressing(case, levels)
    told = go_up(case, level, at) | {"because": level.because(target, passed, asked)}
    if passed == 0:  # for its priority, or who asks: that is said once, not of each target
        thresholds.heard(case, level.to, at)
        return told
    return told | {"clock": clock, "target": within(target)}


def escalate_up(case: Case, *, by: User, at: datetime, reason: Reason) -> Given:
    """Ask whoever stands one level higher on the path for help; in the end the SMS owner."""
    level = case.level_above(at)
    if level is None:
        raise Invalid({"": ["The SMS owner has heard of it; there is no level above."]})
    told = go_up(case, level, at)
    thresholds.heard(case, told["rank"], at)
    return told | {"reason": reason}


def hand_back(
    case: Case,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", "What was decided or done.", long=True, inside=True)],
) -> None:
    """Give the case back to whoever owned it before it was escalated upwards."""
    case.case_owner, case.escalated_from = case.escalated_from, None
    case.escalated_to = ""


def go_up(case: Case, level: Level, at: datetime) -> Given:
    """Let a level hear of it; where nobody has the authority that is asked for, the next above."""
    rank, people = queries.authority(case, level.to, at)
    case.escalated_to = max(case.escalated_to, rank, key=["", *RANKS].index)
    if level.takes_over and people:
        take_over(case, people[0])
    return {"rank": rank, "to": IN_WORDS[rank], "people": ", ".join(map(str, people)) or "nobody"}
