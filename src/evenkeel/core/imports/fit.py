"""A mapping fitted to the kind of record it fills: the columns, and what they can hold."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.mapping import Refused
from evenkeel.core.imports.profile import FieldMapping, FileMapping, WrongProfile
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rules.action import registry
from evenkeel.core.rules.lifecycle import Lifecycle

Field: TypeAlias = "models.Field[Any, Any]"
Check = Callable[[Any], str]  # "" or what is wrong with the value


class Fit:
    """The kind of record that a mapping fills."""

    def __init__(self, mapping: FileMapping) -> None:
        self.mapping = mapping
        self.model = kind_of(mapping)
        self.lifecycle = _lifecycle(self.model)
        self.fields = [self._field(one) for one in mapping.fields]
        self.columns = {field.attname: field for _, field, _ in self.fields}

    def values(self, fields: Mapping[str, Any], teams: Mapping[str, int]) -> dict[str, Any]:
        """The values by column; what the row leaves open stands as the field has it unsaid."""
        flaws, values = [], {}
        for mapping, field, check in self.fields:
            value = fields[mapping.name]
            if value is None:
                value = field.get_default()
            elif mapping.is_team:
                value = teams.get(value)
            elif isinstance(value, Decimal):
                value = _as_kept(value, field)
            elif wrong := check(value):
                column = mapping.columns[0] if mapping.columns else mapping.made_of
                flaws.append(Flaw(mapping.name, column, str(value), wrong))
            values[field.attname] = value
        if flaws:
            raise Refused(flaws)
        if "state" in values:
            values["is_open"] = values["state"] not in self.lifecycle.closed
        return values

    def cut(self, fields: dict[str, Any]) -> None:
        """Shorten the texts that the profile itself puts together; the row keeps their parts."""
        for mapping, field, _ in self.fields:
            text = fields[mapping.name]
            if mapping.made_of and isinstance(text, str) and field.max_length:
                fields[mapping.name] = text[: field.max_length]

    def team_names(self, fields: Mapping[str, Any]) -> list[str]:
        """The teams that a row names."""
        names = (fields[mapping.name] for mapping, _, _ in self.fields if mapping.is_team)
        return [name for name in names if name]

    def _field(self, one: FieldMapping) -> tuple[FieldMapping, Field, Check]:
        try:
            field = self.model._meta.get_field(one.name)
        except FieldDoesNotExist:
            known = sorted(field.name for field in self.model._meta.concrete_fields)
            raise WrongProfile(
                f'[files.{self.mapping.name}.fields] names "{one.name}", which is no field of'
                f" {self.model.collection}. They have {', '.join(known)}."
            ) from None
        if one.name == "state":
            return one, cast(Field, field), _among(self.lifecycle.states.values)
        return one, cast(Field, field), _check(cast(Field, field))


def kind_of(mapping: FileMapping) -> type[Record]:
    """The kind of record that the rows of a mapping are, or are about."""
    known = collections()
    if mapping.collection not in known:
        raise WrongProfile(
            f'[files.{mapping.name}] fills "{mapping.collection}", which is not a collection here.'
            f" There are {', '.join(sorted(known))}."
        )
    return known[mapping.collection]


def _lifecycle(model: type[Record]) -> Lifecycle:
    return next(action.lifecycle for action in registry.values() if action.model is model)


def _as_kept(value: Decimal, field: Field) -> Decimal:
    """As many places as the column keeps, so that a value compares equal when it comes again."""
    if not isinstance(field, models.DecimalField) or field.decimal_places is None:
        return value
    return value.quantize(Decimal(1).scaleb(-field.decimal_places), ROUND_HALF_UP)


def _check(field: Field) -> Check:
    if field.choices:
        return _among([value for value, _ in field.flatchoices])
    if isinstance(field, models.PositiveSmallIntegerField):
        return _between(0, 32_767)
    if isinstance(field, models.PositiveIntegerField | models.IntegerField):
        return _between(
            0 if isinstance(field, models.PositiveIntegerField) else -(2**31), 2**31 - 1
        )
    if field.max_length:
        most = field.max_length
        return lambda value: f"is longer than {most} characters" if len(value) > most else ""
    return lambda value: ""


def _among(values: list[Any]) -> Check:
    known = frozenset(values)
    told = f"is none of {', '.join(map(str, values))}"
    return lambda value: "" if value in known else told


def _between(least: int, most: int) -> Check:
    told = f"is not between {least} and {most}"
    return lambda value: "" if least <= value <= most else told
