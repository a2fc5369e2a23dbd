"""A record worked through its verbs in memory, then written with its whole history in bulk.

Permission, state and body of each verb are the real ones; only locking, saving and publishing are
left out, for many thousand steps must not take longer than a start of the program may.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.clocks import keeping, thresholds
from evenkeel.core.clocks.writing import write as write_clocks
from evenkeel.core.people.models import User
from evenkeel.core.records import bulk
from evenkeel.core.records.entry import Via
from evenkeel.core.records.links import Link, LinkKind
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, Denied, Doing, registry, turning
from evenkeel.core.rules.difference import difference, news, values

# Given when the record is written.
_LATER = frozenset({"id", "record_ptr_id", "number", "of_kind", "version", "edited_at",
                    "chain_length", "chain_head"})  # fmt: skip


class Rehearsal:
    """One record to be, and what was done to it so far, oldest first."""

    def __init__(self, model: type[Record]) -> None:
        self.record: Any = model()
        self.entries: list[bulk.NewEntry] = []
        self.links: list[tuple[Record, LinkKind, bulk.NewEntry]] = []

    def do(self, action: Action, *, by: User, at: datetime, **inputs: Any) -> None:
        """Do a verb. Raises Denied or Invalid as the verb itself does."""
        if action.creates:
            self.record.recorded_at = at
        self._tell_by(at)
        self._do(action, by, at, inputs)

    def _do(self, action: Action, by: User, at: datetime, inputs: dict[str, Any]) -> None:
        before = {} if action.creates else values(self.record)
        given = action.perform(self.record, by=by, at=at, inputs=inputs)
        self._turn(before, action, by, at)
        changed = news(self.record, difference(before, values(self.record)))
        audience = str(given.get("audience", action.audience))
        self.entries.append(bulk.NewEntry(action.name, at, by.pk, changed, given, audience))

    def say(self, action: Action, text: str, *, by: User, at: datetime) -> None:
        """Comment or note, whichever verb is given."""
        self._tell_by(at)
        self._ask(action, by)
        before = values(self.record)
        self._turn(before, action, by, at)
        changed = news(self.record, difference(before, values(self.record)))
        said = bulk.NewComment(text, str(action.audience))
        self.entries.append(bulk.NewEntry(action.name, at, by.pk, changed, comment=said))

    def link(
        self, action: Action, target: Record, kind: LinkKind, *, by: User, at: datetime
    ) -> None:
        """Link it to a record that is written already."""
        self._ask(action, by)
        given = {"target": target.number, "kind": str(kind)}
        entry = bulk.NewEntry(action.name, at, by.pk, {}, given, str(action.audience))
        self.entries.append(entry)
        self.links.append((target, kind, entry))

    def finish(self, now: datetime) -> None:
        """Tell what has become late since the last thing that was done."""
        self._tell_by(now)

    def _turn(self, before: dict[str, Any], action: Action, by: User, at: datetime) -> None:
        for turn in turning:
            turn(self.record, before, Doing(action.verb, by, at))

    def _tell_by(self, at: datetime) -> None:
        """Pass every threshold of its clocks that lies before a moment, when it was passed."""
        while due := thresholds.next_of(self.record, at):
            verb, moment, clock = due
            if self.entries:  # it may be late by the time it is promised
                moment = max(moment, self.entries[-1].at + timedelta(seconds=1))
            action = registry[f"{self.record.collection}.{verb}"]
            self._do(action, User.objects.the_sms(), moment, {"clock": clock})

    def _ask(self, action: Action, by: User) -> None:
        if not (answer := action.may(by, self.record)):
            raise Denied(answer.reason)


def write(rehearsed: Sequence[Rehearsal], now: datetime) -> None:
    """Write records of one kind, in this order; afterwards each has its key and number.

    What of them is late by now is told first, so that nothing stands there later than what follows.
    """
    if not rehearsed:
        return
    for one in rehearsed:
        one.finish(now)
    new = [bulk.NewRecord(_columns(one.record), one.entries) for one in rehearsed]
    bulk.write(type(rehearsed[0].record), new, via=Via.DEMO)
    links, clocks = [], []
    for one, written in zip(rehearsed, new, strict=True):
        one.record.pk = one.record.id = written.pk
        one.record.number, one.record.of_kind = written.number, one.record.kind()
        clocks += keeping.of_written(one.record)
        one.record._state.adding = False
        links += [
            Link(
                source_id=written.pk,
                target_id=target.pk,
                kind=kind,
                made_by_id=entry.actor,
                made_at=entry.at,
            )
            for target, kind, entry in one.links
        ]
    Link.objects.bulk_create(links)
    write_clocks(clocks)


def _columns(record: Record) -> dict[str, Any]:
    return {
        field.attname: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if field.attname not in _LATER
    }
