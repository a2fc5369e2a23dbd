"""What a person sees of a record: declared once, drawn by pages, REST and CSV."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Invalid, lifecycles
from evenkeel.core.rules.inputs import reference

_SPELLED: Mapping[str, Any] = {"yes": True, "true": True, "no": False, "false": False}
screens: dict[str, "Screen"] = {}  # "incidents" -> Screen


@dataclass(frozen=True)
class Group:
    """Fields that are shown together under a title."""

    title: str
    fields: tuple[str, ...]
    is_drawn: bool = True  # else a panel of the kind's own shows them on the page
    only_with: str = ""  # a field: drawn on the page where that says anything


# What hangs beside a record: title, template and context of a panel, or None where there is none.
Beside = Callable[[Any, User], tuple[str, str, dict[str, Any]] | None]


@dataclass(frozen=True)
class Later:
    """A panel that costs more than a page may: read once the page is there, by who may the verb."""

    name: str  # in its address
    verb: str
    draw: Beside
    is_there: Callable[[], bool] = lambda: True  # else the page does not ask for it


@dataclass(frozen=True)
class Screen:
    """The columns, filters and groups of one kind of record.

    `because` names, for a computed field, the field that holds its derivation: `{"text": …,
    "inputs": {…}, "scheme": number, "version": n}`. `head`, `above`, `below` and `beside`
    draw what is the kind's own: below its title, around its long texts, and in the rail;
    `later` comes to the rail when the page is there.
    """

    model: type[Record]
    columns: tuple[str, ...]
    filters: tuple[str, ...]
    groups: tuple[Group, ...]
    because: Mapping[str, str] = field(default_factory=dict, hash=False)
    head: tuple[Beside, ...] = ()
    above: tuple[Beside, ...] = ()
    below: tuple[Beside, ...] = ()
    beside: tuple[Beside, ...] = ()
    later: tuple[Later, ...] = ()
    report: Callable[[Any, User], Any] | None = None  # a `reports.Report`
    # The cases behind a figure of it, as the address names them: a `reports.Behind`.
    behind: Callable[[Any, User, Mapping[str, str]], Any] | None = None
    by_state: bool = False  # people move it from state to state, so its list is a board, too
    warns_of_similar: bool = False  # while a new one is typed, what is open already is shown
    # Former name of a filter or column -> its name: addresses that people kept go on leading there.
    formerly: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        screens[self.model.collection] = self

    def shown(self, names: tuple[str, ...], user: User | None) -> tuple[str, ...]:
        """Those of the fields that this user may see; None is whoever works on the host itself."""
        if user is None or visibility.is_inside(user, self.model.kind()):
            return names
        return tuple(name for name in names if name not in self.model.inside_fields)

    def renamed(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """What an address says, with the names that filters and columns have today."""
        if not self.formerly:
            return params
        said = {self.formerly.get(name, name): value for name, value in params.items()}
        if "columns" in said:
            names = said["columns"].split(",")
            said["columns"] = ",".join(self.formerly.get(name, name) for name in names)
        return said

    def filtered(self, user: User, params: Mapping[str, str]) -> models.QuerySet[Any]:
        """The records this user may see that match, newest first.

        Raises Invalid for a value that the field cannot have. A field that is hidden from the
        user is no filter either, for its values could be guessed by filtering.
        """
        wanted = self.conditions(user, params)
        columns = (*self.columns, *self.filters)
        related = sorted({name for name in columns if self.field(name).is_relation})
        records: models.QuerySet[Any] = self.model.objects.visible_to(user).filter(**wanted)
        if related:  # without names, every relation that may not be null would be followed
            records = records.select_related(*related)
        return records.order_by("-recorded_at", "-pk")

    def conditions(self, user: User | None, params: Mapping[str, str]) -> dict[str, Any]:
        """The parameters as conditions of a query: `state=new,classified`, `team=none`.

        Every kind can be filtered by `is_open`, too. Raises Invalid as `filtered` does.
        """
        wanted: dict[str, Any] = {}
        for name in (*self.shown(self.filters, user), "is_open"):
            if value := params.get(name):
                wanted |= condition(self.field(name), value, user, self.model.kind())
        return wanted

    def panels(self, record: Record, user: User) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
        """Each group's title with the labels and values that this user may see."""
        for group in self.groups:
            names = self.shown(group.fields, user)
            if names:
                rows = [(self.model.label(n), _value(record, n)) for n in names]
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

    def field(self, name: str) -> "models.Field[Any, Any]":
        """The field of the model by that name."""
        field = self.model._meta.get_field(name)
        if not isinstance(field, models.Field):
            raise TypeError(f"{name} of {self.model.collection} cannot be shown.")
        return field


def condition(
    field: "models.Field[Any, Any]", value: str, user: User | None, kind: str
) -> dict[str, Any]:
    """One value, several with a comma between them, or `none` for a field that is not set.

    Raises Invalid for a value that no record of the kind can have, and for an account or a record
    that there is not or that the user may not see.
    """
    if "\x00" in value:
        raise Invalid({field.name: ["It holds a NUL character."]})
    if value == "none":
        return _unset(field)
    values = value.split(",")
    if isinstance(field.related_model, type):
        # By key, not through a join, so that the index of the column is used.
        keys = [_key(field, one, user) for one in values]
        return {f"{field.name}_id": keys[0]} if len(keys) == 1 else {f"{field.name}__in": keys}
    try:
        spelled = _SPELLED if isinstance(field, models.BooleanField) else {}
        found = [_aware(field.to_python(spelled.get(one, one))) for one in values]
        for one in found:
            field.run_validators(one)
    except ValidationError as refused:
        said = ["It is yes or no."] if isinstance(field, models.BooleanField) else refused.messages
        raise Invalid({field.name: list(said)}) from refused
    known = _known_values(field, kind)
    if known and (wrong := [str(one) for one in found if one not in known]):
        there_are = ", ".join(str(one) for one in known if one)
        raise Invalid({field.name: [f"{', '.join(wrong)}: there are {there_are}."]})
    return {field.name: found[0]} if len(found) == 1 else {f"{field.name}__in": found}


def _known_values(field: "models.Field[Any, Any]", kind: str) -> list[Any]:
    """The values that a field of the kind can have, where they are a fixed few."""
    if field.name == "state":
        lifecycle = lifecycles().get(kind)
        return [str(value) for value in lifecycle.states.values] if lifecycle else []
    if field.name == "priority":
        return list(range(1, 6))
    return [value for value, _ in field.flatchoices]


def _aware(value: Any) -> Any:
    """A moment that names no zone is one of the place."""
    is_bare = isinstance(value, datetime) and timezone.is_naive(value)
    return timezone.make_aware(value) if is_bare else value


def _unset(field: "models.Field[Any, Any]") -> dict[str, Any]:
    if field.null:
        return {f"{field.name}__isnull": True}
    if not field.empty_strings_allowed:
        raise Invalid({field.name: ["It is set in every record."]})
    return {field.name: ""}


def referred(field: "models.Field[Any, Any]") -> str:
    """The kind of record that a field refers to; "" for any kind, and for an account."""
    limit = field.get_limit_choices_to() if isinstance(field, models.ForeignKey) else None
    kind = limit.get("of_kind", "") if isinstance(limit, dict) else ""
    target = field.related_model
    own = target.kind() if isinstance(target, type) and issubclass(target, Record) else ""
    return kind or own


def _key(field: "models.Field[Any, Any]", name: str, user: User | None) -> int:
    """The key of the account or record of that name; numbers are written in capitals."""
    if field.related_model is User:
        for (key,) in _ACCOUNT.rows(name):
            return int(key)
        raise Invalid({field.name: [f"There is no account {name}."]})
    kind = referred(field)
    for key, of_kind in _NUMBERED.rows(name.upper()):
        if kind in {"", of_kind} and (user is None or _is_seen(user, of_kind, key)):
            return int(key)
    sought = kind.replace("_", " ") or "record"
    raise Invalid({field.name: [f"There is no {sought} {name} that you may see."]})


def _is_seen(user: User, kind: str, key: int) -> bool:
    if visibility.reach(user, kind) is True:  # and so is no question to the database
        return True
    return bool(kinds()[kind].objects.visible_to(user).filter(pk=key).exists())


_ACCOUNT = Compiled(
    lambda login: User.objects.filter(username__iexact=login).values_list("pk"), "a login"
)
_NUMBERED = Compiled(
    lambda number: Record.objects.filter(number=number).values_list("pk", "of_kind"), "X-1"
)


def _value(record: Record, name: str) -> Any:
    """The value in words where the field has a fixed choice of them."""
    words = getattr(record, f"get_{name}_display", None)
    return words() if words else getattr(record, name)
