"""What a person sees of a record: declared once, drawn by pages, REST and CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.core.rules.inputs import reference

screens: dict[str, "Screen"] = {}  # "incidents" -> Screen


@dataclass(frozen=True)
class Group:
    """Fields that are shown together under a title."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """The columns, filters and groups of one kind of record."""

    model: type[Record]
    columns: tuple[str, ...]
    filters: tuple[str, ...]
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        screens[self.model.collection] = self

    def shown(self, names: tuple[str, ...], user: User) -> tuple[str, ...]:
        """Those of the fields that this user may see."""
        if visibility.is_inside(user, self.model.kind()):
            return names
        return tuple(name for name in names if name not in self.model.inside_fields)

    def filtered(self, user: User, params: Mapping[str, str]) -> models.QuerySet[Any]:
        """The records this user may see that match, newest first.

        Raises Invalid for a value that the field cannot have. A field that is hidden from the
        user is no filter either, for its values could be guessed by filtering.
        """
        wanted: dict[str, Any] = {}
        for name in self.shown(self.filters, user):
            if value := params.get(name):
                wanted |= _condition(self._field(name), value)
        columns = (*self.columns, *self.filters)
        related = sorted({name for name in columns if self._field(name).is_relation})
        records: models.QuerySet[Any] = self.model.objects.visible_to(user).filter(**wanted)
        if related:  # without names, every relation that may not be null would be followed
            records = records.select_related(*related)
        return records.order_by("-recorded_at", "-pk")

    def panels(self, record: Record, user: User) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
        """Each group's title with the labels and values that this user may see."""
        for group in self.groups:
            names = self.shown(group.fields, user)
            if names:
                rows = [(str(self._field(n).verbose_name), _value(record, n)) for n in names]
                yield group.title, rows

    def as_dict(self, record: Record, user: User) -> dict[str, Any]:
        """The same fields by name, in plain values, for REST and CSV."""
        grouped = (name for group in self.groups for name in group.fields)
        names = dict.fromkeys((*self.columns, *grouped))  # each once, in this order
        values = {name: getattr(record, name) for name in self.shown(tuple(names), user)}
        return {
            name: reference(value) if isinstance(value, models.Model) else as_plain(value)
            for name, value in values.items()
        }

    def _field(self, name: str) -> "models.Field[Any, Any]":
        field = self.model._meta.get_field(name)
        if not isinstance(field, models.Field):
            raise TypeError(f"{name} of {self.model.collection} cannot be shown.")
        return field


def _condition(field: "models.Field[Any, Any]", value: str) -> dict[str, Any]:
    if isinstance(target := field.related_model, type):
        key = "username" if hasattr(target, "username") else "number"
        return {f"{field.name}__{key}__iexact": value}
    try:
        return {field.name: field.to_python(value)}
    except ValidationError as refused:
        raise Invalid({field.name: list(refused.messages)}) from refused


def _value(record: Record, name: str) -> Any:
    """The value in words where the field has a fixed choice of them."""
    words = getattr(record, f"get_{name}_display", None)
    return words() if words else getattr(record, name)
