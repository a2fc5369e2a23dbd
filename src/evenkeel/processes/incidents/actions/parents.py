"""Incidents that are reports of one disruption: they join a parent and are resolved with it."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.links import Link, LinkKind
from evenkeel.core.rules import Asked, Invalid, registry
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import criteria, restoration
from evenkeel.processes.incidents.lifecycle import WORKED_ON
from evenkeel.processes.incidents.models import Incident

Given = dict[str, Any]
Parent = Annotated[Incident, Asked("Parent incident", "Its number, e.g. INC-7.")]
_TAKEN_OVER = ("service_id", "category", "impact", "urgency")


def join_parent(incident: Incident, *, by: User, at: datetime, parent: Parent) -> Given:
    """Treat it as one more report of a parent incident, with which it is then resolved."""
    if why_not := _why_not(incident, parent):
        raise Invalid({"parent": [why_not]})
    Link.objects.create(
        source_id=incident.pk, target=parent, kind=LinkKind.PART_OF, made_by=by, made_at=at
    )
    for name in _TAKEN_OVER:
        setattr(incident, name, getattr(incident, name) or getattr(parent, name))
    if incident.priority is None and parent.priority is not None:
        incident.priority = parent.priority
        because = {**parent.priority_because, "text": f"Taken over from {parent.number}."}
        incident.priority_because = because
    if incident.major == Incident.Major.PROPOSED:  # whether it is major is asked of the parent
        incident.major, incident.major_because = Incident.Major.NO, {}
    return {"parent": parent.number, **_recheck(parent, at)}


def _recheck(parent: Incident, at: datetime) -> Given:
    """One more report may make the parent a major incident; what came of it, for the entry."""
    before = parent.major
    said = criteria.check(parent, at)
    if parent.major == Incident.Major.PROPOSED != before:
        propose = registry["incidents.propose_major"]
        propose(parent, by=User.objects.the_sms(), at=at, via=Via.JOB)
    if "also" in said:
        said["also"] = {f"{criteria.LABEL} of {parent.number}": said["also"][criteria.LABEL]}
    return said


def _why_not(incident: Incident, parent: Incident) -> str:
    if parent.pk == incident.pk:
        return "An incident is not its own parent."
    if parent.state not in WORKED_ON:
        return f"{parent.number} is not being worked on; name one that is classified and open."
    if (own := queries.parents(incident).select_related("target").first()) is not None:
        return f"{incident.number} is a part of {own.target.number}; remove that link first."
    if (above := queries.parents(parent).select_related("target").first()) is not None:
        return f"{parent.number} is itself a part of {above.target.number}; join that."
    if queries.has_children(incident):
        return f"Others have joined {incident.number}; let {parent.number} join it instead."
    return ""


def resolve_with_parent(incident: Incident, *, by: User, at: datetime, parent: Parent) -> Given:
    """The parent was resolved, and so this is; the requester confirms it like any other."""
    if parent.resolved_at is None or parent.restored_at is None:
        raise Invalid({"parent": [f"{parent.number} is not resolved."]})
    incident.solution = parent.solution
    incident.resolution, incident.cause = parent.resolution, parent.cause
    incident.restored_at = max(parent.restored_at, incident.recorded_at)
    incident.resolved_at = at
    restoration.settle(incident)
    return {"parent": parent.number}


def resolve_children(parent: Incident, at: datetime) -> None:
    """Resolve what joined an incident, each by an entry of its own; part of resolving it."""
    if parent._state.adding:  # in a rehearsal nothing is written yet, so nothing has joined
        return
    for child in queries.children_worked_on(parent):
        registry["incidents.resolve_with_parent"](
            child, by=User.objects.the_sms(), at=at, via=Via.JOB, parent=parent
        )
