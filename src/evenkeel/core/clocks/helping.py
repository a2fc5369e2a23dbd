"""The clocks of those who help: what suppliers (UA) and members (OLA) promise us about a case.

Such a clock counts while the case is with them and stands still while it is not; when it comes to
them again it goes on, or begins anew, as agreed. Which agreement it is of is chosen by party and
service when the case comes to them, and kept on the case with its version and the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from evenkeel.core.clocks import agreeing, calendars
from evenkeel.core.clocks.agreeing import Terms
from evenkeel.core.clocks.declaring import Measure
from evenkeel.core.clocks.engine import Act, Phase, leading, phase_of
from evenkeel.core.clocks.models import Clock, Told, seconds_of
from evenkeel.core.clocks.targets import promised

_COMES = ("team_id", "waits_for_id", "service_id", "priority", "major")
_MOVES = (*_COMES, "state", "hold_reason")
Clocks = Callable[[Any], list[Clock]]


def concerns(record: Any, before: Mapping[str, Any]) -> bool:
    """Does it come to somebody who helps, or move what they promise? Of most cases it is free."""

    def moved(names: Sequence[str]) -> bool:
        return any(before.get(name) != getattr(record, name, None) for name in names)

    if getattr(record, "helped_by", None):
        return moved(_MOVES)
    return moved(_COMES) and bool(getattr(record, "is_with", None))


def turn(record: Any, at: datetime, measures: Sequence[Measure], clocks_of: Clocks) -> None:
    """Start, pause, resume and stop what helpers promise, as the case comes and goes."""
    measure = next((one for one in measures if one.is_helped), None)
    if measure is None:
        return
    with_now = {terms.agreement: terms for terms in _chosen(record, at)}
    if not record.helped_by:
        return
    kept = clocks_of(record)
    clocks = {one.agreement_id: one for one in kept if one.agreement_id}
    for agreement, terms in with_now.items():
        target = _target(record, measure, terms)
        if agreement not in clocks and target and (made := _made(measure, terms, at)):
            clocks[agreement] = made
            kept.append(made)
        if (clock := clocks.get(agreement)) and clock.target != target:
            clock.target, clock.told, clock.breached_at = target, Told.NOTHING, None
    for agreement, clock in clocks.items():
        _move(clock, record, measure, at, is_there=agreement in with_now)


def said(record: Any, clock: Clock) -> str:
    """ "AGR-7 with NetSpan": whose clock it is, where it is a helper's."""
    found = record.helped_by[str(clock.agreement_id)]
    return f"{found['agreement']} with {found['party']}"


def why(record: Any, clock: Clock) -> str:
    """Why it is of this agreement, in words; "" where it is of the one that governs the case."""
    return str(record.helped_by[str(clock.agreement_id)]["text"]) if clock.agreement_id else ""


def _chosen(record: Any, at: datetime) -> list[Terms]:
    """The terms of each agreement with whom the case is with now; what was chosen before stays."""
    found = []
    for kind, party in record.is_with.items():
        sought = [kind, party, record.service_id]
        chosen = record.helped_by.items()
        known = next(((key, one) for key, one in chosen if one["chosen_by"] == sought), None)
        if known:
            terms = agreeing.read(int(known[0]), known[1]["version"])
        else:
            choice = agreeing.choose_helper(kind, party, record.service_id, at)
            terms = choice.terms if choice else None
            if choice:
                record.helped_by = record.helped_by | _kept(choice, sought)
        found += [terms] if terms else []
    return found


def _kept(choice: agreeing.Choice, sought: list[Any]) -> dict[str, dict[str, Any]]:
    terms = choice.terms
    return {
        str(terms.agreement): {
            "agreement": terms.number,
            "version": terms.version,
            "text": choice.because,
            "party": terms.party,
            "chosen_by": sought,
        }
    }


def _target(record: Any, measure: Measure, terms: Terms) -> int | None:
    is_major = getattr(record, "is_major", False)
    return promised(terms.targets, measure.kind, record.priority, is_major=is_major)


def _made(measure: Measure, terms: Terms, at: datetime) -> Clock | None:
    version = calendars.version_at(terms.calendar, at)
    if version is None:
        return None
    return Clock(
        kind=measure.kind,
        agreement_id=terms.agreement,
        turns=[],
        calendar_id=version.pk,
        calendar_name=terms.calendar,
        zone=terms.zone,
        begins_anew=terms.begins_anew,
    )


def _move(clock: Clock, record: Any, measure: Measure, at: datetime, *, is_there: bool) -> None:
    """As the state asks while it is with them; else it stands still, unless it was dropped."""
    reason = str(getattr(record, "hold_reason", ""))
    now, wanted = phase_of(clock.history), measure.phase(record.state, reason)
    if not is_there and (wanted != Phase.CANCELLED or now == Phase.STOPPED):
        wanted = Phase.STOPPED
    for act in leading(now, wanted, anew=clock.begins_anew):
        clock.turns.append([seconds_of(at), act, _why(act, record, measure, reason)])
        if act == Act.RESTART:
            clock.told = Told.NOTHING
    clock.set_by(clock.read(at))


def _why(act: Act, record: Any, measure: Measure, reason: str) -> str:
    if act == Act.PAUSE:
        return measure.pauses.get(reason, "")
    return "no longer with them" if act == Act.STOP and record.is_open else ""
