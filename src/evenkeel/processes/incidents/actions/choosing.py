"""Choosing an incident model: its defaults, and its steps as a task (ISRM-26)."""

from datetime import datetime
from typing import Any

from django.db.models import F

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.actions import classification, criteria, steps
from evenkeel.processes.incidents.lifecycle import USED
from evenkeel.processes.incidents.models import Incident, IncidentModel, IncidentModelVersion


def choose_model(
    incident: Incident, *, by: User, at: datetime, incident_model: IncidentModel
) -> dict[str, Any]:
    """Handle it by a model: what nobody has decided yet is filled in, the steps become a task."""
    version: IncidentModelVersion | None = incident_model.in_force()
    if version is None or incident_model.state not in USED:
        raise Invalid({"incident_model": [f"{incident_model.number} is not in force."]})
    if incident.incident_model == incident_model:
        raise Invalid({"incident_model": [f"It is handled by {incident_model.number} already."]})
    known = version.recognises(incident)
    dropped = steps.drop(incident.model_because.get("tasks", []))
    filled = _fill_in(incident, version.content, by, at)
    tasks = steps.begin(incident, incident_model.title, version.steps, at=at)
    cited = {"incident_model": incident_model.number, "version": version.number}
    incident.incident_model = incident_model
    incident.model_because = {"text": _why(by, known), "tasks": tasks, **cited, "filled": filled}
    chosen: Any = IncidentModel.objects.filter(pk=incident_model.pk)
    chosen.update(uses=F("uses") + 1, used_at=at)
    said = {"title": incident_model.title, **cited, "tasks": tasks}
    return {**said, **({"dropped": dropped} if dropped else {}), **criteria.check(incident, at)}


def _fill_in(incident: Incident, content: dict[str, Any], by: User, at: datetime) -> dict[str, Any]:
    """What was decided by hand stays; what another model filled in was no such decision."""
    before: dict[str, Any] = incident.model_because.get("filled", {})
    filled: dict[str, Any] = {}
    if not incident.category or (content["set_category"] and _is_as(incident, before, "category")):
        classification.classify(incident, by=by, at=at, category=content["set_category"])
        filled["category"] = incident.category
    is_open = incident.impact is None and incident.urgency is None
    is_open = is_open or _is_as(incident, before, "impact", "urgency")
    by_hand = incident.is_major or "override" in incident.priority_because
    if content["set_impact"] and is_open and not by_hand:
        classification.decide(incident, at, content["set_impact"], content["set_urgency"])
        filled |= {"impact": incident.impact, "urgency": incident.urgency}
    if content["set_team"] and (incident.team is None or _is_as(incident, before, "team_id")):
        team: Any = Team.objects.filter(number=content["set_team"], is_open=True).first()
        incident.team = team or incident.team
        filled["team_id"] = incident.team_id
    return filled


def _is_as(incident: Incident, before: dict[str, Any], *names: str) -> bool:
    """Does it still stand as the model before has filled it in?"""
    return all(name in before and getattr(incident, name) == before[name] for name in names)


def _why(by: User, known: list[str]) -> str:
    chosen = f"{by} chose it"
    return (
        f"{chosen}: {', '.join(known)}."
        if known
        else f"{chosen}; nothing of the incident matches its rule."
    )
