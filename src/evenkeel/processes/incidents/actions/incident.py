"""The verbs of an incident (FitSM-1 PR9.1 to PR9.5)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked
from evenkeel.processes.incidents import lifecycle, permissions
from evenkeel.processes.incidents.actions import (
    alerting,
    announcement,
    changed,
    choosing,
    classification,
    closing,
    converting,
    criteria,
    effect,
    escalation,
    holding,
    intake,
    levels,
    major,
    mirroring,
    on_call,
    parents,
    quality,
    reminding,
    restoration,
    review,
    shared,
    silence,
    suppliers,
    workaround,
)
from evenkeel.processes.incidents.models import Incident, ServiceRequest

action = Actions(
    Incident,
    lifecycle.INCIDENT,
    permissions.INCIDENT,
    visible=permissions.OF_SERVICE,
    inside=permissions.INSIDE,
    confided=permissions.CONFIDED,
)

assess = action(public=True)(effect.assess)
classify = action(classification.classify)
apply_workaround = action(public=True)(workaround.apply_workaround)
prioritise = action(classification.prioritise)
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
cancel = action(public=True)(shared.cancel)
withdraw_import = action(shared.withdraw_import)
rate = action(public=True)(closing.rate)
join_parent = action(public=True)(parents.join_parent)
choose_model = action(choosing.choose_model)
resolve_with_parent = action(public=True)(parents.resolve_with_parent)
propose_major = action(major.propose_major)
declare_major = action(major.declare_major)
dismiss_major = action(major.dismiss_major)
name_coordinator = action(major.name_coordinator)
miss_coordinator = action(major.miss_coordinator)
stand_down = action(major.stand_down)
add_event = action(alerting.add_event)
note_recovery = action(alerting.note_recovery)
warn = action(thresholds.warn)
breach = action(thresholds.breach)
climb = action(levels.climb)
review_record = action(quality.review_record)


@action(public=True, fields=True)
def record(incident: Incident, *, by: User, at: datetime) -> None:
    """Take a new case into the record."""
    effect.check_beginning(incident, at)
    shared.record(incident, by=by, at=at)


@action(fields=True)
def edit(incident: Incident, *, by: User, at: datetime) -> dict[str, Any] | None:
    """Correct or complete what is written."""
    effect.check_beginning(incident, at)
    intake.check_edit(incident, at)
    return criteria.check(incident, at) if incident.category else None


Change = Annotated[
    str, Asked("Change", "Its number, where it was resolved via a change.", max_length=120)
]
Cause = Annotated[
    Incident.Cause, Asked("Category of cause", "What was behind it, as far as known.")
]


@action(public=True)
def resolve(  # noqa: PLR0913  (five inputs, and who and when)
    incident: Incident,
    *,
    by: User,
    at: datetime,
    solution: str,
    resolution: Incident.Resolution = Incident.Resolution.PERMANENT,
    cause: Cause | None = None,
    restored_at: datetime | None = None,
    change: Change = "",
) -> None:
    """State how the service was restored; what joined the incident is resolved with it."""
    changed.name(incident, resolution, change.strip())
    effect.restore(incident, restored_at, at)
    incident.solution = solution
    incident.resolution = resolution
    incident.cause = cause or ""
    incident.resolved_at = at
    incident.recovered_at = None
    restoration.settle(incident)
    parents.resolve_children(incident, at)
    announcement.end_all(incident, announcement.OVER, by=by, at=at)
    review.begin(incident, at=at)


@action(public=True)
def close(incident: Incident, *, by: User, at: datetime) -> dict[str, Any] | None:
    """Nothing more will be done; of a major incident, after its review was approved."""
    review.demand_approved(incident, by)
    return closing.close(incident, by=by, at=at)


@action(public=True)
def reopen(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> None:
    """The disruption is back, or the solution did not hold."""
    shared.reopen_case(incident, at)
    incident.resolution = incident.cause = ""
    effect.take_back(incident, at)
    incident.down_for = None


@action(public=True)
def convert(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    wish: Annotated[ServiceRequest.Wish, Asked("What is asked for")],
    reason: Annotated[str, Asked("Reason", long=True)],
) -> dict[str, Any]:
    """It is a service request after all: it goes on as one, from the first report on."""
    new = ServiceRequest(wish=wish)
    return converting.go_on(incident, new, by=by, at=at, reason=reason)
