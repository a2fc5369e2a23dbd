"""What an entry says that was done: "replied", "put on hold", "ticked Call the user"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from evenkeel.core.records.comments import Attachment
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.links import LinkKind
from evenkeel.core.web import words

ICONS = {
    "record": "add",
    "read_days": "clock",
    "tell_supplier": "bell",
    "comment": "reply",
    "note": "note",
    "attach": "attach",
    "link": "link",
    "unlink": "link",
    "watch": "watch",
    "unwatch": "unwatch",
    "edit": "edit",
    "put_on_hold": "hold",
    "resume": "play",
    "escalate": "flame",
    "assign": "people",
    "apply_model": "task",
    "apply_workaround": "done",
    "ask_approval": "people",
    "choose_model": "task",
    "order": "add",
    "join_parent": "link",
    "resolve": "done",
    "resolve_with_parent": "done",
    "fulfil": "done",
    "close": "lock",
    "cancel": "close",
    "convert": "refresh",
    "reopen": "refresh",
    "add_task": "task",
    "tick_step": "task",
    "untick_step": "task",
    "complete_task": "task",
    "warn": "clock",
    "breach": "warning",
    "climb": "flame",
    "add_event": "bell",
    "note_recovery": "done",
    "escalate_up": "flame",
    "escalate_silence": "flame",
    "call_on_duty": "bell",
    "plan_duty": "clock",
    "stand_in": "people",
    "acknowledge": "done",
    "hand_back": "people",
    "recompute": "refresh",
    "note_elsewhere": "refresh",
    "restrict": "lock",
    "lift_restriction": "lock",
    "remind": "bell",
    "remind_of_word": "bell",
    "remind_of_task": "bell",
    "remind_user": "bell",
    "lapse": "play",
    "remind_of_hold": "bell",
    "limit_hold": "clock",
    "propose_major": "warning",
    "declare_major": "flame",
    "name_coordinator": "people",
    "miss_coordinator": "warning",
}


@dataclass(frozen=True)
class Known:
    """What the entries of a record may point to, by key."""

    files: Mapping[int, Attachment]
    steps: Mapping[int, str]
    tasks: Mapping[int, str]


def verb(entry: Entry) -> str:
    """incidents.resolve -> resolve."""
    return entry.verb.rpartition(".")[2]


def icon(entry: Entry) -> str:
    """The sign beside the line."""
    name = verb(entry)
    return ICONS.get(name, "import" if name.startswith("imported") else "to")


def phrase(entry: Entry, known: Known) -> str:
    """What was done, after the name of who did it."""
    name = verb(entry)
    return PHRASES[name](entry, known) if name in PHRASES else words.done_to_it(name)


def _moment(entry: Entry, name: str) -> str:
    """A moment that the verb was told, in the time zone of whoever reads."""
    return words.exact(datetime.fromisoformat(entry.given[name]))


def _linked(entry: Entry, known: Known) -> str:
    kind = entry.given.get("kind", "")
    sense = LinkKind(kind).label if kind in LinkKind.values else kind
    return f"said that it {sense} {entry.given.get('target', '')}"


def _unlinked(entry: Entry, known: Known) -> str:
    return f"removed the link to {entry.given.get('target', '')}"


def _step(word: str) -> Callable[[Entry, Known], str]:
    return lambda entry, known: f"{word} {known.steps.get(entry.given.get('step', 0), 'a step')}"


def _task(entry: Entry, known: Known) -> str:
    return f"completed the task {known.tasks.get(entry.given.get('task', 0), '')}".rstrip()


def _target(words: str) -> Callable[[Entry, Known], str]:
    def said(entry: Entry, known: Known) -> str:
        clock, target = entry.given.get("clock", ""), entry.given.get("target", "")
        of = f" ({entry.given['of']})" if "of" in entry.given else ""
        return words.format(f"{target} for the {clock}{of}")

    return said


def _of_target(entry: Entry) -> str:
    """Of which target something has passed, where it is about one."""
    given = entry.given
    return f", {given.get('target', '')} for the {given['clock']}" if "clock" in given else ""


def _parent(words: str) -> Callable[[Entry, Known], str]:
    return lambda entry, known: words.format(entry.given.get("parent", "another"))


PHRASES: dict[str, Callable[[Entry, Known], str]] = {
    "record": lambda entry, known: "recorded this",
    "comment": lambda entry, known: "replied",
    "note": lambda entry, known: "wrote an internal note",
    "attach": lambda entry, known: f"attached {entry.given.get('filename', 'a file')}",
    "link": _linked,
    "unlink": _unlinked,
    "watch": lambda entry, known: "watches this from now on",
    "unwatch": lambda entry, known: "no longer watches this",
    "add_task": lambda entry, known: f"added the task {entry.given.get('title', '')}",
    "tick_step": _step("ticked"),
    "untick_step": _step("took back the tick of"),
    "complete_task": _task,
    "apply_model": lambda entry, known: (
        f"applied the model {entry.given.get('request_model', '')},"
        f" version {entry.given.get('version', '')}"
    ),
    "apply_workaround": lambda entry, known: "applied a workaround",
    "ask_approval": lambda entry, known: "asked for approval",
    "order": lambda entry, known: f"ordered it: {entry.given.get('request', '')}",
    "choose_model": lambda entry, known: (
        f"chose the model {entry.given.get('incident_model', '')} {entry.given.get('title', '')}"
    ),
    "join_parent": _parent("took this up as a part of {}"),
    "resolve_with_parent": _parent("resolved this together with {}"),
    "warn": _target("warned that three quarters of the target of {} have passed"),
    "breach": _target("noted that the target of {} is breached"),
    "climb": lambda entry, known: (
        f"escalated this to the {entry.given.get('to', '')} ({entry.given.get('people', '')}):"
        f" {entry.given.get('because', '')}{_of_target(entry)}"
    ),
    "escalate_up": lambda entry, known: (
        f"escalated this to the {entry.given.get('to', '')} ({entry.given.get('people', '')}):"
        f" {entry.given.get('reason', '')}"
    ),
    "plan_duty": lambda entry, known: (
        f"planned layer {entry.given.get('layer', '')} of the rota: {entry.given.get('plan', '')}"
    ),
    "drop_layer": lambda entry, known: f"dropped layer {entry.given.get('layer', '')} of the rota",
    "stand_in": lambda entry, known: (
        f"let {entry.given.get('who', '')} be on duty instead of"
        f" {entry.given.get('instead_of', '')}, from {_moment(entry, 'starts')}"
        f" until {_moment(entry, 'ends')}"
    ),
    "end_stand_in": lambda entry, known: f"ended stand-in {entry.given.get('stand_in', '')}",
    "call_on_duty": lambda entry, known: (
        f"called {entry.given.get('who', '')}, who is on duty (layer"
        f" {entry.given.get('layer', '')}): {entry.given.get('because', '')}"
    ),
    "escalate_silence": lambda entry, known: (
        f"escalated this to the {entry.given.get('to', '')} ({entry.given.get('people', '')}):"
        f" {entry.given.get('because', '')}"
    ),
    "remind_of_word": lambda entry, known: (
        f"reminded the case owner: the user has heard nothing"
        f" for {entry.given.get('minutes', '')} minutes"
    ),
    "remind_of_task": lambda entry, known: (
        f"reminded of what is past its time: {entry.given.get('late', '')}"
    ),
    "remind_user": lambda entry, known: (
        f"asked the user again for the {entry.given.get('awaited', 'answer')}"
    ),
    "add_event": lambda entry, known: (
        f"counted {entry.given.get('count', '')} events of {entry.given.get('source', '')}"
    ),
    "note_recovery": lambda entry, known: (
        f"noted that it is over, says {entry.given.get('source', 'monitoring')}"
    ),
    "note_elsewhere": lambda entry, known: "noted how it stands elsewhere",
    "lapse": lambda entry, known: "went on with this: it has waited for as long as it may",
    "remind_of_hold": lambda entry, known: "reminded the case owner: it waits longer than it may",
    "limit_hold": lambda entry, known: "set a limit to how long this may wait",
    "recompute": lambda entry, known: "recomputed what is due",
    "restrict": lambda entry, known: "restricted this to the security staff and its owner",
    "propose_major": lambda entry, known: "noted that this may be a major incident",
    "miss_coordinator": lambda entry, known: "told the process owner that nobody coordinates this",
    "withdraw_import": lambda entry, known: (
        f"cancelled this, for {entry.given.get('run', 'its import')} was undone:"
        f" {entry.given.get('reason', '')}"
    ),
    "imported": lambda entry, known: "brought this in",
    "imported_edit": lambda entry, known: "brought in an edit",
    "imported_activity": lambda entry, known: "brought in what was done",
}

# After the number of the record, in the message that tells of success.
DONE = {
    "choose_model": "is handled by its model",
    "flag_for_review": "waits for its review",
    "join_parent": "is resolved with its parent from now on",
    "declare_major": "is a major incident",
    "dismiss_major": "is no major incident",
    "name_coordinator": "has a coordinator",
    "stand_down": "is no longer a major incident",
    "escalate_up": "is escalated to the next level",
    "hand_back": "is with its owner again",
    "plan_duty": "has its rota",
    "drop_layer": "has a layer less",
    "stand_in": "has its stand-in",
    "end_stand_in": "is on duty as its rota says",
    "acknowledge": "is acknowledged, and goes up no further for silence",
    "note_elsewhere": "says how it stands elsewhere",
    "remind": "is in the minds of its owner and of who has tasks of it",
    "restrict": "is restricted to the security staff and its owner",
    "lift_restriction": "is restricted no longer",
    "tell_supplier": "is told to the supplier by mail",
    "read_days": "has a draft with these days off; nothing uses it until it is approved",
    "comment": "has your reply",
    "note": "has your note",
    "attach": "has the file",
    "watch": "is watched by you",
    "unwatch": "is no longer watched by you",
    "add_task": "has a new task",
    "tick_step": "has a step ticked",
    "untick_step": "has a step to do again",
    "complete_task": "has a task completed",
}
