"""The verbs of a service request (FitSM-1 PR9.1 to PR9.5)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked
from evenkeel.processes.incidents import lifecycle, permissions
from evenkeel.processes.incidents.actions import (
    classification,
    closing,
    converting,
    escalation,
    holding,
    intake,
    levels,
    mirroring,
    on_call,
    ordering,
    quality,
    reminding,
    shared,
    silence,
    suppliers,
)
from evenkeel.processes.incidents.models import Incident, ServiceRequest

action = Actions(
    ServiceRequest,
    lifecycle.SERVICE_REQUEST,
    permissions.SERVICE_REQUEST,
    visible=permissions.OF_SERVICE,
    inside=permissions.INSIDE,
    confided=permissions.CONFIDED,
)

record = action(public=True, fields=True)(shared.record)
classify = action(classification.classify)
prioritise = action(classification.prioritise)
apply_model = action(ordering.apply_model)
ask_approval = action(public=True)(ordering.ask_approval)
approve = action(public=True)(ordering.approve)
refuse = action(public=True)(ordering.refuse)
assign = action(shared.assign)
escalate = action(escalation.escalate)
escalate_up = action(levels.escalate_up)
acknowledge = action(silence.acknowledge)
call_on_duty = action(on_call.call_on_duty)
escalate_silence = action(silence.escalate_silence)
hand_back = action(levels.hand_back)
remind = action(reminding.remind)
remind_of_word = action(reminding.remind_of_word)
remind_of_task = action(reminding.remind_of_task)
remind_user = action(public=True)(reminding.remind_user)
note_elsewhere = action(mirroring.note_elsewhere)
put_on_hold = action(public=True)(holding.put_on_hold)
resume = action(public=True)(holding.resume)
lapse = action(public=True)(holding.lapse)
remind_of_hold = action(holding.remind_of_hold)
limit_hold = action(holding.limit_hold)
tell_supplier = action(suppliers.tell_supplier)
close = action(public=True)(closing.close)
cancel = action(public=True)(shared.cancel)
withdraw_import = action(shared.withdraw_import)
rate = action(public=True)(closing.rate)
warn = action(thresholds.warn)
breach = action(thresholds.breach)
climb = action(levels.climb)
review_record = action(quality.review_record)


@action(fields=True)
def edit(request: ServiceRequest, *, by: User, at: datetime) -> None:
    """Correct or complete what is written."""
    intake.check_edit(request, at)


@action(public=True)
def fulfil(request: ServiceRequest, *, by: User, at: datetime, solution: str) -> None:
    """State how the request was fulfilled."""
    request.solution = solution
    request.fulfilled_at = at


@action(public=True)
def reopen(
    request: ServiceRequest,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> None:
    """What was asked for is still wanting."""
    shared.reopen_case(request, at)
    request.fulfilled_at = None


@action(public=True)
def convert(
    request: ServiceRequest,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> dict[str, Any]:
    """It is an incident after all: it goes on as one, from the first report on."""
    return converting.go_on(request, Incident(), by=by, at=at, reason=reason)
