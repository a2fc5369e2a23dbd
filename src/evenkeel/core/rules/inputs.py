"""The inputs of a verb: from its keyword-only parameters and the model's fields, one form for all.

Page, REST and command give text or JSON; the form of the verb cleans it, with errors that name
the field and the reason.
"""

import inspect
import types
import typing
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django import forms
from django.core.files import File
from django.db import models

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people import manner
from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.record import Record


@dataclass(frozen=True)
class Asked:
    """How to ask for an input that is not a field of the record: label, help, choices."""

    label: str = ""
    help_text: str = ""
    long: bool = False
    choices: Callable[[], list[tuple[Any, str]]] | None = None
    max_length: int = 10_000
    secret: bool = False  # never shown again, never kept
    inside: bool = False  # read by those inside only, even where the entry is public


Text = Annotated[str, Asked(long=True)]


class Invalid(Exception):
    """The inputs were refused; `errors` maps each field to its reasons ("" is the whole)."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(
            "; ".join(f"{name or 'record'}: {' '.join(why)}" for name, why in errors.items())
        )
        self.errors = errors


class ReferenceField(forms.CharField):
    """Names one account (by login) or one record (by number) among those the asker may see."""

    def __init__(self, model: type[models.Model], **options: Any) -> None:
        self.model = model
        self.asker: User | None = None
        super().__init__(max_length=120, **options)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, self.model):
            return value
        name = citation(str(value), account=issubclass(self.model, User))
        found = None if "\x00" in name else self._named(name)  # which PostgreSQL cannot compare
        if found is None:
            raise forms.ValidationError(self._why_not(name, value))
        return found

    def _why_not(self, name: str, value: Any) -> str:
        """What is named by mistake is called by what it is, to those who may know of it."""
        wanted = self.model._meta.verbose_name
        is_none = issubclass(self.model, User) or "\x00" in name
        other = None if is_none else readable.one(Record, name.upper(), self.asker)
        if other is None:
            return f"There is no {wanted} “{value}”."
        return f"{other} is no {wanted}: its kind is {other.of_kind.replace('_', ' ')}."

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The lengths of a text do not concern what was found."""

    def prepare_value(self, value: Any) -> Any:
        return reference(value) if isinstance(value, models.Model) else value

    def _named(self, name: str) -> models.Model | None:
        if issubclass(self.model, User):
            return next(iter(_ACCOUNT.records(name)), None)
        if not issubclass(self.model, Record):
            raise TypeError(f"{self.model} cannot be named in a form")
        found: Record | None = readable.one(self.model, name.upper(), self.asker)
        return found


_ACCOUNT = Compiled(lambda name: User.objects.filter(username__iexact=name, is_active=True), "x")


def citation(text: str, *, account: bool) -> str:
    """The login or number in what a field holds: "Nils Aune (nils)" or "INC-7 Mail is down"."""
    text = text.strip()
    if account and text.endswith(")") and "(" in text:
        return text.rpartition("(")[2].removesuffix(")")
    return text.split(" ", 1)[0]


def reference(value: models.Model) -> str:
    """The name by which an account or a record is cited on every surface."""
    return value.username if isinstance(value, User) else str(getattr(value, "number", value.pk))


class InputsForm(forms.Form):
    """The form of one verb; its fields are made from the verb's signature.

    Django copies each field for each form: who leaves most of them out is served much faster.
    """

    def __init__(self, *given: Any, without: Collection[str] = (), **options: Any) -> None:
        if without:
            kept = {k: v for k, v in self.base_fields.items() if k not in without}
            self.base_fields = kept  # type: ignore[misc]  # of this form alone
        super().__init__(*given, **options)

    def full_clean(self) -> None:
        """By the clock of whoever types; the verb itself goes by that of the place."""
        with manner.typing():
            super().full_clean()

    def asked_by(self, user: User) -> None:
        """Let references find only what this user may see."""
        for field in self.fields.values():
            if isinstance(field, ReferenceField):
                field.asker = user


def input_fields(
    body: Callable[..., Any], model: type[Record], taken: set[str]
) -> dict[str, forms.Field]:
    """The form fields for the keyword-only parameters of a verb's body, in their order."""
    hints = typing.get_type_hints(body, include_extras=True)
    fields: dict[str, forms.Field] = {}
    for name, parameter in inspect.signature(body).parameters.items():
        if parameter.kind is not parameter.KEYWORD_ONLY or name in taken:
            continue
        required = parameter.default is parameter.empty
        fields[name] = _bounded(_field(name, hints[name], model, required=required))
        if not required and parameter.default:
            fields[name].initial = parameter.default
    return fields


def inside_inputs(body: Callable[..., Any]) -> frozenset[str]:
    """The inputs of a verb that only those inside may read."""
    hints = typing.get_type_hints(body, include_extras=True)
    return frozenset(
        name
        for name, hint in hints.items()
        if any(
            isinstance(said, Asked) and said.inside for said in getattr(hint, "__metadata__", ())
        )
    )


def model_field(model: type[Record], name: str, *, required: bool | None = None) -> forms.Field:
    """The form field for a field of the model; references are named, not picked by key."""
    column = model._meta.get_field(name)
    if isinstance(column, models.ForeignKey):
        return ReferenceField(
            _target(column),
            required=not column.blank if required is None else required,
            label=str(column.verbose_name).capitalize(),
            help_text=str(column.help_text),
        )
    field: forms.Field | None = column.formfield()  # type: ignore[union-attr]  # no relation here
    if field is None:
        raise TypeError(f"{model.__name__}.{name} cannot be asked for in a form")
    if name == "title":
        field.label, field.help_text = model.titled
    if required is not None:
        field.required = required
    if column.has_default():  # type: ignore[union-attr]  # left out, it keeps its default
        field.required = False
    return _bounded(field)


def _bounded(field: forms.Field) -> forms.Field:
    """PostgreSQL keeps years that Python cannot read back, so no such year is taken."""
    if isinstance(field, forms.DateField | forms.DateTimeField):
        field.validators = [*field.validators, _is_of_our_time]
    return field


def _is_of_our_time(day: date) -> None:
    if not 1900 <= day.year <= 2999:
        raise forms.ValidationError("Give a year from 1900 to 2999.")


def _target(column: models.ForeignKey[Any, Any]) -> type[models.Model]:
    """The kind a foreign key means: `Record.service` means the kind that its limit names."""
    limit = column.get_limit_choices_to()
    if column.related_model is Record and isinstance(limit, dict) and "of_kind" in limit:
        from evenkeel.core.records.record import kinds  # noqa: PLC0415  (filled when apps are up)

        return kinds().get(limit["of_kind"], Record)
    return column.related_model


def _field(name: str, hint: Any, model: type[Record], *, required: bool) -> forms.Field:
    asked = Asked()
    if typing.get_origin(hint) is Annotated:
        hint, *extras = typing.get_args(hint)
        asked = next((extra for extra in extras if isinstance(extra, Asked)), asked)
    base = _without_none(hint)
    if typing.get_origin(base) is Annotated:
        base, *extras = typing.get_args(base)
        asked = next((extra for extra in extras if isinstance(extra, Asked)), asked)
    known = {column.name for column in model._meta.get_fields()}
    if name in known and asked == Asked():
        return model_field(model, name, required=required)
    label = asked.label or name.replace("_", " ").capitalize()
    return _made(base, asked, required=required, label=label, help_text=asked.help_text)


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        return rest[0]
    return hint


def _made(base: Any, asked: Asked, **options: Any) -> forms.Field:
    if asked.choices:
        coerce = base if base in (int, str) else str
        return forms.TypedChoiceField(
            choices=_with_blank(asked.choices, required=options["required"]),
            coerce=coerce,
            empty_value=None if base is int else "",
            **options,
        )
    if isinstance(base, type) and issubclass(base, models.TextChoices):
        choices = [("", "—"), *base.choices] if not options["required"] else base.choices
        return forms.TypedChoiceField(choices=choices, coerce=base, empty_value=None, **options)
    if isinstance(base, type) and issubclass(base, models.Model):
        return ReferenceField(base, **options)
    plain: dict[Any, type[forms.Field]] = {
        File: forms.FileField,
        bool: forms.BooleanField,
        int: forms.IntegerField,
        datetime: forms.DateTimeField,
        date: forms.DateField,
        dict: forms.JSONField,
    }
    if base is bool:
        options["required"] = False
    if base in plain:
        return plain[base](**options)
    widget = forms.Textarea if asked.long else forms.TextInput
    if asked.secret:
        return forms.CharField(max_length=128, strip=False, widget=forms.PasswordInput, **options)
    return forms.CharField(max_length=asked.max_length, widget=widget, **options)


def _with_blank(
    choices: Callable[[], list[tuple[Any, str]]], *, required: bool
) -> Callable[[], list[tuple[Any, str]]]:
    """Choices are read when the form is drawn, for they are data."""
    return choices if required else lambda: [("", "—"), *choices()]
