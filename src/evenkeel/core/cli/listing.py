"""`evenkeel list incidents state=closed --count` and `evenkeel show INC-7 --json`"""

import argparse
import sys
from typing import Any

import msgspec
from django.core.exceptions import FieldError, ValidationError
from django.db import models

from evenkeel.core.cli.do import Refused, account
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rules.inputs import reference

_KEPT_BY_THE_FRAME = {"id", "record_ptr", "chain_head", "chain_length"}


def add_to(commands: Any) -> None:
    """Declare both commands."""
    many = commands.add_parser("list", help="list records: list incidents state=closed priority=2")
    many.add_argument("collection")
    many.add_argument("filters", nargs="*", help="field=value; field= where it is empty")
    many.add_argument("--count", action="store_true", help="print how many there are, alone")
    many.add_argument("--limit", type=int, default=50)
    many.add_argument("--as", dest="login", help="only what this account may see")
    many.add_argument("--json", action="store_true")
    many.set_defaults(run=run_list)
    one = commands.add_parser("show", help="show one record: show INC-7")
    one.add_argument("number")
    one.add_argument("--as", dest="login", help="only if this account may see it")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=run_show)


def run_list(options: argparse.Namespace) -> int:
    """Print the newest records that match, or how many match."""
    model = collections().get(options.collection)
    if model is None:
        names = ", ".join(sorted(collections()))
        raise Refused(f"There is no collection {options.collection}. There are: {names}.")
    records = _visible(model, options.login).filter(**filters_of(model, options.filters))
    if options.count:
        _say(str(records.count()))
        return 0
    newest = records.order_by("-recorded_at", "-pk")[: options.limit]
    if options.json:
        _say(_json([_as_dict(record) for record in newest]))
    else:
        for record in newest:
            _say(f"{record.number}\t{record.state}\t{record.title}")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print every field of one record."""
    bare = _visible(Record, options.login).filter(number=options.number.upper()).first()
    if bare is None:
        raise Refused(f"There is no record {options.number}.")
    shown = _as_dict(bare.in_full())
    if options.json:
        _say(_json(shown))
    else:
        for name, value in shown.items():
            _say(f"{name}: {'' if value is None else value}")
    return 0


def _visible(model: type[Record], login: str | None) -> Any:
    """Whoever can run commands on the host reads everything; `--as` narrows it to an account."""
    return model.objects.visible_to(account(login)) if login else model.objects.all()


def filters_of(model: type[Record], given: list[str]) -> dict[str, Any]:
    """The conditions of a query; `field=` finds where it is empty."""
    wanted: dict[str, Any] = {}
    for part in given:
        name, equals, value = part.partition("=")
        try:
            column = model._meta.get_field(name)
            if not equals or not isinstance(column, models.Field):
                raise FieldError
            target = column.related_model if column.is_relation else None
            if not value and column.null:
                wanted[f"{name}__isnull"] = True
            elif target is None:
                wanted[name] = column.to_python(_spelt(column, value))
            else:
                key = "username" if hasattr(target, "username") else "number"
                wanted[f"{name}__{key}__iexact"] = value
        except (FieldError, ValidationError) as refused:
            raise Refused(f"{part!r} is not a filter: write field=value.") from refused
    return wanted


def _spelt(column: Any, value: str) -> str:
    """Django reads "True" and "False", people write them small."""
    return value.capitalize() if isinstance(column, models.BooleanField) else value


def _as_dict(record: Record) -> dict[str, Any]:
    shown = {}
    for field in record._meta.concrete_fields:
        if field.name in _KEPT_BY_THE_FRAME:
            continue
        value = getattr(record, field.name)
        shown[field.name] = reference(value) if isinstance(value, models.Model) else as_plain(value)
    return shown


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
