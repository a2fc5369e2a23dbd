"""The one way to change a record.

An action is written once and is offered by the page, REST, the command line and the jobs alike.
Around the body of each action this module does, in this order: lock, permission, state, body,
validate, save, entry, what must happen in the same transaction, and publish after commit.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.database.writing import insert, update
from evenkeel.core.people.models import User
from evenkeel.core.records import entry as entries
from evenkeel.core.records import numbering, visibility
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules.difference import difference, news, plain, values
from evenkeel.core.rules.explaining import explained
from evenkeel.core.rules.inputs import (
    InputsForm,
    Invalid,
    input_fields,
    inside_inputs,
    model_field,
)
from evenkeel.core.rules.lifecycle import Lifecycle
from evenkeel.core.rules.permissions import Answer, Denied, Who, nobody
from evenkeel.core.rules.validating import is_set, validate

registry: dict[str, "Action"] = {}  # "incidents.resolve" -> Action
# Called when the body is done and nothing is written, with the values before.
turning: list[Callable[[Record, Mapping[str, Any], "Doing"], None]] = []
within: list[Callable[[Record, Entry], None]] = []  # called in the transaction of the action
subscribers: list[Callable[[Entry], None]] = []  # called after commit


class Doing(NamedTuple):
    """A verb, by whom and when."""

    verb: str
    by: User
    at: datetime


_way: ContextVar[str] = ContextVar("the surface by which a verb is done", default=Via.CODE)


@contextmanager
def going_by(via: str) -> Iterator[None]:
    """Let what is done meanwhile be done by that surface."""
    outer = _way.set(via)
    try:
        yield
    finally:
        _way.reset(outer)


class Stale(Exception):
    """Somebody else was faster: the record is no longer in the version that was read."""

    def __init__(self, record: Record, expected: int) -> None:
        super().__init__(
            f"{record.number} was edited since you opened it: you have version {expected},"
            f" it is now version {record.version}. Nothing was overwritten."
        )
        self.record, self.expected = record, expected


class Action:
    """A verb of one kind of record."""

    def __init__(self, rules: "ActionRules", body: Callable[..., Any], **options: Any) -> None:
        functools.update_wrapper(self, body)
        self.verb: str = body.__name__
        self.name = f"{rules.model.collection}.{self.verb}"
        self.rules = rules
        self.model, self.lifecycle, self.body = rules.model, rules.lifecycle, body
        # Without a row nobody may; the system check names it.
        self.who: Who = rules.permissions.get(self.verb, nobody)
        self.creates = rules.lifecycle.is_start(self.verb)
        self.audience = Audience.PUBLIC if options.get("public") else Audience.INTERNAL
        self.fields: tuple[str, ...] = options.get("fields", ())  # set on the record as they are
        self.redacts = bool(options.get("redacts"))  # its entry does not tell what it took out
        self.help = explained(body)
        registry[self.name] = self

    @functools.cached_property
    def inside_inputs(self) -> frozenset[str]:
        """What it was told that only those inside may read."""
        return inside_inputs(self.body)

    @functools.cached_property
    def form_class(self) -> type[InputsForm]:
        """One form for page, REST and command, made on first use, when all models are there."""
        required = None if self.creates else False
        fields = {name: model_field(self.model, name, required=required) for name in self.fields}
        fields |= input_fields(self.body, self.model, {"by", "at"})
        return type(f"{self.name}.form", (InputsForm,), fields)

    def clean(
        self, raw: Mapping[str, Any], *, by: User, files: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Turn text or JSON into the inputs of the verb; only given fields of the record are set.

        Raises Invalid, naming each field and the reason.
        """
        fields = self.form_class.base_fields
        absent = {n for n in self.fields if n not in raw and not fields[n].required}
        form = self.form_class(raw, files, without=absent)
        form.asked_by(by)
        if not form.is_valid():
            raise Invalid(
                {k.replace("__all__", ""): [str(why) for why in v] for k, v in form.errors.items()}
            )
        unset = {name for name in self.fields if name not in raw or _keeps_default(self, name, raw)}
        given = {name: value for name, value in form.cleaned_data.items() if name not in unset}
        defaults = {name for name, field in form.base_fields.items() if field.initial}
        return {k: v for k, v in given.items() if k not in defaults or v not in (None, "")}

    def may(
        self, user: User, record: Record, *, not_now: Mapping[str, str] | None = None
    ) -> Answer:
        """Would this action be accepted now? The pages ask before they draw a button.

        Who asks for many verbs hands in `record.not_now()`, to have it worked out once.
        """
        governed = not self.creates and self.lifecycle.has(self.verb)
        if governed and not self.lifecycle.move(self.verb, record.state):
            state = self.lifecycle.label(record.state).lower()
            return Answer(False, f"Not possible while it is {state}.")
        if why_not := (record.not_now() if not_now is None else not_now).get(self.verb):
            return Answer(False, why_not)
        return self.who(visibility.standing(user, record), record)

    def __call__(
        self,
        record: Record,
        *,
        by: User,
        at: datetime | None = None,
        via: str = "",
        expected_version: int | None = None,
        **inputs: Any,
    ) -> Any:
        """Do it, or raise Denied, Stale or Invalid and leave everything as it was.

        `at` is the moment at which it is done (now); `expected_version` the version last read;
        `via` the surface, which what the verb does to other records is done by, too.
        """
        moment, via = at or timezone.now(), via or _way.get()
        with transaction.atomic(), going_by(via):
            if not (is_new := record._state.adding):
                record = self._locked(record, expected_version)
            before = {} if is_new else values(record)
            given = self.perform(record, by=by, at=moment, inputs=inputs)
            doing = Doing(self.verb, by, moment)
            for turn in turning:
                turn(record, before, doing)
            entry = self._write(record, before, doing, via, given)
            for hear in within:
                hear(record, entry)
            transaction.on_commit(functools.partial(publish, entry))
        return record

    def perform(
        self, record: Record, *, by: User, at: datetime, inputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Permission, state and body, on the record in memory; answers what else the verb was told.

        Half of the frame: whoever calls it alone writes the record and its entry in bulk.
        """
        for name in set(self.fields) & set(inputs):
            setattr(record, name, inputs[name])
        if self.creates:  # whoever records asks for themselves, unless they name another
            record.requester = record.requester or by
        if not (answer := self.may(by, record)):
            raise Denied(answer.reason)
        rest = {name: value for name, value in inputs.items() if name not in self.fields}
        given = self.body(record, by=by, at=at, **rest)
        self._move(record, at)
        return given or plain(rest, record)

    def _locked(self, record: Record, expected: int | None) -> Record:
        locked: Record = _locking(self.model).records(record.pk)[0]
        if expected is not None and expected != locked.version:
            raise Stale(locked, expected)
        return locked

    def _move(self, record: Record, moment: datetime) -> None:
        move = self.lifecycle.move(self.verb, record.state or None)
        if move and move.end:
            record.state = move.end
        record.is_open = record.state not in self.lifecycle.closed
        record.closed_at = None if record.is_open else record.closed_at or moment
        has = [
            name for name in self.lifecycle.requires.get(record.state, ()) if is_set(record, name)
        ]
        if missing := self.lifecycle.missing(record.state, has):
            state = self.lifecycle.label(record.state).lower()
            raise Invalid({name: [f"Needed before it can be {state}."] for name in missing})

    def _write(
        self,
        record: Record,
        before: dict[str, Any],
        doing: Doing,
        via: str,
        given: dict[str, Any],
    ) -> Entry:
        number = numbering.take(self.model.kind()) if record._state.adding else 0
        changed, entry = self.enter(record, before, doing, via, given, number)
        _save(record, changed if before else None)
        entry.record = record
        insert(entry)
        return entry

    def enter(
        self,
        record: Record,
        before: dict[str, Any],
        doing: Doing,
        via: str,
        given: dict[str, Any],
        number: int,
    ) -> tuple[dict[str, list[Any]], Entry]:
        """What the verb changed, and its entry; both are still to be written."""
        changed = difference(before, values(record))
        validate(record, [name for name in changed if name in before or not before])
        if not before:
            record.of_kind = self.model.kind()
            record.recorded_at = doing.at
            record.number = f"{self.model.prefix}-{number}"
        elif news(record, changed).keys() - self.model.worked_out:
            record.version += 1
        record.edited_at = doing.at
        entry = entries.append(
            record,
            verb=self.name,
            actor=doing.by,
            at=doing.at,
            written_at=timezone.now(),
            via=via,
            audience=given.get("audience", self.audience),
            difference={} if self.redacts else news(record, changed),
            given=given,
        )
        return changed, entry


@functools.cache
def _locking(model: type[Record]) -> Compiled:
    return Compiled(lambda key: model.objects.select_for_update().filter(pk=key), -1)


class ActionRules:
    """What the verbs of one kind share: model, lifecycle, permissions."""

    def __init__(
        self, model: type[Record], lifecycle: Lifecycle, permissions: Mapping[str, Who]
    ) -> None:
        self.model, self.lifecycle, self.permissions = model, lifecycle, permissions


KEPT = ("version", "chain_length", "chain_head", "edited_at")


def _save(record: Record, changed: Mapping[str, Any] | None) -> None:
    """Insert, or update just the columns that the action moved and those the frame keeps."""
    if changed is None:
        insert(record)
    else:
        update(record, [*changed, *KEPT])


def _keeps_default(action: Action, name: str, raw: Mapping[str, Any]) -> bool:
    """A field that has a default and was left empty in the form of a new record."""
    column = action.model._meta.get_field(name)
    return action.creates and raw[name] in {"", None} and column.has_default()  # type: ignore[union-attr]


@functools.cache
def lifecycles() -> dict[str, Lifecycle]:
    """Kind -> its table."""
    return {action.model.kind(): action.lifecycle for action in registry.values()}


def publish(entry: Entry) -> None:
    """Tell those who hear of what is written for good."""
    for hear in subscribers:
        hear(entry)
