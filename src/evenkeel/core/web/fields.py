"""The fields of a verb's form as a page draws them: what each asks, and in which shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from evenkeel.core.people import manner
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, Wanted
from evenkeel.core.rules import Action
from evenkeel.core.rules.inputs import ReferenceField, reference

FEW = 4  # so many choices are all shown at once
# Keys that only a page's own buttons name: they are carried along, never asked for.
CARRIED = frozenset({"comment", "step", "task"})
SHAPES: tuple[tuple[type[forms.Field], str], ...] = (
    (ReferenceField, "reference"),
    (forms.FileField, "file"),
    (forms.BooleanField, "checkbox"),
    (forms.DateTimeField, "datetime-local"),
    (forms.DateField, "date"),
    (forms.DecimalField, "number"),
    (forms.IntegerField, "number"),
    (forms.EmailField, "email"),
)
WIDGETS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
)


@dataclass(frozen=True)
class Drawn:
    """One field of a form."""

    name: str
    label: str
    help: str
    shape: str
    value: str
    required: bool
    choices: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    max_length: int | None = None
    suggest: str = ""  # what the suggestions are: "account", a kind, or "record" for any

    @property
    def may_be_left_out(self) -> bool:
        """Can it be empty? A choice that always holds one of its values cannot."""
        return not (self.required or (self.choices and self.choices[0][0]))

    @property
    def is_wide(self) -> bool:
        """Does it need the whole width?"""
        return self.shape in ("textarea", "radio", "file") or self.name == "title"


def drawn(
    action: Action,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    wants: Mapping[str, Wanted] | None = None,
) -> list[Drawn]:
    """The fields of a verb with these values in them, as the record wants them."""
    fields = action.form_class.base_fields
    found = [
        _drawn(name, asked, values.get(name), errors.get(name, []), needed=needed(action, name))
        for name, asked in fields.items()
        if not is_carried(name, asked)
    ]
    wants = wants or {}
    return [_wanted(one, wants[one.name]) if one.name in wants else one for one in found]


def _wanted(field: Drawn, wanted: Wanted) -> Drawn:
    only = None if wanted.only is None else {"", field.value, *wanted.only}
    return replace(
        field,
        required=field.required or wanted.is_needed,
        help=wanted.help or field.help,
        choices=[one for one in field.choices if only is None or one[0] in only],
    )


def needed(action: Action, name: str) -> bool:
    """Must it be filled in? On a page an edit sends the whole form, REST only what it edits."""
    if name in action.fields:
        return not getattr(action.model._meta.get_field(name), "blank", True)
    return action.form_class.base_fields[name].required


def carried(action: Action, values: Mapping[str, Any]) -> dict[str, str]:
    """The keys that the form carries along."""
    fields = action.form_class.base_fields
    return {n: str(values[n]) for n, f in fields.items() if is_carried(n, f) and values.get(n)}


def is_carried(name: str, asked: forms.Field) -> bool:
    """Is it a key, which nobody types?"""
    return name in CARRIED and isinstance(asked, forms.IntegerField)


def begun(action: Action, record: Record, asked: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the form when it opens: the record's own values, or what the address says.

    What a verb leaves open stays open: another value would be a decision that nobody took. What it
    asks for in free words is written anew.
    """
    names = action.form_class.base_fields
    known = {column.name for column in record._meta.concrete_fields}
    own = {name: asks.initial for name, asks in names.items()}
    for name, asks in names.items():
        is_chosen = asks.required and isinstance(asks, ReferenceField | forms.ChoiceField)
        if name in action.fields or (is_chosen and name in known and not asks.initial):
            own[name] = getattr(record, name)
    own |= record.begun(action.verb)
    return own | {name: asked[name] for name in names if name in asked}


def said(asked: forms.Field, text: str) -> str:
    """What stands in a field, in words."""
    listed: Any = asked.choices if isinstance(asked, forms.ChoiceField) else ()
    return next((str(words) for value, words in listed if str(value) == text), text)


def written(asked: forms.Field, value: Any) -> str:
    """A value as it stands in a field."""
    if value is None or value is False:
        return ""
    if isinstance(value, User):
        return f"{value} ({value.username})" if value.full_name else value.username
    if isinstance(value, Record):
        return f"{value.number} {value.title}"
    if isinstance(value, models.Model):
        return reference(value)
    if isinstance(value, datetime):
        return manner.current().here(value).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def _drawn(name: str, asked: forms.Field, value: Any, errors: list[str], *, needed: bool) -> Drawn:
    is_set = bool(needed or asked.initial)
    choices = _choices(asked, is_set=is_set) if isinstance(asked, forms.ChoiceField) else []
    shape = "radio" if is_set and 0 < len(choices) <= FEW else _shape(asked)
    text = "" if shape == "password" else written(asked, value)
    if shape == "select" and is_set and text not in dict(choices):
        # The first is not what somebody meant, and what was meant may be retired.
        text, choices = "", [("", "Choose …"), *choices]
    return Drawn(
        name,
        str(asked.label or name.replace("_", " ").capitalize()),
        str(asked.help_text),
        shape,
        text,
        needed,
        choices,
        errors,
        getattr(asked, "max_length", None) if shape in ("text", "textarea") else None,
        _suggest(asked) if isinstance(asked, ReferenceField) else "",
    )


def _shape(asked: forms.Field) -> str:
    for kind, shape in SHAPES:
        if isinstance(asked, kind):
            return shape
    if isinstance(asked, forms.ChoiceField):
        return "select"
    return next((name for kind, name in WIDGETS if isinstance(asked.widget, kind)), "text")


def _choices(asked: forms.ChoiceField, *, is_set: bool) -> list[tuple[str, str]]:
    listed: list[tuple[Any, Any]] = list(asked.choices)  # type: ignore[arg-type]  # never grouped
    pairs = [(str(value), str(words)) for value, words in listed]
    if is_set:
        return [(value, words) for value, words in pairs if value]
    return [(value, words if value else "–") for value, words in pairs]


def _suggest(asked: ReferenceField) -> str:
    if issubclass(asked.model, User):
        return "account"
    return asked.model.kind() or "record" if issubclass(asked.model, Record) else ""
