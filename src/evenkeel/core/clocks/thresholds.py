"""Telling what is nearly late and what is late: once each, by an action with its entry."""

import logging
from datetime import datetime
from typing import Annotated, Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from evenkeel.core.clocks import agreeing, helping, keeping
from evenkeel.core.clocks.models import Clock, Told, moment_of
from evenkeel.core.clocks.targets import within
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Asked, Denied, Invalid, registry, together
from evenkeel.core.rules.together import Deed
from evenkeel.core.schemes import hierarchy

AT_ONCE = 250  # whoever does something to one of these cases waits for all of them
logger = logging.getLogger(__name__)
Given = dict[str, Any]
Which = Annotated[str, Asked("Target", "Its kind, e.g. resolution.", max_length=40)]
VERBS = {Told.WARNED: "warn", Told.BREACHED: "breach"}
CLIMB = "climb"  # the verb of a process whose clocks climb levels of authority


def warn(record: Record, *, by: User, at: datetime, clock: Which) -> Given:
    """Three quarters of a target have passed: it may be violated."""
    return _tell(record, clock, at, Told.WARNED, by)


def breach(record: Record, *, by: User, at: datetime, clock: Which) -> Given:
    """More than a target has passed: it is violated."""
    return _tell(record, clock, at, Told.BREACHED, by)


def _tell(record: Record, name: str, at: datetime, level: Told, by: User) -> Given:
    found = _promised(record, name)
    kind, reading = found.kind, found.read(at)
    passed = reading.breached if level == Told.BREACHED else reading.warned
    if passed is None or found.told >= level:
        raise Invalid({"clock": [f"There is nothing to tell of the target of {kind}."]})
    found.told = level
    found.set_by(reading)
    keeping.show(record, keeping.clocks_of(record))
    if not record._state.adding and (found.agreement_id or getattr(record, "agreement_id", None)):
        agreeing.hear(record, found, level, at, by)  # a rehearsal violates nothing
    of = {"of": helping.said(record, found)} if found.agreement_id else {}
    return {"clock": kind, "target": within(found.target or 0), "due": str(found.due_at)} | of


def climb(record: Record, kind: str, at: datetime) -> Clock:
    """Reach the next level of authority, for so much of a target has passed; answers its clock."""
    found = _promised(record, kind)
    reading = found.read(at)
    reached = moment_of(found.next_level(reading))
    if reached is None or reached > at:
        raise Invalid({"clock": [f"The target of {kind} has reached no further level."]})
    found.climbed += 1
    found.set_by(reading)
    return found


def heard(record: Record, rank: str, at: datetime) -> None:
    """Somebody of that authority has heard; no clock tells it, or what is below it, again."""
    for clock in keeping.clocks_of(record):
        if clock.paths and clock.target:
            levels = hierarchy.up_to(clock.paths.read.hierarchical, rank)
            clock.climbed = max(clock.climbed, levels)
            clock.set_by(clock.read(at))


def _promised(record: Record, name: str) -> Clock:
    clocks = keeping.clocks_of(record)
    found = next((one for one in clocks if one.name == name and one.target), None)
    if found is None:
        raise Invalid({"clock": [f"Nothing is promised here that is called “{name}”."]})
    return found


def tell_all(*, at: datetime | None = None) -> int:
    """Tell every threshold that is passed by a moment, and say how many were told.

    What was told before, or has moved meanwhile, is passed over; so it does not matter how often
    this runs, or how many do at once.
    """
    moment, told = at or timezone.now(), 0
    while found := _sweep(moment):  # a clock may be nearly late and late by now
        told += found
    return told


def next_of(record: Record, by: datetime) -> tuple[str, datetime, str] | None:
    """The verb, the moment and the clock of the first threshold that passes by then untold."""
    due = [
        (clock.next_at, _verb(clock, clock.next_at if clock.is_running else by), clock.name)
        for clock in keeping.clocks_of(record)
        if clock.next_at and clock.next_at <= by
    ]
    first = min(due, default=None)
    return (first[1], first[0], first[2]) if first else None


def _verb(clock: Clock, at: datetime) -> str:
    """What is to be told of a clock next, by a moment; of both at once the threshold first."""
    reading = clock.read(at)
    threshold, level = clock.next_threshold(reading), clock.next_level(reading)
    climbs = threshold is None or (level is not None and level < threshold)
    return CLIMB if climbs else VERBS[Told(clock.told + 1)]


def _sweep(moment: datetime) -> int:
    told, after, sms = 0, 0, User.objects.the_sms()
    due = Clock.objects.filter(next_at__lte=moment).order_by("pk")
    due = due.annotate(of_kind=F("record__of_kind"))
    while found := list(due.filter(pk__gt=after)[:AT_ONCE]):
        after = found[-1].pk
        by_kind: dict[str, list[Clock]] = {}
        for clock in found:
            by_kind.setdefault(clock.of_kind, []).append(clock)
        for of_kind, some in by_kind.items():
            told += _tell_some(kinds()[of_kind], some, moment, sms)
    return told


def _tell_some(model: type[Record], due: list[Clock], moment: datetime, sms: User) -> int:
    """Tell thresholds together, and levels of authority one by one.

    A case that somebody works on just now is passed over: the next look finds it.
    """
    try:
        with transaction.atomic():
            told, left = _tell_together(model, due, moment, sms)
    except (Invalid, Denied, DatabaseError) as refused:
        logger.warning("%s thresholds are told one by one: %s", len(due), refused)
        told, left = 0, due
    return told + sum(
        tell(model, one.record_id, one.name, _verb(one, moment), moment, by=sms) for one in left
    )


def _tell_together(
    model: type[Record], due: list[Clock], moment: datetime, sms: User
) -> tuple[int, list[Clock]]:
    """How many were told, and the clocks that reach a level of authority next."""
    keys = {one.record_id for one in due}
    locked: Any = model.objects.select_for_update(skip_locked=True).filter(pk__in=keys)
    records = {record.pk: record for record in locked.order_by("pk")}
    clocks: dict[int, list[Clock]] = {key: [] for key in records}
    for clock in Clock.objects.filter(record__in=records):
        clocks[clock.record_id].append(clock)
    deeds: list[Deed] = []
    left: list[Clock] = []
    for key, record in records.items():
        keeping.hold(record, clocks[key])
        for clock in clocks[key]:
            if clock.next_at is None or clock.next_at > moment:
                continue
            if (verb := _verb(clock, moment)) == CLIMB:
                left.append(clock)
                continue
            action = registry[f"{model.collection}.{verb}"]
            deeds.append(Deed(action, record, {"clock": clock.name}))
    with agreeing.at_once(moment, sms):
        together.do(deeds, by=sms, at=moment, via=Via.JOB)
    return len(deeds), left


def tell(
    model: type[Record], record: int, clock: str, verb: str, at: datetime, *, by: User
) -> bool:
    """Tell one threshold or level; False where it was told or moved meanwhile."""
    action = registry[f"{model.collection}.{verb}"]
    found = model(pk=record)
    found._state.adding = False  # the frame reads it under its lock
    try:
        action(found, by=by, at=at, via=Via.JOB, clock=clock)
    except (Invalid, Denied) as refused:
        logger.warning("%s %s: %s", action.name, record, refused)
        return False
    return True
