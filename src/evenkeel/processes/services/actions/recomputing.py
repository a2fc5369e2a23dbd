"""The walk of a recomputation over its clocks, case by case: comparing them, then moving them.

Each batch is one transaction, with the locks on its cases and with how far it is; so what a killed
worker had done is done, and another goes on behind it. What shows what it should is passed over.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from evenkeel.core.clocks import recomputing
from evenkeel.core.clocks.models import Clock, Told
from evenkeel.core.clocks.recomputing import Moved, Shift
from evenkeel.core.clocks.writing import write_read
from evenkeel.core.people.models import User
from evenkeel.core.records import copying
from evenkeel.core.records.bulk import NewEntry
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.processes.services.actions import recomputation as verbs
from evenkeel.processes.services.actions import violation
from evenkeel.processes.services.lifecycle import SEALED, ViolationState
from evenkeel.processes.services.lifecycle import RecomputationState as State
from evenkeel.processes.services.models import (
    Agreement,
    MovedClock,
    Progress,
    Recomputation,
    ServiceReport,
    Violation,
)

AT_ONCE = 1_000  # clocks
_LINE = (
    *("recomputation_id", "record_id", "kind", "agreement_id"),
    *("due_before", "due_after", "breached_before", "breached_after", "is_sealed", "is_applied"),
)
_RECORDED = ServiceReport.Basis.RECORDED
AHEAD = {State.COMPARING: verbs.present, State.APPLYING: verbs.finish}


class Period(NamedTuple):
    """That of a sealed report, and of whom and about what it is."""

    begins: datetime
    ends: datetime
    customer: int | None
    service: int | None
    by_recording: bool

    def has(self, case: Any, decided: Sequence[datetime]) -> bool:
        """Is a target of the case in it, decided at one of these moments or open?"""
        if self.customer not in {None, case.customer} or self.service not in {
            None,
            case.service_id,
        }:
            return False
        moments = [case.recorded_at] if self.by_recording else decided
        return any(self.begins <= moment < self.ends for moment in moments)


@dataclass
class Looked:
    """A case, its clocks by the other hours, and what came of reading them."""

    case: Any
    clocks: list[Clock]
    looked: int = 0
    shifts: list[Shift] = field(default_factory=list)
    sealed: list[Shift] = field(default_factory=list)
    alike: list[Clock] = field(default_factory=list)  # they show the same as before


def go_on(key: int, at: datetime) -> None:
    """Compare or apply, from where it stands, to the end."""
    found: Any = Recomputation.objects.filter(pk=key, state__in=AHEAD).first()
    if found is None:  # discarded, or done by a worker that was taken for dead
        return
    periods = _sealed()
    while (left := _batch(found, periods, at)) is True:
        pass
    if left is False:
        AHEAD[State(found.state)](found, by=User.objects.the_sms(), at=at, via=Via.JOB)


def _batch(found: Recomputation, periods: list[Period], at: datetime) -> bool | None:
    """Is there more? None where somebody else has ended it."""
    with transaction.atomic():
        progress = Progress.objects.select_for_update().get(recomputation=found.pk)
        if not Recomputation.objects.filter(pk=found.pk, state=found.state).exists():
            return None
        ahead = found.to_read.filter(record_id__gt=progress.after).order_by("record_id")
        keys = list(ahead.values_list("record_id", flat=True)[:AT_ONCE])
        if not keys:
            return False
        looked = list(_looked(found, keys, periods, at))
        if found.state == State.APPLYING:
            _apply(found, looked, at)
        _list(found, looked)
        progress.done += sum(one.looked for one in looked)
        progress.after = keys[-1]
        progress.save()
    return True


def _looked(
    found: Recomputation, keys: Sequence[int], periods: list[Period], at: datetime
) -> Iterator[Looked]:
    """The cases, locked where they will be moved, and their clocks read by the other hours."""
    customer = Coalesce(F("organisation_id"), F("requester__organisation_id"))
    cases: Any = Record.objects.filter(pk__in=keys).annotate(customer=customer).order_by("pk")
    cases = cases.only("of_kind", "recorded_at", "service_id", "due_at", "is_breached")
    if found.state == State.APPLYING:
        cases = cases.select_for_update(of=("self",))
    cases = list(cases)
    rows = Clock.objects.filter(record__in=keys).order_by("record_id", "kind")
    clocks = {key: list(some) for key, some in groupby(rows, key=lambda one: one.record_id)}
    for case in cases:
        yield _read(found, case, clocks[case.pk], periods, at)


def _read(
    found: Recomputation, case: Any, clocks: list[Clock], periods: list[Period], at: datetime
) -> Looked:
    looked = Looked(case, clocks)
    for place, clock in enumerate(clocks):
        version = found.versions.get(clock.calendar_name)
        if version is None or not clock.target:
            continue
        looked.looked += 1
        was = clock.calendar_id
        # What a sealed report holds stays as it is; without one there is nothing to hold on to.
        one = recomputing.shift(copy(clock) if periods else clock, version, at)
        if any(period.has(case, one.decided) for period in periods):
            looked.sealed += [] if one.is_none else [one]
            continue
        if not one.is_none:
            looked.shifts.append(one)
        elif was != version:
            looked.alike.append(one.clock)
        clocks[place] = one.clock
    return looked


def _apply(found: Recomputation, looked: list[Looked], at: datetime) -> None:
    sms = User.objects.the_sms()
    write_read([clock for one in looked for clock in one.alike])
    given = {
        "recomputation": found.number,
        "calendar": found.said,
        "confirmed_by": str(found.confirmed_by),
    }
    moved = [Moved(one.case, one.clocks, one.shifts) for one in looked if one.shifts]
    recomputing.put_down(moved, NewEntry("", at, sms.pk, given=given))
    _withdraw(found, [one for each in moved for one in each.shifts], at)


def _withdraw(found: Recomputation, shifts: list[Shift], at: datetime) -> None:
    """What was told too early is no violation any more."""
    early = {
        (one.clock.record_id, one.clock.name): one.clock
        for one in shifts
        if one.clock.told < Told.BREACHED and one.after.breached is None
    }
    keys = {record for record, _ in early}
    told: Any = Violation.objects.filter(about__in=keys).exclude(state=ViolationState.WITHDRAWN)
    told = told.annotate(agreement_kind=F("agreement__agreement_kind"))
    for one in told if keys else ():
        of = "" if one.agreement_kind == Agreement.Kind.SLA else f"-of-{one.agreement_id}"
        clock = early.get((one.about_id, f"{one.target}{of}"))
        is_gone = one.level == Violation.Level.ACTUAL or (clock and clock.told == Told.NOTHING)
        if clock and is_gone and clock.started_at and one.passed_at >= clock.started_at:
            violation.withdraw(
                one,
                by=User.objects.the_sms(),
                at=at,
                via=Via.JOB,
                reason=f"By {found.said} it is none: {found.number}.",
            )


def _list(found: Recomputation, looked: list[Looked]) -> None:
    """Write what moved, or would; what was compared gives way to what was done."""
    is_applied = found.state == State.APPLYING
    keys = [one.case.pk for one in looked]
    MovedClock.objects.filter(recomputation=found.pk, record__in=keys).delete()
    lines = (
        (
            *(found.pk, one.case.pk, moved.clock.kind, moved.clock.agreement_id),
            *(moved.before.due, moved.after.due, moved.before.breached, moved.after.breached),
            *(is_sealed, is_applied and not is_sealed),
        )
        for one in looked
        for is_sealed, some in ((False, one.shifts), (True, one.sealed))
        for moved in some
    )
    copying.copy(MovedClock, _LINE, lines)


def _sealed() -> list[Period]:
    reports: Any = ServiceReport.objects.filter(state__in=SEALED)
    return [
        Period(
            one.period[0],
            one.period[1],
            one.organisation_id,
            one.service_id,
            one.basis == _RECORDED,
        )
        for one in reports
    ]
