"""What users are offered on the portal: to report an incident, to make a service request."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.web.fields import Drawn
from evenkeel.core.web.portal import Offer, Question, Standing, Step, Told, catalogue, status
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import request_model
from evenkeel.processes.incidents.lifecycle import IncidentState, RequestState
from evenkeel.processes.incidents.models import (
    Announcement,
    Case,
    Incident,
    RequestModel,
    RequestModelVersion,
    ServiceRequest,
)

_HELD: Mapping[str, Standing] = {
    Case.HoldReason.USER: Standing(
        "We need your answer", "We cannot go on without you: please read what we ask below."
    ),
    Case.HoldReason.SUPPLIER: Standing(
        "Waiting for a supplier", "A company that works for us has to do something first."
    ),
    Case.HoldReason.CHANGE: Standing(
        "Waiting for a change", "Something has to be changed in the service first; it is planned."
    ),
    Case.HoldReason.MAINTENANCE: Standing(
        "Maintenance", "The service is maintained, as agreed; we go on when that is over."
    ),
}
_SHARED = {
    "new": Standing("Received", "We have it. Someone will look at it soon."),
    "classified": Standing("Received", "We have looked at it. Someone will take it up soon."),
    "in_progress": Standing("In work", "Someone is working on it."),
    "on_hold": Standing("Waiting", "We have to wait for something before we can go on."),
    "closed": Standing("Closed", "Nothing more will be done."),
    "cancelled": Standing("Cancelled", "It turned out that nothing is to be done."),
    "converted": Standing(
        "Goes on", "We go on with it under another number, which you find below and in your cases."
    ),
}
INCIDENT_STANDINGS: Mapping[str, Standing] = {
    **_SHARED,
    IncidentState.RESOLVED: Standing(
        "Solved", "We think it works again. Please try, and tell us whether it does."
    ),
}
REQUEST_STANDINGS: Mapping[str, Standing] = {
    **_SHARED,
    RequestState.APPROVAL: Standing(
        "Waits for approval", "Somebody has to agree to it first. We have asked them."
    ),
    RequestState.REFUSED: Standing("Refused", "We may not do this. The reason stands below."),
    RequestState.FULFILLED: Standing(
        "Done", "We think you have what you asked for. Please look, and tell us whether you do."
    ),
}
_TOLD = {
    "assign": Told("began to work on it"),
    "record": Told("reported this"),
    "escalate": Told("handed it on to a team with other skills"),
    "put_on_hold": Told("put this on hold", quotes="note"),
    "resume": Told("went on with it"),
    "lapse": Told("went on with it, for it has waited for as long as it may"),
    "remind_user": Told("asked you again for your answer"),
    "close": Told("closed it"),
    "reopen": Told("opened it again", quotes="reason"),
    "cancel": Told("cancelled it", quotes="reason"),
    "convert": Told("goes on with it as", quotes="into"),
    "rate": Told("answered how it was", quotes="satisfaction_comment"),
}
_ASKED = Standing("Closed", "Nothing more will be done. How was it for you?", asks="How was it?")
_CANCEL = Step(
    "cancel",
    "I no longer need this",
    asks={"reason": "Why is it no longer needed?"},
    done="We stop here. Thank you for telling us.",
)


_RATE = Step(
    "rate",
    "Tell us how it was",
    asks={
        "satisfaction": "How satisfied are you with how we handled it?",
        "satisfaction_comment": "What was good, and what should we do better?",
    },
    done="Thank you. It helps us to do better.",
    again="Change your answer",
    when=lambda case: case.asks_at(timezone.now()),
)


def incident_stands(case: Incident) -> Standing:
    """Where an incident stands, in the words of whoever reported it."""
    return _asked(case) or INCIDENT_STANDINGS[case.state]


def request_stands(case: ServiceRequest) -> Standing:
    """Where a service request stands, in the words of whoever made it."""
    return _asked(case) or REQUEST_STANDINGS[case.state]


def _asked(case: Case) -> Standing | None:
    """Where we want something of the user, or wait for somebody."""
    if case.satisfaction is None and case.asks_at(timezone.now()):
        return _ASKED
    return _HELD.get(case.hold_reason) if case.state == "on_hold" else None


INCIDENT = Offer(
    Incident,
    title="Report a problem",
    text="Something does not work, or works badly.",
    icon="incident",
    questions=(
        Question("title", "What is wrong?", "In one line, as you would say it on the phone."),
        Question(
            "description",
            "What happens, since when, and for whom?",
            "What you see on the screen helps us most.",
        ),
        Question("service", "What does it concern?"),
    ),
    send="Send the report",
    thanks="Thank you. We have your report and will tell you here what becomes of it.",
    shown=("description", "service"),
    standing=incident_stands,
    clock="resolution",
    told={
        **_TOLD,
        "join_parent": Told("took it up together with other reports of the same disruption"),
        "apply_workaround": Told("told you what helps meanwhile", quotes="workaround"),
        "resolve": Told("solved it", quotes="solution"),
        "resolve_with_parent": Told("solved it", quotes="solution"),
    },
    steps=(
        Step(
            "close",
            "Yes, it works again",
            done="Thank you. The case is closed.",
            is_next=True,
        ),
        Step(
            "reopen",
            "It does not work",
            asks={"reason": "What is still wrong?"},
            done="Thank you for telling us. We go on with it.",
        ),
        _CANCEL,
        _RATE,
    ),
    says={"channel": Case.Channel.PORTAL},
)

SERVICE_REQUEST = Offer(
    ServiceRequest,
    title="Ask for something",
    text="You need information, advice, access or a change.",
    icon="service_request",
    questions=(
        Question("title", "What do you need?", "In one line."),
        Question("wish", "What kind of request is it?"),
        Question("description", "What should we know?", "For whom, by when, and what it is for."),
        Question("service", "What does it concern?"),
    ),
    send="Send the request",
    thanks="Thank you. We have your request and will tell you here what becomes of it.",
    shown=("wish", "description", "service"),
    standing=request_stands,
    clock="fulfilment",
    also=lambda request: [(label, answer) for label, answer in request.answers],
    told={
        **_TOLD,
        "ask_approval": Told("asked for approval"),
        "approve": Told("approved it", quotes="note"),
        "refuse": Told("refused it", quotes="reason"),
        "fulfil": Told("did it", quotes="solution"),
    },
    steps=(
        Step("close", "Yes, I have it", done="Thank you. The case is closed.", is_next=True),
        Step(
            "reopen",
            "That is not what I need",
            asks={"reason": "What is still missing?"},
            done="Thank you for telling us. We go on with it.",
        ),
        _CANCEL,
        _RATE,
    ),
    says={"channel": Case.Channel.PORTAL},
)


def _current(user: User) -> list[status.Disruption]:
    seen: Any = Announcement.objects.visible_to(user).filter(is_open=True)
    return [_told_of(one, []) for one in seen.order_by("-recorded_at", "-pk")]


def _since(user: User, start: datetime) -> list[status.Disruption]:
    seen: Any = Announcement.objects.visible_to(user).filter(
        Q(is_open=True) | Q(closed_at__gt=start)
    )
    found = list(seen.order_by("-recorded_at", "-pk"))
    entries = Entry.objects.filter(record__in=found, audience="public").order_by("-position")
    words: dict[int, list[status.Word]] = defaultdict(list)
    for entry in entries:
        if said := entry.difference.get("text"):
            words[entry.record_id].append(status.Word(said[1], entry.at))
    return [_told_of(one, words[one.pk]) for one in found]


def _told_of(one: Announcement, words: list[status.Word]) -> status.Disruption:
    return status.Disruption(one.title, one.hurt, one.recorded_at, one.due_at, one.closed_at, words)


status.declare(status.Source("announcements", _current, _since))

_SHAPES = {"long": "textarea", "number": "number", "date": "date"}
FEW = 4  # so many choices are all shown at once


def _items(user: User) -> list[catalogue.Item]:
    return [_item(version) for version in queries.orderable(user)]


def _item_of(user: User, number: str) -> catalogue.Item | None:
    found = queries.orderable(user, number)
    return _item(found[0]) if found else None


def _item(version: RequestModelVersion) -> catalogue.Item:
    model, content = version.model, version.content
    role = content["approval"]
    says = f"{RequestModel.Approver(role).label} has to approve it." if role else ""
    asked = [_question(one) for one in content["questions"]]
    about = model.service.title if model.service else ""
    return catalogue.Item(model.number, model.title, content["offer"], about, says, asked)


def _question(one: dict[str, Any]) -> catalogue.Asked:
    choices = [(choice, choice) for choice in one["choices"]]
    shape = _SHAPES.get(one["type"], "text")
    if choices:
        shape = "radio" if len(choices) <= FEW else "select"
        choices = choices if shape == "radio" else [("", "Choose …"), *choices]
    field = Drawn(one["name"], one["label"], one["help"], shape, "", one["needed"], choices)
    return catalogue.Asked(field, *(one["only_if"] or ("", "")))


def _order(user: User, number: str, given: Mapping[str, str]) -> str:
    model = RequestModel.objects.visible_to(user).get(number=number)
    done = request_model.order(model, by=user, via=Via.PAGE, answers=dict(given))
    return str(done.told)


catalogue.declare(catalogue.Source(_items, _item_of, _order))
