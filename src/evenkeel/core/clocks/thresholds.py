"""Telling what is nearly late and what is late: once each, by an action with its entry."""

import logging
from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone

from evenkeel.core.clocks import agreeing, keeping
from evenkeel.core.clocks.models import Clock, Told
from evenkeel.core.clocks.targets import within
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Asked, Denied, Invalid, registry

AT_ONCE = 500
logger = logging.getLogger(__name__)
Given = dict[str, Any]
Which = Annotated[str, Asked("Target", "Its kind, e.g. resolution.", max_length=40)]
VERBS = {Told.WARNED: "warn", Told.BREACHED: "breach"}


def warn(record: Record, *, by: User, at: datetime, clock: Which) -> Given:
    """Three quarters of a target have passed: it may be violated."""
    return _tell(record, clock, at, Told.WARNED)


def breach(record: Record, *, by: User, at: datetime, clock: Which) -> Given:
    """More than a target has passed: it is violated."""
    return _tell(record, clock, at, Told.BREACHED)


def _tell(record: Record, kind: str, at: datetime, level: Told) -> Given:
    clocks = keeping.clocks_of(record)
    found = next((one for one in clocks if one.kind == kind and one.target), None)
    if found is None:
        raise Invalid({"clock": [f"Nothing is promised here that is called “{kind}”."]})
    reading = found.read(at)
    passed = reading.breached if level == Told.BREACHED else reading.warned
    if passed is None or found.told >= level:
        raise Invalid({"clock": [f"There is nothing to tell of the target of {kind}."]})
    found.told = level
    found.set_by(reading)
    keeping.show(record, clocks)
    if not record._state.adding and getattr(record, "agreement_id", None):
        agreeing.hear(record.pk, kind, level, at)  # a rehearsal violates nothing
    return {"clock": kind, "target": within(found.target or 0), "due": str(found.due_at)}


def tell_all(*, at: datetime | None = None) -> int:
    """Tell every threshold that is passed by a moment, and say how many were told.

    What was told before, or has moved meanwhile, is passed over; so it does not matter how often
    this runs, or how many do at once.
    """
    moment = at or timezone.now()
    return _sweep(moment) + _sweep(moment)  # a clock may be nearly late and late by now


def next_of(record: Record, by: datetime) -> tuple[str, datetime, str] | None:
    """The verb, the moment and the clock of the first threshold that passes by then untold."""
    due = [
        (clock.next_at, VERBS[Told(clock.told + 1)], clock.kind)
        for clock in keeping.clocks_of(record)
        if clock.next_at and clock.next_at <= by
    ]
    first = min(due, default=None)
    return (first[1], first[0], first[2]) if first else None


def _sweep(moment: datetime) -> int:
    told, after, sms = 0, 0, User.objects.the_sms()
    due = Clock.objects.filter(next_at__lte=moment).order_by("pk")
    rows = due.values_list("pk", "record_id", "record__of_kind", "kind", "told")
    while found := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        for after, record, of_kind, clock, level in found:  # noqa: B007  (where to go on)
            told += tell(kinds()[of_kind], record, clock, Told(level + 1), moment, by=sms)
    return told


def tell(
    model: type[Record], record: int, clock: str, level: Told, at: datetime, *, by: User
) -> bool:
    """Tell one threshold; False where it was told or moved meanwhile."""
    action = registry[f"{model.collection}.{VERBS[level]}"]
    found = model(pk=record)
    found._state.adding = False  # the frame reads it under its lock
    try:
        action(found, by=by, at=at, via=Via.JOB, clock=clock)
    except (Invalid, Denied) as refused:
        logger.warning("%s %s: %s", action.name, record, refused)
        return False
    return True
