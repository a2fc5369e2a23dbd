"""Operators in a question: `state:open service:mail priority:<=2 owner:me opened:>2026-01-01`.

Each asks for a value of a field that every kind of record has. A field that a kind keeps inside
its process finds nothing for those outside it, so that nobody learns it by asking.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Invalid, lifecycles

MOST = 50  # records or accounts that one word may stand for
_COMPARED: Mapping[str, str] = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}


@dataclass(frozen=True)
class Operator:
    """What was typed: `-state:new,closed` is a name, values, and that they are unwanted."""

    name: str
    values: tuple[str, ...]
    is_unwanted: bool = False


class _NoValueError(Exception):
    """The value is none that the operator can have; the message is a sentence."""


def condition(user: User | None, operators: Iterable[Operator]) -> Q:
    """All of them as one condition on records. Raises Invalid with a sentence for each slip.

    Without a user it is asked by whoever works on the host itself, and so may read everything.
    """
    wanted, errors = Q(), []
    for one in operators:
        try:
            wanted &= _of_one(user, one)
        except _NoValueError as slip:
            errors.append(str(slip))
    if errors:
        raise Invalid({"q": errors})
    return wanted


def _of_one(user: User | None, one: Operator) -> Q:
    if one.name not in OPERATORS:
        raise _NoValueError(
            f"There is no operator {one.name}; there are: {', '.join(OPERATORS)}. "
            f'To look for the words themselves, put them in quotes: "{one.name}:…".'
        )
    column, read = OPERATORS[one.name]
    said = reduce(or_, (read(user, column, value) for value in one.values))
    hidden = _hidden_in(user, column)
    wanted = ~said if one.is_unwanted else said
    return wanted & ~Q(of_kind__in=hidden) if hidden else wanted


def _hidden_in(user: User | None, column: str) -> list[str]:
    """The kinds that keep this field inside their process, which the user is outside of."""
    return [
        kind
        for kind, model in kinds().items()
        if column in model.inside_fields and user and not visibility.is_inside(user, kind)
    ]


def _kind(user: User | None, column: str, value: str) -> Q:
    for kind, model in kinds().items():
        if value.lower().replace("-", "_") in {kind, model.collection}:
            return Q(of_kind=kind)
    raise _NoValueError(f"There is no kind {value}; there are: {', '.join(sorted(kinds()))}.")


def _state(user: User | None, column: str, value: str) -> Q:
    """`open` is every state in which something is still to do; the others go by their name."""
    name = value.lower().replace("-", "_")
    if name == "open":
        return Q(is_open=True)
    known = {str(each) for table in lifecycles().values() for each in table.states.values}
    if name not in known:
        raise _NoValueError(
            f"There is no state {value}; there are: open, {', '.join(sorted(known - {'open'}))}."
        )
    return Q(state=name)


_IS: Mapping[str, Q] = {
    "open": Q(is_open=True),
    "closed": Q(is_open=False),
    "breached": Q(is_breached=True),
    "unassigned": Q(case_owner=None, team=None),
}


def _is(user: User | None, column: str, value: str) -> Q:
    if value.lower() not in _IS:
        raise _NoValueError(f"Nothing is {value}; there are: {', '.join(_IS)}.")
    return _IS[value.lower()]


def _priority(user: User | None, column: str, value: str) -> Q:
    if value == "none":
        return Q(priority=None)
    sign, rest = _compared(value)
    digits = rest.upper().removeprefix("P")
    if digits not in {"1", "2", "3", "4", "5"}:
        raise _NoValueError(f"There is no priority {rest or value}; there are 1 to 5, and none.")
    return Q(**{f"priority__{sign or 'exact'}": int(digits)})


def _account(user: User | None, column: str, value: str) -> Q:
    """`me`, a login, or part of a name."""
    if value == "none":
        return Q(**{column: None})
    if value == "me":
        if user is None:
            raise _NoValueError("There is no me here; name the login.")
        return Q(**{column: user})
    known = User.objects.order_by("pk").values_list("pk", flat=True)
    keys = known.filter(username__iexact=value)[:1] or known.filter(full_name__icontains=value)
    if not (found := list(keys[:MOST])):
        raise _NoValueError(f"There is no account {value}.")
    return Q(**{f"{column}_id__in": found})


def _record(user: User | None, column: str, value: str) -> Q:
    """A number, or part of a title, of one that the user may see."""
    if value == "none":
        return Q(**{column: None})
    if column == "team" and value == "mine" and user is not None:
        return Q(team_id__in=user.rights.teams)
    model = kinds().get(column)
    keys = _keys(model, user, value) if model else []
    if not keys:
        raise _NoValueError(f"There is no {column} {value} that you may see.")
    return Q(**{f"{column}_id__in": keys})


def _keys(model: type[Record], user: User | None, value: str) -> list[int]:
    seen = model.objects.visible_to(user) if user else model.objects.all()
    known = seen.order_by("pk").values_list("pk", flat=True)
    for exact in (Q(number=value.upper()), Q(title__iexact=value), Q(title__icontains=value)):
        if keys := list(known.filter(exact)[:MOST]):
            return keys
    return []


def _moment(user: User | None, column: str, value: str) -> Q:
    """A day, `>` after it, `<=` until its end, two of them with `..` between, or none."""
    if value == "none":
        return Q(**{column: None})
    first, dots, last = value.partition("..")
    if dots:
        return _since(column, _day(first)) & _before(column, _next(_day(last)))
    sign, rest = _compared(value)
    day = _day(rest)
    return {
        "": _since(column, day) & _before(column, _next(day)),
        "gt": _since(column, _next(day)),
        "gte": _since(column, day),
        "lt": _before(column, day),
        "lte": _before(column, _next(day)),
    }[sign]


def _day(text: str) -> date:
    """A date, `today`, `yesterday`, or `7d`: so many days ago."""
    today = timezone.localdate()
    ago = {"today": "0d", "yesterday": "1d"}.get(text, text)
    try:
        if ago.endswith("d") and ago[:-1].isdecimal():
            return today - timedelta(days=int(ago[:-1]))
        return date.fromisoformat(text)
    except (ValueError, OverflowError) as slip:
        raise _NoValueError(
            f"{text or 'Nothing'} is no day; write 2026-01-31, today, yesterday or 7d for a week "
            "ago; > after it, < before it, two with .. for all between."
        ) from slip


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _since(column: str, day: date) -> Q:
    return Q(**{f"{column}__gte": _begin(day)})


def _before(column: str, day: date) -> Q:
    return Q(**{f"{column}__lt": _begin(day)})


def _begin(day: date) -> datetime:
    """When the day begins where the house stands; PostgreSQL and Python end in different years."""
    bounded = min(max(day, date(1000, 1, 1)), date(9000, 1, 1))
    return timezone.make_aware(datetime.combine(bounded, time.min))


def _compared(value: str) -> tuple[str, str]:
    """`>=2` is "gte" and "2"; without a sign, "" and all of it."""
    for sign, name in _COMPARED.items():
        if value.startswith(sign):
            return name, value.removeprefix(sign)
    return "", value


_Read = Callable[[User | None, str, str], Q]
# Operator -> its column, and how a value of it is read.
OPERATORS: Mapping[str, tuple[str, _Read]] = {
    "kind": ("of_kind", _kind),
    "state": ("state", _state),
    "is": ("is_open", _is),
    "priority": ("priority", _priority),
    "service": ("service", _record),
    "team": ("team", _record),
    "owner": ("case_owner", _account),
    "requester": ("requester", _account),
    "organisation": ("organisation", _record),
    "opened": ("recorded_at", _moment),
    "edited": ("edited_at", _moment),
    "due": ("due_at", _moment),
    "closed": ("closed_at", _moment),
}


def read(name: str, value: str, *, is_unwanted: bool) -> Operator:
    """`service`, `"Mail, old",mail`: what stands in quotes is one value, commas part the others."""
    if value.startswith('"'):
        values: tuple[Any, ...] = (value.strip('"').strip(),)
    else:
        values = tuple(part for part in value.split(",") if part)
    return Operator(name.lower(), values or ("",), is_unwanted)
