"""Holding an incident against the criteria of a major one, whenever it may have grown (PR9.6).

Every verb that says how grave an incident is does so, and its entry keeps what came of it; a
person confirms what is proposed, or dismisses it with a reason.
"""

from datetime import datetime
from typing import Any

from evenkeel.core.schemes import major
from evenkeel.core.schemes.models import SchemeVersion, in_force
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.models import Case, Incident

Major = Incident.Major
Given = dict[str, Any]
LABEL = "Major incident check"
_ANSWERED = (Major.DISMISSED, Major.STOOD_DOWN)


def scheme(at: datetime) -> SchemeVersion | None:
    """The approved version of criteria and procedure; what is only drafted decides nothing."""
    return in_force(major.NAME, "ISRM", at)


def check(case: Case, at: datetime) -> Given:
    """Say what the criteria say of it now, for the entry; propose it where it meets one anew."""
    version = scheme(at) if isinstance(case, Incident) else None
    if version is None or not isinstance(case, Incident):
        return {}
    met = [criterion.name for criterion in met_by(case, version)]
    if met and not case._state.adding and queries.parents(case).exists():
        return _said(version, "no, for it is a part of another", [])
    if met and case.major != Major.DECLARED:
        _propose(case, version, met)
    said = ", ".join(f"“{name}”" for name in met)
    return _said(version, f"yes, {said}" if met else "no, it meets no criterion", met)


def met_by(incident: Incident, version: SchemeVersion) -> list[major.Criterion]:
    """The criteria that it meets, together with what has joined it."""
    rules: major.MajorIncidents = version.read
    return rules.met(_facts(incident, rules.speaks_of))


def _said(version: SchemeVersion, words: str, met: list[str]) -> Given:
    return {
        "also": {LABEL: f"done: {words} ({version})"},
        "major_check": {"met": met, **version.cited},
    }


def _propose(incident: Incident, version: SchemeVersion, met: list[str]) -> None:
    """What was answered before is asked again only when it meets another criterion."""
    known = incident.major_because.get("criteria", [])
    if incident.major in _ANSWERED and set(met) <= set(known):
        return
    incident.major = Major.PROPOSED
    rules = {criterion.name: criterion.says for criterion in version.read.criteria}
    incident.major_because = {
        "text": " ".join(f"“{name}”: {rules[name]}." for name in met),
        "criteria": met,
        **version.cited,
    }


def _facts(incident: Incident, wanted: frozenset[str]) -> dict[str, Any]:
    """What the criteria speak of; what they do not, is not looked up."""
    facts: dict[str, Any] = {
        "priority": incident.priority,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "category": [incident.category] if incident.category else [],
        "channel": [str(incident.channel)],
    }
    if wanted & major.WITH_OTHERS:
        facts |= _with_others(incident)
    if "service" in wanted and incident.service:
        facts["service"] = [*facts["service"], incident.service.title]
    if "customer" in wanted and incident.organisation:
        facts["customer"] = [*facts["customer"], incident.organisation.title]
    return facts


def _with_others(incident: Incident) -> dict[str, Any]:
    """What it and the reports that have joined it say together; a new one has none yet."""
    alone = incident._state.adding or incident.state == "new"
    joined = [] if alone else queries.joined(incident)
    own = (incident.requester_id, incident.service_id, incident.organisation_id)
    users, services, customers = (
        {row[place] for row in [own, *(row[:3] for row in joined)]} - {None} for place in range(3)
    )
    return {
        "reports": 1 + len(joined),
        "users": len(users),
        "services": len(services),
        "customers": len(customers),
        "service": [row[3] for row in joined if row[3]],
        "customer": [row[4] for row in joined if row[4]],
    }
