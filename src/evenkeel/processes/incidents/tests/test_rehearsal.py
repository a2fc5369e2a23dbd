"""What is rehearsed in memory and written in bulk is what the verbs themselves would have left."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.clocks import thresholds
from evenkeel.core.demo.rehearsal import Rehearsal, write
from evenkeel.core.people.models import User
from evenkeel.core.records.links import LinkKind
from evenkeel.core.records.record import Record
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Action, Denied, registry
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(days=9)
FRAME = {"id", "record_ptr_id", "number", "chain_head", "edited_at", "_state"}
Step = tuple[str, str, dict[str, Any]]


def verb(name: str) -> Action:
    return registry[f"incidents.{name}"]


def steps(rita: User, sam: User) -> list[tuple[Action, User, datetime, dict[str, Any]]]:
    said: list[tuple[str, User, dict[str, Any]]] = [
        ("record", rita, {"title": "Mail is down", "description": "Since eight"}),
        ("classify", sam, {"category": "Mail"}),
        ("prioritise", sam, {"impact": 2, "urgency": 2}),
        ("assign", sam, {"case_owner": sam}),
        ("comment", sam, {"text": "We are looking at it."}),
        ("note", sam, {"text": "The queue hangs again."}),
        ("put_on_hold", sam, {"hold_reason": "supplier"}),
        ("resume", sam, {}),
        ("resolve", sam, {"solution": "Restarted the queue"}),
        ("reopen", rita, {"reason": "It is back"}),
        ("resolve", sam, {"solution": "Restarted the host"}),
        ("close", rita, {}),
    ]
    return [
        (verb(name), by, START + timedelta(hours=hour), inputs)
        for hour, (name, by, inputs) in enumerate(said)
    ]


def through_the_frame(rita: User, sam: User) -> Incident:
    made: Any = Incident()
    for action, by, at, inputs in steps(rita, sam):
        while made.pk and (due := thresholds.next_of(Incident.objects.get(pk=made.pk), at)):
            name, moment, clock = due
            last = made.entries.latest("position").at + timedelta(seconds=1)
            verb(name)(made, by=User.objects.the_sms(), at=max(moment, last), clock=clock)
        made = action(made, by=by, at=at, **inputs)
    return Incident.objects.get(pk=made.pk)


def rehearsed(rita: User, sam: User) -> Incident:
    one = Rehearsal(Incident)
    for action, by, at, inputs in steps(rita, sam):
        if action.verb in {"comment", "note"}:
            one.say(action, inputs["text"], by=by, at=at)
        else:
            one.do(action, by=by, at=at, **inputs)
    write([one], timezone.now())
    return Incident.objects.get(pk=one.record.pk)


def facts(record: Record) -> list[Any]:
    """What its entries say, but for the keys of comments and the moment a row was made."""
    return [
        (
            entry.verb,
            entry.actor_id,
            entry.at,
            entry.audience,
            {k: v for k, v in entry.difference.items() if k != "recorded_at"},
            {k: v for k, v in entry.given.items() if k != "comment"},
        )
        for entry in record.entries.order_by("position")
    ]


class TestRehearsal:
    def test_leaves_the_record_and_the_entries_that_the_frame_leaves(
        self, mona: User, rita: User, sam: User
    ) -> None:
        real, written = through_the_frame(rita, sam), rehearsed(rita, sam)
        assert facts(written) == facts(real)
        ours, theirs = (
            {k: v for k, v in vars(one).items() if k not in FRAME} for one in (written, real)
        )
        assert ours == theirs
        assert written.comments.count() == 2
        assert first_fault(written) is None

    def test_is_refused_what_the_verb_refuses(self, mona: User, rita: User, omar: User) -> None:
        one = Rehearsal(Incident)
        one.do(verb("record"), by=rita, at=START, title="Mail is down")
        with pytest.raises(Denied, match="Not possible while it is new"):
            one.do(verb("resolve"), by=mona, at=START, solution="x")
        with pytest.raises(Denied, match="Only"):
            one.say(verb("note"), "x", by=omar, at=START)

    def test_is_linked_to_what_is_there(self, incident: Incident, sam: User) -> None:
        one = Rehearsal(Incident)
        one.do(verb("record"), by=sam, at=START, title="Mail is down, too")
        one.link(verb("link"), incident, LinkKind.DUPLICATES, by=sam, at=START)
        write([one], timezone.now())
        assert one.record.links_out.get().target_id == incident.pk
