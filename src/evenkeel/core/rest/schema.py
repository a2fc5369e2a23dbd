"""Fields as JSON Schema: what a verb takes (its form) and what a record shows (its model)."""

from typing import Any

from django import forms
from django.db import models
from django.utils.choices import CallableChoiceIterator

from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rest import spelling
from evenkeel.core.rest.body import FORM
from evenkeel.core.rules import Action, registry
from evenkeel.core.rules.inputs import ReferenceField
from evenkeel.core.web.screen import Screen

Schema = dict[str, Any]

TEXT: Schema = spelling.TEXT.schema
MOMENT: Schema = spelling.MOMENT.schema
WHOLE: Schema = spelling.WHOLE.schema
LOGIN: Schema = {"type": ["string", "null"], "description": "The login of an account."}


def inputs(action: Action, media_type: str) -> Schema:
    """The body of a verb, as JSON or as a form with files."""
    fields = action.form_class.base_fields
    return closed(
        {name: _input(field, media_type) for name, field in fields.items()},
        required=[name for name, field in fields.items() if field.required],
    )


def item(screen: Screen, names: tuple[str, ...]) -> Schema:
    """A record as the API shows it; a field that the caller may not see is left out."""
    return {name: shown(screen.field(name)) for name in names}


def shown(field: "models.Field[Any, Any]") -> Schema:
    """The value of a field of a record."""
    said = {"description": str(field.help_text or field.verbose_name)}
    if isinstance(target := field.related_model, type):
        what = "login" if issubclass(target, User) else "number"
        return _or_null(TEXT, always=field.null) | {
            "description": f"{said['description']} ({what})"
        }
    if isinstance(field, models.JSONField):
        return said
    made = _or_null(_column(field), always=field.null)
    return made | said


def closed(properties: Schema, *, required: list[str]) -> Schema:
    """An object with these members and no others."""
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": required} if required else {})


def _column(field: "models.Field[Any, Any]") -> Schema:
    if field.name == "state" and issubclass(field.model, Record):
        return TEXT
    match field:
        case models.BooleanField():
            return {"type": "boolean"}
        case models.DateTimeField():
            return MOMENT
        case models.IntegerField():
            return WHOLE
    return TEXT


def _input(field: forms.Field, media_type: str) -> Schema:
    """One input: its type, its bounds and the words that the page has for it."""
    if media_type == FORM:
        made = _typed(field)
    else:
        made = _or_null(_typed(field), always=not field.required)
    name = _name_of(field.model) if isinstance(field, ReferenceField) else ""
    words = {"title": str(field.label or ""), "description": f"{field.help_text} {name}".strip()}
    default = {} if field.initial is None else {"default": as_plain(field.initial)}
    return made | {word: said for word, said in words.items() if said} | default


def _typed(field: forms.Field) -> Schema:
    made = dict(spelling.of(field).schema)
    match field:
        case forms.IntegerField() if made == WHOLE:
            return made | _bounds(minimum=field.min_value, maximum=field.max_value)
        case ReferenceField():
            return made | {"maxLength": 120}
        case forms.ChoiceField() if made == TEXT:
            return made | _choices(field)
        case forms.CharField() if made == TEXT:
            least = 1 if field.required else None
            return made | _bounds(minLength=least, maxLength=field.max_length)
    return made


def _name_of(target: type[models.Model]) -> str:
    """By what a reference is named."""
    if issubclass(target, User):
        return "The login of an account."
    return f"The number of a record ({target._meta.verbose_name})."


def _choices(field: forms.ChoiceField) -> Schema:
    """Choices that stand in the code; those that are data are checked when they come."""
    if isinstance(field.choices, CallableChoiceIterator):
        return {}
    return {"enum": [str(value) for value, _ in field.choices]}  # type: ignore[union-attr]


def _bounds(**bounds: Any) -> Schema:
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _or_null(schema: Schema, *, always: bool) -> Schema:
    if not always or "type" not in schema:
        return dict(schema)
    nullable = dict(schema) | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def creating(collection: str) -> Action | None:
    """The verb that records one of a collection."""
    return registry.get(f"{collection}.record")
