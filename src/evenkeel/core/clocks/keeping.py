"""Keeping the clocks of a record up with what is done to it, in the transaction of the action.

`turn` runs before the record is written, so that its due moment goes into the same update and the
same entry; `put_down` writes the rows of the clocks after it, in one statement.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from evenkeel.core.clocks import agreeing, calendars, helping
from evenkeel.core.clocks.agreeing import Terms
from evenkeel.core.clocks.declaring import Measure, of
from evenkeel.core.clocks.engine import Act, Phase, leading, phase_of
from evenkeel.core.clocks.models import Clock, Told, moment_of, seconds_of
from evenkeel.core.clocks.targets import promised
from evenkeel.core.clocks.writing import write
from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import together
from evenkeel.core.rules.action import Doing, turning, within
from evenkeel.core.schemes import escalation, hierarchy
from evenkeel.core.schemes.hierarchy import Level, Pressing
from evenkeel.core.schemes.models import in_force

_KEPT = "its_clocks"  # on a record in memory: the clocks that were read or made for it
_CHOOSES = ("organisation_id", "service_id")
# What decides which target holds, and which authority hears of it at once.
_MOVES = ("priority", "major", "requester_id", *_CHOOSES)
_OF = Compiled(lambda record: Clock.objects.filter(record_id=record), 1)


def turn(record: Any, before: Mapping[str, Any], doing: Doing) -> None:
    """Move the clocks of a record as what was done to it asks."""
    if record.priority is None or not (measures := of(record.kind())):
        return
    answering = _answering(record, doing)
    moved = {name for name in _MOVES if before.get(name) != getattr(record, name, None)}
    if helping.concerns(record, before):
        helping.turn(record, doing.at, measures, clocks_of)
    if not moved and not _turns(record, before, doing, measures, answering=answering):
        return
    kept = clocks_of(record)
    clocks = {clock.kind: clock for clock in kept if not clock.agreement_id}
    if moved and (terms := _govern(record, moved, first=not clocks)):
        _promise(record, clocks, terms, measures)
        _climb(record, clocks, measures, doing.at)
    if not clocks:  # nothing is promised, or it came from elsewhere with a due moment of its own
        return
    for measure in (one for one in measures if one.kind in clocks):
        clock = clocks[measure.kind]
        turned = len(clock.turns)
        _move(clock, record, measure, doing, answering=answering)
        if moved or len(clock.turns) > turned:
            _read_at(clock, doing.at)
    show(record, [*clocks.values(), *(clock for clock in kept if clock.agreement_id)])


def _read_at(clock: Clock, at: datetime) -> None:
    """What goes on as another kind was answered later than it was recorded.

    And a wait may have ended before what was last done: its limit was noticed late.
    """
    last = moment_of(max(turn[0] for turn in clock.turns)) or at
    clock.set_by(clock.read(max(at, last)))


def clocks_of(record: Any) -> list[Clock]:
    """The clocks of a record: those in memory, else those in the database."""
    kept: list[Clock] | None = record.__dict__.get(_KEPT)
    if kept is None:
        kept = [] if record._state.adding else list(_OF.records(record.pk))
        setattr(record, _KEPT, kept)
    return kept


def show(record: Any, clocks: list[Clock]) -> None:
    """Let the record show what its clocks say; those of helpers are for those inside."""
    ours = [clock for clock in clocks if not clock.agreement_id]
    running = (clock.due_at for clock in ours if clock.phase == Phase.RUNNING)
    record.due_at = min((due for due in running if due), default=None)
    record.is_breached = any(clock.breached_at for clock in ours)
    setattr(record, _KEPT, clocks)


def put_down(record: Any, entry: Entry | None) -> None:
    """Write the clocks that were moved."""
    if record.__dict__.get(_KEPT):
        write([clock for clock in of_written(record) if clock.is_moved])


def put_down_all(pairs: Sequence[tuple[Any, Entry]]) -> None:
    """The same for many records, each of which may have been done something more than once."""
    records = {record.pk: record for record, _ in pairs}.values()
    write([clock for record in records for clock in of_written(record) if clock.is_moved])


def hold(record: Any, clocks: list[Clock]) -> None:
    """Keep the clocks that were read with it."""
    setattr(record, _KEPT, clocks)


def of_written(record: Any) -> list[Clock]:
    """The clocks in memory of a record that has its key by now."""
    clocks: list[Clock] = record.__dict__.get(_KEPT, [])
    for clock in clocks:
        clock.record_id = record.pk
    return clocks


def _turns(
    record: Any,
    before: Mapping[str, Any],
    doing: Doing,
    measures: tuple[Measure, ...],
    *,
    answering: bool,
) -> bool:
    """Could any clock be moved? Most of what is done to a case moves none, and reads none."""
    was = str(before.get("state", "")), str(before.get("hold_reason", ""))
    now = str(record.state), str(getattr(record, "hold_reason", ""))
    return any(
        measure.phase(*was) != measure.phase(*now) or (answering and doing.verb in measure.answers)
        for measure in measures
    )


def _answering(record: Record, doing: Doing) -> bool:
    return doing.by.pk != record.requester_id and not doing.by.is_system


def _govern(record: Any, moved: set[str], *, first: bool) -> Terms | None:
    """The terms that hold for the record. What was agreed when it was recorded holds to its end."""
    chosen = record.agreement_because
    if record.agreement_id and not (moved & set(_CHOOSES)) and not first:
        return agreeing.read(record.agreement_id, chosen["version"])
    choice = agreeing.choose(_customer(record), record.service_id, record.recorded_at)
    if choice is None:
        return None
    terms = choice.terms
    record.agreement_id = terms.agreement
    record.agreement_because = {
        "text": choice.because,
        "agreement": terms.number,
        "version": terms.version,
    }
    return terms


def _customer(record: Record) -> int | None:
    asker: User | None = record.requester
    return record.organisation_id or (asker.organisation_id if asker else None)


def _promise(
    record: Any, clocks: dict[str, Clock], terms: Terms, measures: tuple[Measure, ...]
) -> None:
    """Set the target of each clock, and make those that were not there."""
    version = calendars.version_at(terms.calendar, record.recorded_at)
    if version is None:
        return
    # A later version than that of its recording governs what was recomputed by it.
    recomputed = [one.calendar_id for one in clocks.values() if one.calendar_name == terms.calendar]
    is_major = getattr(record, "is_major", False)
    own: Mapping[str, int] = getattr(record, "own_targets", {})  # the stricter one holds
    for measure in measures:
        agreed = promised(terms.targets, measure.kind, record.priority, is_major=is_major)
        target = min(filter(None, (agreed, own.get(measure.kind))), default=None)
        clock = clocks.get(measure.kind)
        if clock is None:
            if target is None:
                continue
            clock = clocks[measure.kind] = Clock(kind=measure.kind, turns=[])
            _begin(clock, record, measure)
        if clock.target != target:
            clock.told, clock.breached_at = Told.NOTHING, None
        clock.target, clock.begins_anew = target, terms.begins_anew
        clock.calendar_id = max([version.pk, *recomputed])
        clock.calendar_name, clock.zone = terms.calendar, terms.zone


def _climb(
    record: Any, clocks: dict[str, Clock], measures: tuple[Measure, ...], at: datetime
) -> None:
    """Say when each level of authority hears of it; who has heard does not hear again."""
    climbs = {one.kind: one.climbs for one in measures if one.climbs and one.kind in clocks}
    for process in set(climbs.values()):
        version = in_force(escalation.NAME, process, at)
        levels = version.read.hierarchical if version else []
        for clock in (clocks[kind] for kind, code in climbs.items() if code == process):
            if clock.climbed and clock.paths and clock.paths != version:
                heard = clock.paths.read.hierarchical[clock.climbed - 1].to
                clock.climbed = hierarchy.up_to(levels, heard)
            clock.paths = version
            target = clock.target  # None where nothing is promised any more
            case = pressing(record, levels)
            clock.levels = hierarchy.reached_after(levels, target, case) if target else []


def pressing(record: Record, levels: Sequence[Level]) -> Pressing:
    """What of a case the levels ask for; whether a VIP asks is looked up only where one does."""
    asks = record.requester_id is not None and any(level.vip for level in levels)
    return Pressing(record.priority, asks and bool(record.requester and record.requester.is_vip))


def _begin(clock: Clock, record: Any, measure: Measure) -> None:
    """From when the case was recorded, however late it was prioritised."""
    clock.turns.append([seconds_of(record.recorded_at), Act.START, ""])
    if getattr(record, "channel", "") in measure.in_person:
        act = Act.RESTART if measure.again else Act.STOP
        clock.turns.append([seconds_of(record.recorded_at), act, "answered in person"])
    else:
        _answer_before(clock, record, measure)


def _answer_before(clock: Clock, record: Any, measure: Measure) -> None:
    """A case that goes on as another kind was answered as often as it was before."""
    answers = getattr(record, "answered_before", [])
    if answers and measure.answers:
        at = answers[-1] if measure.again else answers[0]
        act = Act.RESTART if measure.again else Act.STOP
        clock.turns.append([seconds_of(at), act, "answered"])


def _move(clock: Clock, record: Any, measure: Measure, doing: Doing, *, answering: bool) -> None:
    reason = str(getattr(record, "hold_reason", ""))
    wanted, now = measure.phase(record.state, reason), phase_of(clock.history)
    at = seconds_of(doing.at)
    if answering and doing.verb in measure.answers and now in {Phase.RUNNING, Phase.PAUSED}:
        clock.turns.append([at, Act.RESTART if measure.again else Act.STOP, "answered"])
        if measure.again:
            clock.told = Told.NOTHING
        now = now if measure.again else Phase.STOPPED
    if now == Phase.STOPPED and measure.answers and not measure.again:
        return  # who was answered was answered
    for act in leading(now, wanted, anew=clock.begins_anew):
        why = measure.pauses.get(reason, "") if act == Act.PAUSE else ""
        clock.turns.append([at, act, why])
        if act == Act.RESTART:
            clock.told, clock.climbed = Told.NOTHING, 0


turning.append(turn)
within.append(put_down)
together.instead[put_down] = put_down_all
