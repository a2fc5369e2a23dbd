"""What becomes of an order: its model is applied, somebody approves it or refuses it (ISRM-27)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.processes.incidents.actions import classification, steps
from evenkeel.processes.incidents.models import RequestModel, ServiceRequest, questions

Given = dict[str, Any]
Reason = Annotated[str, Asked("Reason", "The requester reads it.", long=True)]


def apply_model(
    request: ServiceRequest,
    *,
    by: User,
    at: datetime,
    request_model: RequestModel,
    answers: Annotated[dict, Asked("Answers")],  # type: ignore[type-arg]  # any JSON object
) -> Given:
    """Fulfil it by a model: what it says is filled in, its steps become a task once approved."""
    version = request_model.in_force()
    if version is None:
        raise Invalid({"request_model": [f"{request_model.number} is not in force."]})
    content = version.content
    request.answers, _ = questions.answered(content["questions"], answers)
    request.request_model, request.promised_within = request_model, content["within"] or None
    classification.classify(request, by=by, at=at, category=content["set_category"])
    classification.decide(request, at, content["set_impact"], content["set_urgency"])
    if content["set_team"]:
        team: Any = Team.objects.filter(number=content["set_team"], is_open=True).first()
        request.team = team
    cited = {"request_model": request_model.number, "version": version.number}
    text = f"It was ordered as {request_model.title}."
    request.model_because = {"text": text, "steps": version.steps, **cited}
    return cited | ({} if content["approval"] else _begin(request, at))


def ask_approval(
    request: ServiceRequest,
    *,
    by: User,
    at: datetime,
    approval_by: Annotated[RequestModel.Approver, Asked("Approval by")],
) -> None:
    """Ask whoever has to approve it; until then nothing is done."""
    request.approval_by = approval_by


def approve(
    request: ServiceRequest,
    *,
    by: User,
    at: datetime,
    note: Annotated[str, Asked("Note", "The requester reads it.", long=True)] = "",
) -> Given:
    """Agree to it: its steps become a task."""
    request.decided_by, request.decided_at = by, at
    return {"note": note, **_begin(request, at)}


def refuse(request: ServiceRequest, *, by: User, at: datetime, reason: Reason) -> Given:
    """Do not agree to it; the requester reads why."""
    request.decided_by, request.decided_at = by, at
    return {"reason": reason}


def _begin(request: ServiceRequest, at: datetime) -> Given:
    because = request.model_because
    tasks = steps.begin(request, request.title, because.get("steps", []), at=at)
    request.model_because = because | {"tasks": tasks}
    return {"tasks": tasks}
