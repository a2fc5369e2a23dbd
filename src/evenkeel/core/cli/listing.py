"""`evenkeel list incidents state=closed --count` and `evenkeel show INC-7 --json`"""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused, as_dict, as_json, known
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Visitor
from evenkeel.core.records import reads
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rules import Invalid
from evenkeel.core.search.asking import read
from evenkeel.core.search.narrowing import narrowed
from evenkeel.core.web.screen import condition


def add_to(commands: Any) -> None:
    """Declare both commands."""
    many = commands.add_parser("list", help="list records: list incidents state=closed priority=2")
    many.add_argument("collection")
    many.add_argument(
        "filters", nargs="*", help="field=value; a,b: one of them; none: not set; q=words"
    )
    many.add_argument("--count", action="store_true", help="print how many there are, alone")
    many.add_argument("--limit", type=_how_many, default=50)
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
    reader = account(options.login) if options.login else None
    typed = [part.removeprefix("q=") for part in options.filters if part.startswith("q=")]
    given = [part for part in options.filters if not part.startswith("q=")]
    records = _visible(model, reader).filter(**filters_of(model, reader, given))
    for text in typed:
        records = _searched(records, reader, text)
    if options.count:
        _say(str(records.count()))
        return 0
    newest = records.order_by("-recorded_at", "-pk")[: options.limit]
    if options.json:
        _say(as_json([as_dict(record, reader) for record in newest]))
    else:
        for record in newest:
            _say(f"{record.number}\t{record.state}\t{record.title}")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print every field of one record."""
    reader = account(options.login) if options.login else None
    bare = _visible(Record, reader).filter(number=options.number.upper()).first()
    if bare is None:
        raise Refused(f"There is no record {options.number}.")
    reads.note(bare, reader, Visitor(None, "evenkeel show"))
    shown = as_dict(bare.in_full(), reader)
    if options.json:
        _say(as_json(shown))
    else:
        for name, value in shown.items():
            _say(f"{name}: {'' if value is None else value}")
    return 0


def _searched(records: Any, reader: User | None, text: str) -> Any:
    try:
        return narrowed(records, reader, records.model.kind(), read(text))
    except Invalid as refused:
        raise Refused(" ".join(refused.errors["q"])) from refused


def _how_many(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _visible(model: type[Record], reader: User | None) -> Any:
    """Whoever can run commands on the host reads everything; `--as` narrows it to an account."""
    return model.objects.visible_to(reader) if reader else model.objects.all()


def filters_of(model: type[Record], reader: User | None, given: list[str]) -> dict[str, Any]:
    """Conditions as those of the pages, on every field that the reader may see."""
    fields = {field.name: field for field in known(model, reader)}
    wanted: dict[str, Any] = {}
    for name, value in _pairs(given):
        if name not in fields:
            raise Refused(f"There is no field {name}. There are: {', '.join(fields)}.")
        try:
            wanted |= condition(fields[name], value or "none", reader, model.kind())
        except Invalid as refused:
            raise Refused(str(refused)) from refused
    return wanted


def _pairs(given: list[str]) -> Iterator[tuple[str, str]]:
    for part in given:
        name, equals, value = part.partition("=")
        if not equals:
            raise Refused(f"{part!r} is not a filter: write field=value.")
        yield name, value


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
