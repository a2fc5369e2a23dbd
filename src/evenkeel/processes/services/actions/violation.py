"""The verbs of a violation: it records itself; the customer is told, or need not be (ISRM-51)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.clocks import agreeing
from evenkeel.core.clocks.keeping import clocks_of
from evenkeel.core.clocks.models import Told
from evenkeel.core.clocks.targets import KINDS, within
from evenkeel.core.database.compiled import Compiled
from evenkeel.core.notices import letters
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Actions, Asked, Invalid, confiding, registry, together
from evenkeel.core.rules.together import Deed
from evenkeel.processes.services import lifecycle, permissions, queries
from evenkeel.processes.services.actions import wording
from evenkeel.processes.services.lifecycle import ViolationState
from evenkeel.processes.services.models import Agreement, Violation

Given = dict[str, Any]
Level = Violation.Level
Which = Annotated[Record, Asked("Case", "Its number, e.g. INC-7.")]
Helper = Annotated[
    Agreement | None, Asked("OLA or UA", "Left empty, the one that governs the case.")
]

action = Actions(
    Violation,
    lifecycle.VIOLATION,
    permissions.VIOLATION,
    visible=permissions.CONCERNED,
    inside=permissions.CONCERNED,
    confided=permissions.CONFIDED,
)
confiding.followers[Violation.kind()] = "about"


def levels() -> list[tuple[Any, str]]:
    """Three quarters, or all."""
    return list(Level.choices)


def kinds() -> list[tuple[Any, str]]:
    """The kinds of targets."""
    return [(kind, kind.capitalize()) for kind in KINDS]


@action
def record(  # noqa: PLR0913  (four inputs, and who and when)
    violation: Violation,
    *,
    by: User,
    at: datetime,
    about: Which,
    target: Annotated[str, Asked("Target", choices=kinds)],
    level: Annotated[str, Asked("Level", choices=levels)],
    helper: Helper = None,
) -> Given:
    """A threshold of what is promised was passed; the software does this by itself."""
    found: Any = about.in_full()
    agreement, chosen = _governing(violation, found, helper)
    said = "may be violated" if level == Level.POTENTIAL else "is violated"
    of = f" with {chosen['party']}" if helper else ""
    violation.title = f"{target.capitalize()} of {found.number}{of} {said}"
    violation.about, violation.agreement = about, agreement
    confiding.follow(violation, about)
    violation.agreement_version = chosen["version"]
    violation.target, violation.level, violation.passed_at = target, level, at
    violation.requester = None
    violation.case_owner_id = found.case_owner_id or agreement.case_owner_id
    violation.team_id, violation.service_id = found.team_id, found.service_id
    violation.organisation_id = agreement.organisation_id or found.organisation_id
    violation.priority = found.priority
    if helper:  # whoever looks after the agreement takes it up with them; no customer hears of it
        violation.state = ViolationState.INSIDE
        violation.case_owner_id = helper.case_owner_id or found.case_owner_id
    else:
        template = queries.customer_text(agreement.pk, violation.agreement_version)
        violation.text = wording.filled(template, _facts(found, target))
    return {"case": found.number, "agreement": agreement.number, "target": target, "level": level}


def _governing(
    violation: Violation, case: Any, helper: Agreement | None
) -> tuple[Agreement, dict[str, Any]]:
    """The agreement that promises it, and how it was chosen for the case.

    Who records many violations has read the agreement already.
    """
    if helper:
        return helper, case.helped_by[str(helper.pk)]
    key = getattr(case, "agreement_id", None)
    if violation.agreement_id and violation.agreement_id == key:
        return violation.agreement, case.agreement_because
    found = next(iter(_AGREEMENT.records(key or 0)), None)
    if found is None:
        raise Invalid({"about": [f"Nothing is agreed about {case.number}."]})
    return found, case.agreement_because


@action
def communicate(
    violation: Violation,
    *,
    by: User,
    at: datetime,
    text: Annotated[str, Asked("To the customer", "It is sent as a reply on the case.", long=True)],
) -> Given:
    """Tell the customer, by a public reply on the case."""
    case = violation.about.in_full()
    if case.requester_id is None:
        raise Invalid({"": [f"{case.number} has no requester who could be told."]})
    registry[f"{case.collection}.comment"](case, by=by, at=at, text=text)
    violation.text, violation.told_by, violation.told_at = text, by, at
    return {"case": case.number, "to": str(case.requester)}


@action
def waive(
    violation: Violation,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", "Why the customer is not told.", long=True)],
) -> Given:
    """Nothing has to be said to the customer; it counts all the same."""
    return {"reason": reason}


@action
def tell_supplier(
    violation: Violation,
    *,
    by: User,
    at: datetime,
    text: Annotated[
        str, Asked("To the supplier", "They read this and nothing else of it.", long=True)
    ],
) -> Given:
    """Send the supplier who promised it a mail; how its delivery goes stands here."""
    agreement = violation.agreement
    if agreement.agreement_kind != Agreement.Kind.UA or agreement.organisation is None:
        raise Invalid({"": [f"{agreement.number} is not with a supplier."]})
    return letters.told(violation, agreement.organisation, text)


@action
def withdraw(
    violation: Violation,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> Given:
    """It was none: the target was read anew, and is kept. It counts no more."""
    return {"reason": reason}


def hear(passed: Sequence[agreeing.Passed], at: datetime, by: User) -> None:
    """Record what the clocks tell, in the transaction in which they do."""
    cases: list[Any] = [case for case, _, _ in passed]
    helping = {clock.agreement_id for _, clock, _ in passed}
    agreements = Agreement.objects.in_bulk({case.agreement_id for case in cases} | helping)
    deeds = []
    for case, (_, clock, told) in zip(cases, passed, strict=True):
        inputs = {
            "about": case,
            "target": clock.kind,
            "level": Level.POTENTIAL if told == Told.WARNED else Level.ACTUAL,
            "helper": agreements.get(clock.agreement_id),
        }
        made = Violation(agreement=agreements.get(case.agreement_id))
        deeds.append(Deed(record, made, inputs))
    together.do(deeds, by=by, at=at, via=Via.JOB)


def _facts(case: Record, target: str) -> dict[str, str]:
    """What the text to the customer may speak of; moments in the zone of the agreement."""
    clock = next((one for one in clocks_of(case) if one.name == target), None)
    due = (clock.due_at or clock.breached_at) if clock else None
    moment = f"{due.astimezone(clock.hours.zone):%-d %B %Y, %H:%M %Z}" if clock and due else ""
    promised = within(clock.target) if clock and clock.target else ""
    facts = {"number": case.number, "title": case.title, "target": target}
    return facts | {"within": promised, "due": moment}


_AGREEMENT = Compiled(lambda key: Agreement.objects.filter(pk=key), -1)
agreeing.heard_by(hear)
