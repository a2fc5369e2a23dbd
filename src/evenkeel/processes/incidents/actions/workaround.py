"""What helps users meanwhile: where it works, an incident is less urgent (R-07)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.processes.incidents.actions import classification, criteria
from evenkeel.processes.incidents.models import Incident

Helps = Annotated[
    str, Asked("Workaround", "What users can do meanwhile; the requester is told.", long=True)
]
LessUrgent = Annotated[
    int | None,
    Asked(
        "Urgency",
        "One step lower is proposed, for it helps. How much is affected stays as it is.",
        choices=classification.urgencies,
    ),
]


def apply_workaround(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    workaround: Helps,
    urgency: LessUrgent = None,
) -> dict[str, Any] | None:
    """Keep what helps meanwhile, and how soon it hurts now; how much is affected is not changed."""
    incident.workaround = workaround
    if urgency is None or urgency == incident.urgency:
        return None
    if incident.impact is None or incident.urgency is None:
        raise Invalid({"urgency": ["It has none yet: prioritise the incident first."]})
    if incident.is_major:
        raise Invalid(
            {"urgency": ["A major incident has the highest priority; leave it as it is."]}
        )
    if urgency < incident.urgency:
        raise Invalid({"urgency": ["A workaround makes nothing more urgent."]})
    chosen = incident.priority_because.get("override")
    version = classification.decide(incident, at, incident.impact, urgency)
    if chosen:  # who set it by hand knew more than the matrix, and still does
        because = dict(incident.priority_because)
        because["text"] += f" P{chosen['priority']} stays, set by hand: {chosen['reason']}"
        incident.priority = chosen["priority"]
        incident.priority_because = because | {"override": chosen}
    return {**version.cited, **criteria.check(incident, at)}
