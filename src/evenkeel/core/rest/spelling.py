"""How JSON spells what a form asks for: one table for checking a body and for describing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True)
class Spelling:
    """The JSON Schema of a type, its test, and the sentence for what is not of it."""

    schema: dict[str, Any]
    takes: Callable[[Any], bool]
    asks: str


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


TEXT = Spelling({"type": "string"}, lambda value: isinstance(value, str), "Give a text.")
WHOLE = Spelling({"type": "integer"}, lambda value: type(value) is int, "Give a whole number.")
MOMENT = Spelling(
    {"type": "string", "format": "date-time"}, lambda value: isinstance(value, str), "Give a text."
)
FILE = Spelling(
    {"type": "string", "format": "binary"},
    lambda value: False,
    "Send the file as multipart/form-data.",
)
# In this order, for some kinds of field are kinds of another.
_TABLE: tuple[tuple[type[forms.Field], Spelling], ...] = (
    (
        forms.BooleanField,
        Spelling({"type": "boolean"}, lambda value: isinstance(value, bool), "Give true or false."),
    ),
    (forms.JSONField, Spelling({}, lambda value: True, "")),
    (forms.DecimalField, Spelling({"type": "number"}, _is_number, "Give a number.")),
    (forms.FloatField, Spelling({"type": "number"}, _is_number, "Give a number.")),
    (forms.IntegerField, WHOLE),
    (forms.DateTimeField, MOMENT),
    (forms.DateField, Spelling({"type": "string", "format": "date"}, TEXT.takes, TEXT.asks)),
    (
        forms.MultipleChoiceField,
        Spelling(
            {"type": "array", "items": {"type": "string"}}, _is_texts, "Give a list of texts."
        ),
    ),
    (forms.FileField, FILE),
)


def of(field: forms.Field) -> Spelling:
    """The spelling of a form's field; whatever has no other is a text."""
    if isinstance(field, forms.TypedChoiceField) and field.coerce is int:
        return WHOLE
    return next((spelling for kind, spelling in _TABLE if isinstance(field, kind)), TEXT)
