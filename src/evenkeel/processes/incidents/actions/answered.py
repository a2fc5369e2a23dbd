"""A case that waits for its user goes on by itself when they answer (R-10)."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry, within
from evenkeel.processes.incidents.lifecycle import ON_HOLD
from evenkeel.processes.incidents.models import Case

ANSWERS = ("comment", "attach")  # what somebody says, or shows


def go_on(record: Record, entry: Entry) -> None:
    """In the transaction of the answer, and after it: the clocks run from that moment on."""
    if not isinstance(record, Case) or not _is_awaited(record, entry):
        return
    found: Any = type(record)(pk=record.pk)  # type: ignore[misc]  # any kind of case has one
    found._state.adding = False  # the frame reads it, as the answer has left it
    resume = registry[f"{record.collection}.resume"]
    resume(found, by=User.objects.the_sms(), at=entry.at, via=entry.via)
    record.refresh_from_db()  # whoever answered is shown that it goes on


def _is_awaited(case: Case, entry: Entry) -> bool:
    waits = case.state == ON_HOLD and case.hold_reason == Case.HoldReason.USER
    if not waits or case.requester_id is None or entry.actor_id != case.requester_id:
        return False
    return entry.verb.rpartition(".")[2] in ANSWERS


within.append(go_on)
