"""The verbs of a major incident: propose, declare or dismiss, coordinate, stand down (PR9.6)."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import Asked, Invalid, registry
from evenkeel.core.schemes.models import SchemeVersion
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import (
    announcement,
    classification,
    criteria,
    leading,
    steps,
)
from evenkeel.processes.incidents.lifecycle import WORKED_ON
from evenkeel.processes.incidents.models import Incident

Major = Incident.Major
Given = dict[str, Any]
Leader = Annotated[User, Asked("Coordinator", "Who leads; by default not who repairs.")]


def propose_major(incident: Incident, *, by: User, at: datetime) -> Given:
    """With what has joined it, it meets criteria of a major incident; somebody has to decide."""
    given = criteria.check(incident, at)
    if incident.major != Major.PROPOSED:
        raise Invalid({"": ["There is nothing to propose."]})
    return given


def declare_major(  # noqa: PLR0913  (five inputs, and who and when)
    incident: Incident,
    *,
    by: User,
    at: datetime,
    coordinator: Leader | None = None,
    reason: Annotated[
        str, Asked("Reason", "Where it meets no criterion, or one person does both.", long=True)
    ] = "",
    headline: Annotated[
        str, Asked("What users read", "Without it, the services that are hurt.", max_length=200)
    ] = "",
    text: Annotated[
        str, Asked("What is said to all concerned", "Nothing internal.", long=True)
    ] = announcement.USUAL,
    only_for: Annotated[
        Organisation | None, Asked("Only for people of", "Left out: it is for everybody.")
    ] = None,
) -> Given:
    """Treat it as a major incident, and say so to all concerned: P1, a coordinator, a procedure."""
    version = criteria.scheme(at)
    if version is None:
        raise Invalid({"": ["ISRM has no approved criteria; its owner approves some."]})
    met = criteria.met_by(incident, version)
    if not met and not reason.strip():
        raise Invalid({"reason": ["It meets no criterion in force; say why it is major."]})
    incident.major, incident.declared_at, incident.declared_by = Major.DECLARED, at, by
    incident.coordinator = None
    incident.coordinator_by = at + timedelta(minutes=version.read.coordinator_minutes)
    if coordinator:
        _coordinate(incident, coordinator, reason, at)
    incident.major_because = {
        "text": " ".join(f"“{one.name}”: {one.says}." for one in met) or reason.strip(),
        "criteria": [one.name for one in met],
        **version.cited,
    }
    _force_priority(incident, version)
    tasks = _begin_procedure(incident, version, at)
    announcement.announce(
        incident, by=by, at=at, title=headline.strip(), text=text, organisation=only_for
    )
    said = {"reason": reason.strip()} if reason.strip() else {}
    return {"criteria": incident.major_because["criteria"], "tasks": tasks, **version.cited, **said}


def dismiss_major(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    reason: Annotated[
        str, Asked("Reason", "Why it is none although it meets criteria.", long=True)
    ],
) -> Given:
    """Say why it is no major incident; it is asked again when it meets another criterion."""
    incident.major = Major.DISMISSED
    return {"reason": reason, "criteria": incident.major_because.get("criteria", [])}


def name_coordinator(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    coordinator: Leader,
    reason: Annotated[str, Asked("Reason", "Where who leads repairs, too.", long=True)] = "",
) -> Given:
    """Say who leads the handling of the major incident."""
    if coordinator == incident.coordinator:
        raise Invalid({"coordinator": [f"{coordinator} coordinates it already."]})
    _coordinate(incident, coordinator, reason, at)
    tasks = Task.objects.filter(pk__in=incident.major_because.get("tasks", []), done_at=None)
    tasks.update(assigned_to=coordinator)
    return {"reason": reason.strip()} if reason.strip() else {}


def miss_coordinator(incident: Incident, *, by: User, at: datetime) -> None:
    """Nobody was named coordinator in time; the process owner is told, once."""
    if incident.coordinator_by is None or incident.coordinator_by > at:
        raise Invalid({"": ["A coordinator is named, or there is still time."]})
    incident.coordinator_by = None


def stand_down(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> Given:
    """It is no major incident after all; its priority is worked out again."""
    dropped = steps.drop(incident.major_because.get("tasks", []))
    announcement.end_all(incident, announcement.CALM, by=by, at=at)
    incident.major = Major.STOOD_DOWN
    incident.coordinator_by = None
    if incident.impact and incident.urgency:
        classification.decide(incident, at, incident.impact, incident.urgency)
    return {"reason": reason, "dropped": dropped}


def tell_missing(at: datetime) -> int:
    """Tell the process owner of every major incident that has no coordinator in time."""
    late = Incident.objects.filter(coordinator_by__lte=at).order_by("pk")
    told = 0
    for incident in list(late):
        if incident.state in WORKED_ON:
            miss = registry["incidents.miss_coordinator"]
            miss(incident, by=User.objects.the_sms(), at=at, via=Via.JOB)
            told += 1
    return told


def _coordinate(incident: Incident, coordinator: User, reason: str, at: datetime) -> None:
    if coordinator.pk not in queries.holders(at, *queries.LEADS):
        raise Invalid({"coordinator": [f"{coordinator} holds no role in ISRM that may lead it."]})
    leading.warn(incident, coordinator, reason)
    incident.coordinator, incident.coordinator_by = coordinator, None


def _force_priority(incident: Incident, version: SchemeVersion) -> None:
    incident.priority = 1
    because = {k: v for k, v in incident.priority_because.items() if k not in ("scheme", "version")}
    said = because.get("text", "")
    because["text"] = f"{said} Major incidents are P1 for as long as they are major.".strip()
    incident.priority_because = because | version.cited


def _begin_procedure(incident: Incident, version: SchemeVersion, at: datetime) -> list[int]:
    """The steps of the procedure as tasks."""
    made = []
    for step in version.read.procedure:
        due = at + timedelta(minutes=step.minutes) if step.minutes else None
        made += steps.begin(
            incident, step.name, step.steps, at=at, due_at=due, assigned_to=incident.coordinator
        )
    incident.major_because = incident.major_because | {"tasks": made}
    return made
