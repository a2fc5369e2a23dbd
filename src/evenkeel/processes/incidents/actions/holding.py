"""Being on hold: for whom, since when, and until when at the latest (R-09, R-10).

At its limit a case that waits for its user goes on by itself; of one that waits for others its
owner is reminded, once. The limits are working days of the closure rules in force when it is put
on hold.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone

from evenkeel.core.clocks import agreeing, maintenance
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Asked, Denied, Doing, Invalid, Text, registry, turning
from evenkeel.core.rules.difference import plain
from evenkeel.core.schemes import closure
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.incidents.actions import closing
from evenkeel.processes.incidents.lifecycle import ON_HOLD
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest
from evenkeel.processes.incidents.models.holding import GOES_ON
from evenkeel.processes.incidents.queries import process_manager

Given = dict[str, Any]
Supplier = Annotated[
    Organisation | None,
    Asked(
        "Supplier",
        "Whom it waits for; left empty, the one with whom a UA about its service is in force."
        " Read by those inside only.",
        inside=True,
    ),
]
CASES: tuple[type[Case], ...] = (Incident, ServiceRequest)
From = Annotated[
    datetime | None,
    Asked("Maintenance from", "Left empty, as the agreement has it now."),
]
Until = Annotated[datetime | None, Asked("Maintenance until", "Then the case goes on by itself.")]
AT_ONCE = 500  # of each kind in one run; the next follows a minute later
logger = logging.getLogger(__name__)


def put_on_hold(  # noqa: PLR0913  (what is waited for, and who and when)
    case: Case,
    *,
    by: User,
    at: datetime,
    hold_reason: Case.HoldReason,
    supplier: Supplier = None,
    begins: From = None,
    ends: Until = None,
    note: Text = "",
) -> Given:
    """Wait, and say for whom; for as long as the closure rules allow, or maintenance is agreed."""
    if supplier is None and hold_reason == Case.HoldReason.SUPPLIER:
        supplier = _supplier_of(case, at)
    _check_supplier(supplier, hold_reason)
    case.hold_reason, case.waits_for, case.held_at = hold_reason, supplier, at
    limited = _limit(case, at)
    if hold_reason == Case.HoldReason.MAINTENANCE:
        limited |= _maintain(case, at, (begins, ends), note)
    elif begins or ends:
        raise Invalid({"begins": ["Name from and until only where it waits for maintenance."]})
    return plain({"supplier": supplier, "note": note}, case) | limited


def resume(case: Case, *, by: User, at: datetime) -> None:
    """Go on with the work."""
    _own(case, at)


def lapse(case: Case, *, by: User, at: datetime) -> Given:
    """It has waited for as long as it may, and goes on by itself."""
    if case.hold_reason not in GOES_ON:
        raise Invalid({"": ["What waits for others goes on when they are done."]})
    waited = _waited(case, at)
    _own(case, at)
    return waited


def remind_of_hold(case: Case, *, by: User, at: datetime) -> Given:
    """It waits for others, longer than it may; the case owner is reminded, once."""
    if case.hold_reason in GOES_ON or case.hold_told_at:
        raise Invalid({"": ["There is nothing to remind of."]})
    case.hold_told_at = at
    return _waited(case, at)


def limit_hold(case: Case, *, by: User, at: datetime) -> Given:
    """It came on hold from elsewhere, or before there were limits: from now on it has one."""
    if case.hold_until:
        raise Invalid({"": ["It has a limit."]})
    case.held_at = case.held_at or at
    return _limit(case, at)


def _limit(case: Case, at: datetime) -> Given:
    """Set until when it may wait; says by which version of the rules."""
    version = in_force(closure.NAME, "ISRM", at)
    days = version.read.limit_of(case.hold_reason) if version else closure.HELD
    until = closing.after_working_days(at, days, closing.calendar_in_force(at))
    case.hold_until, case.hold_told_at = until, None
    return {"working_days": days, **(version.cited if version else {})}


def _maintain(
    case: Case, at: datetime, named: tuple[datetime | None, datetime | None], note: str
) -> Given:
    """Wait for as long as maintenance lasts: by the agreement, or as it was agreed on besides."""
    agreed = _agreed(case, at)
    if named == (None, None) and agreed:
        named = agreed
    begins, ends = named
    if begins is None or ends is None:
        raise Invalid({"begins": ["Name from when and until when: no agreement has it now."]})
    if not begins <= at < ends:
        raise Invalid({"begins": ["The maintenance goes on now: it has begun, and is not over."]})
    if case.hold_until and ends > case.hold_until:
        last = f"{timezone.localtime(case.hold_until):%-d %b %Y, %H:%M}"
        raise Invalid({"ends": [f"By the closure rules it may wait until {last} and no longer."]})
    is_agreed = agreed is not None and agreed[0] <= begins and ends <= agreed[1]
    if not is_agreed and not note.strip():
        raise Invalid({"note": ["Say with whom it was agreed: the agreement does not have it."]})
    case.maintained_from, case.hold_until = begins, ends
    if not is_agreed:
        return {}
    by = case.agreement_because
    return {"agreed": f"{by['agreement']}, version {by['version']}"}


def _agreed(case: Case, at: datetime) -> maintenance.Window | None:
    """The maintenance that goes on now by the agreement that governs the case."""
    if case.agreement_id is None:
        return None
    terms = agreeing.read(case.agreement_id, case.agreement_because["version"])
    return maintenance.window_at(terms, at) if terms else None


def _waited(case: Case, at: datetime) -> Given:
    if case.hold_until is None or case.hold_until > at:
        raise Invalid({"": ["It may wait for longer."]})
    return {"held": case.hold_reason, "until": case.hold_until.isoformat()}


def _own(case: Case, at: datetime) -> None:
    """What goes on has an owner; where nobody took it on, that is the process manager."""
    if case.case_owner_id is None:
        case.case_owner = process_manager(at)


def _check_supplier(named: Organisation | None, reason: str) -> None:
    if named and reason != Case.HoldReason.SUPPLIER:
        raise Invalid({"supplier": ["Name one only where the case waits for a supplier."]})
    if named and named.part != Organisation.Part.SUPPLIER:
        raise Invalid({"supplier": [f"{named.title} is no supplier."]})


def _supplier_of(case: Case, at: datetime) -> Organisation | None:
    """The supplier with whom a UA about its service is in force, where there is just one."""
    found = agreeing.suppliers(case.service_id, at) if case.service_id else []
    return Organisation.objects.get(pk=found[0]) if len(found) == 1 else None


def forget(record: Any, before: Mapping[str, Any], doing: Doing) -> None:
    """Whatever ends the wait, be it resumed, solved or cancelled: nothing is said of it after."""
    if before.get("state") == ON_HOLD and record.state != ON_HOLD and isinstance(record, Case):
        record.hold_reason, record.waits_for = "", None
        record.held_at = record.hold_until = record.hold_told_at = None
        record.maintained_from = None


def end_all(at: datetime | None = None, via: Via = Via.JOB) -> int:
    """Go on with, or remind of, what has waited for as long as it may; says how many.

    Each is told once, however often this runs and after however long a time in which it did not.
    """
    moment = at or timezone.now()
    due = [
        *((verb, case, _ends_at(verb, case, moment)) for verb, case in _due(moment)),
        *(("limit_hold", case, moment) for case in _unlimited()),
    ]
    return sum(_do(verb, case, at, via) for verb, case, at in due)


def _ends_at(verb: str, case: Case, at: datetime) -> datetime:
    """What goes on did so at its limit, whenever that is noticed: its clocks count from then on."""
    return case.hold_until or at if verb == "lapse" else at


def _due(at: datetime) -> Iterator[tuple[str, Case]]:
    for model in CASES:
        held: Any = model.objects.filter(hold_until__lte=at, hold_told_at=None, state=ON_HOLD)
        for case in held.order_by("hold_until", "pk")[:AT_ONCE]:
            yield ("lapse" if case.hold_reason in GOES_ON else "remind_of_hold"), case


def _unlimited() -> Iterator[Case]:
    for model in CASES:
        held: Any = model.objects.filter(
            of_kind=model.kind(), state=ON_HOLD, is_open=True, hold_until=None
        )
        yield from held.order_by("pk")[:AT_ONCE]


def _do(verb: str, case: Case, at: datetime, via: Via) -> bool:
    try:
        registry[f"{case.collection}.{verb}"](case, by=User.objects.the_sms(), at=at, via=via)
    except (Invalid, Denied) as refused:  # somebody was faster
        logger.info("%s: %s", case.number, refused)
        return False
    return True


turning.insert(0, forget)  # the clocks hear of it after
