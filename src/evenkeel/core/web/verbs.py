"""The verbs of a record as buttons: which is the next step, which are refused now, and why."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import JSONField

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, Answer, registry
from evenkeel.core.rules.permissions import system
from evenkeel.core.rules.shared import SHARED
from evenkeel.core.web import tones, words

# They have a place of their own on the page: composer, panels.
PLACED = frozenset(SHARED) - {"edit", "restrict", "lift_restriction"}
# They take away from somebody what is in force, so they are never offered as the next step.
TAKING_AWAY = tones.DROPPING | {
    *("suspend", "end", "forget_second_proof", "hand_over", "restrict", "lift_restriction")
}
# They lead away from the end, to another record, or to an end without the work.
NEVER_NEXT = frozenset({"reopen", "flag_for_review", "convert", "discard", "waive"})
# They ask for a whole content, and have a page made for it.
DRAWN = {"schemes.draft"}
# They can be done at any time and seldom are: never among the first.
SELDOM = frozenset({"note_elsewhere"})
# One key for what is done every few minutes; `keys.js` presses the button that bears it.
KEYS = {
    "classify": "l",
    "prioritise": "p",
    "assign": "a",
    "escalate": "u",
    "put_on_hold": "h",
    "resume": "h",
    "resolve": "r",
    "fulfil": "r",
    "close": "q",
    "edit": "e",
}


@dataclass(frozen=True)
class Button:
    """A verb to press: where it leads, and why not now."""

    verb: str
    words: str
    url: str
    help: str
    why_not: str
    asks: bool  # has a form to fill in; without one it is done at once
    key: str = ""


@dataclass(frozen=True)
class Bar:
    """The next step, what else can be done in this state, and the rest."""

    primary: Button | None
    others: list[Button]
    more: list[Button]


def bar(record: Record, user: User) -> Bar:
    """The verbs of the kind's lifecycle, sorted by how near they lie."""
    primary: Button | None = None
    others, more, idle, not_now = [], [], record.nothing_for(), record.not_now()
    for action in shown(type(record)):
        answer = action.may(user, record, not_now=not_now)
        if answer and action.verb in idle:
            answer = Answer(False, idle[action.verb])
        button = _button(action, record, answer)
        aside = action.verb in idle or action.verb in TAKING_AWAY | SELDOM
        if aside or not _is_possible(action, record, not_now):
            more.append(button)
        elif primary is None and answer and _leads_on(action, record):
            primary = button
        else:
            others.append(button)
    return Bar(primary, others, sorted(more, key=lambda button: bool(button.why_not)))


def may(record: Record, user: User, verb: str) -> bool:
    """May this user do this verb of the record's kind now, if the kind has it?"""
    action = registry.get(f"{record.collection}.{verb}")
    return bool(action and action.may(user, record))


@functools.cache
def shown(model: type[Record]) -> list[Action]:
    """The verbs of a kind that people are shown as buttons, in the order of its lifecycle."""
    own = [a for a in registry.values() if a.model is model and not a.creates]
    # Content in the form of JSON is written on a page made for it, never typed.
    own = [a for a in own if not _asks_json(a)]
    order = own[0].lifecycle.verbs if own else []
    # What the software alone does is no button.
    listed = [a for a in own if a.verb not in PLACED and a.who is not system]
    # The lifecycle tells the order; correcting what is written comes last.
    return sorted(listed, key=lambda a: (a.verb == "edit", _place(order, a.verb)))


def _asks_json(action: Action) -> bool:
    return action.name not in DRAWN and any(
        isinstance(field, JSONField) for field in action.form_class.base_fields.values()
    )


def _place(order: list[str], verb: str) -> int:
    return order.index(verb) if verb in order else len(order)


def _button(action: Action, record: Record, answer: Answer) -> Button:
    return Button(
        action.verb,
        words.label(action.verb),
        f"{record.url}{action.verb}/",
        action.help.split("\n")[0],
        answer.reason,
        bool(action.form_class.base_fields),
        KEYS.get(action.verb, ""),
    )


def _is_possible(action: Action, record: Record, not_now: Mapping[str, str]) -> bool:
    move = action.lifecycle.move(action.verb, record.state)
    if action.verb in not_now:
        return False
    return move is not None or not action.lifecycle.has(action.verb)


def _leads_on(action: Action, record: Record) -> bool:
    """Does it bring an open record nearer to its end?"""
    move = action.lifecycle.move(action.verb, record.state)
    if action.verb in NEVER_NEXT or not record.is_open:
        return False
    if move is None or move.end in (None, record.state):
        return False
    return tones.state(record.of_kind, str(move.end))[1] != "wait"
