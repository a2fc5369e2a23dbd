"""Whoever leads a major incident by default does not repair it, too (PR9.6, R-18)."""

from evenkeel.core.people.models import User
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.models import Case, Incident


def warn(incident: Incident, person: User, reason: str) -> None:
    """Say that one person would lead and repair; it is done with a reason, and said once more.

    Raises Invalid, which asks for the reason, where there is none.
    """
    if why := _repairs(incident, person):
        _demand(incident, person, why, "lead as well as repair", reason)


def warn_of_owner(case: Case, owner: User, reason: str) -> None:
    """The same from the other side: who leads a major incident becomes its case owner."""
    if isinstance(case, Incident) and case.is_major and owner.pk == case.coordinator_id:
        why = "coordinates the major incident"
        _demand(case, owner, why, "repair as well as lead", reason)


def _repairs(incident: Incident, person: User) -> str:
    """How somebody repairs it, in words; "" for whoever does not."""
    if person.pk == incident.case_owner_id:
        return "owns the case"
    if incident._state.adding:
        return ""
    led = incident.major_because.get("tasks", [])  # of the procedure: whoever leads has them
    has = Task.objects.filter(record=incident.pk, assigned_to=person, done_at=None)
    return "has tasks of it" if has.exclude(pk__in=led).exists() else ""


def _demand(case: Case, person: User, why: str, both: str, reason: str) -> None:
    if not reason.strip():
        asks = "name somebody else, or say why one person does both"
        raise Invalid({"reason": [f"{person} {why} and would {both}: {asks}."]})
    case.remark = f"{person} {why} and will {both}; see that others are kept informed."
