"""The verbs of a request model, and ordering by it (ISRM-27, ISRM-44)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.clocks import targets
from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Actions, Asked, Invalid, drafting, registry
from evenkeel.processes.incidents import lifecycle, permissions
from evenkeel.processes.incidents.actions import prepared
from evenkeel.processes.incidents.actions.classification import (
    categories_to_choose,
    impacts,
    urgencies,
)
from evenkeel.processes.incidents.actions.prepared import Given
from evenkeel.processes.incidents.models import Case, RequestModel, ServiceRequest, questions

action = Actions(
    RequestModel,
    lifecycle.REQUEST_MODEL,
    permissions.REQUEST_MODEL,
    visible=permissions.OFFERED,
    inside=permissions.INSIDE,
)

record = action(fields=True)(prepared.record)
discard = action(prepared.discard)
approve = action(prepared.approve)
flag_for_review = action(prepared.flag_for_review)
review = action(prepared.review)
hand_over = action(prepared.hand_over)
retire = action(prepared.retire)


@action
def draft(  # noqa: PLR0913  (the content, and who and when)
    model: RequestModel,
    *,
    by: User,
    at: datetime,
    offer: Annotated[str, Asked("What users read", "What they get, and when.", long=True)],
    wish: Annotated[ServiceRequest.Wish, Asked("What is asked for")],
    questions: Annotated[
        str,
        Asked(
            "Questions",
            "A line for each: “How much? | choice: 1 TB, more | needed”. Types: text, long, number,"
            " date, yes/no, choice. “only if How much? = more” asks under a condition,"
            " “help: …” explains.",
            long=True,
        ),
    ] = "",
    approval: Annotated[
        RequestModel.Approver | None, Asked("Approval by", "Nobody if it is left out.")
    ] = None,
    steps: Annotated[str, Asked("Steps", "One a line, in their order.", long=True)],
    within: Annotated[
        str,
        Asked("To be fulfilled within", "“16 h” of service hours; else what is agreed holds."),
    ] = "",
    set_category: Annotated[str, Asked("Category", choices=categories_to_choose)],
    set_impact: Annotated[int, Asked("Impact", choices=impacts)],
    set_urgency: Annotated[int, Asked("Urgency", choices=urgencies)],
    set_team: Annotated[Team | None, Asked("Team", "Who has the skills for it.")] = None,
    because: Annotated[str, Asked("Why it is edited", long=True)] = "",
) -> Given:
    """Write the next version: what users read and are asked, who approves, the steps, the time."""
    content = {
        "offer": offer.strip(),
        "wish": str(wish),
        "questions": _questions(questions),
        "approval": str(approval or ""),
        "steps": prepared.lines(steps),
        "within": _within(within),
        "set_category": set_category,
        "set_impact": set_impact,
        "set_urgency": set_urgency,
        "set_team": set_team.number if set_team else "",
    }
    return drafting.write(model, content, because, by=by, at=at)


@action
def order(
    model: RequestModel,
    *,
    by: User,
    at: datetime,
    answers: Annotated[dict, Asked("Answers", "By the names of the questions: q1, q2.")],  # type: ignore[type-arg]  # any JSON object
    requester: Annotated[User | None, Asked("For", "You, if it is left out.")] = None,
) -> Given:
    """Order it, for oneself or for the requester that staff names: a service request is made."""
    version = model.in_force()
    if version is None:
        raise Invalid({"": [f"{model.number} is not in force."]})
    if not isinstance(answers, dict):  # from a program it may be any JSON
        raise Invalid({"answers": ["An object: each answer by the name of its question."]})
    _, wrong = questions.answered(version.content["questions"], answers)
    if wrong:
        raise Invalid(wrong)
    asker = requester or by
    request: Any = registry["service_requests.record"](
        ServiceRequest(),
        by=by,
        at=at,
        title=model.title,
        wish=version.content["wish"],
        service=model.service,
        requester=asker,
        organisation=asker.organisation,
        channel=Case.Channel.PORTAL if asker == by else Case.Channel.PHONE,
    )
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": at, "via": Via.JOB}
    given: dict[str, Any] = {"request_model": model, "answers": answers}
    request = registry["service_requests.apply_model"](request, **how, **given)
    if role := version.content["approval"]:
        registry["service_requests.ask_approval"](request, **how, approval_by=role)
    model.uses, model.used_at = model.uses + 1, at
    model.told = request.number
    return {"request": request.number, "version": version.number}


def _questions(text: str) -> list[questions.Question]:
    try:
        return questions.read(text)
    except questions.Unclear as unclear:
        raise Invalid({"questions": [str(unclear)]}) from unclear


def _within(text: str) -> int:
    """Seconds; 0 where nothing is promised."""
    if not text.strip():
        return 0
    try:
        return targets.read(f"P1: fulfilment {text}")["fulfilment", 1]
    except Unclear as unclear:
        raise Invalid({"within": [f"“{text}” is no time; one is “30 min” or “16 h”."]}) from unclear
