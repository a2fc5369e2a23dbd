"""`evenkeel export incidents --format csv state=closed -o closed.csv`"""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused
from evenkeel.core.people import trail
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.rules import Invalid
from evenkeel.core.web import asked, exporting
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.screen import screens

_STEERING = ("sort", "columns")


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write a list to a file: export incidents -o x.csv")
    parser.add_argument("collection")
    parser.add_argument("filters", nargs="*", help="field=value, columns=a,b or sort=field")
    parser.add_argument("--format", choices=sorted(exporting.FORMS), default="csv", dest="form")
    parser.add_argument("--bom", action="store_true", help="mark CSV as UTF-8 for Excel")
    parser.add_argument("--as", dest="login", help="only what this account may see")
    parser.add_argument("-o", "--output", type=Path, help="a file in place of standard output")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the list; with a file, all of it or none."""
    screen = screens.get(options.collection)
    if screen is None:
        names = ", ".join(sorted(screens))
        raise Refused(f"There is no list {options.collection}. There are: {names}.")
    params = _params(options.filters)
    reader = account(options.login) if options.login else None
    try:
        asked.check(screen, reader, params, _STEERING)
        listing = Listing(screen, reader, params)
        pieces = exporting.written(listing, options.form, bom=options.bom)
    except Invalid as refused:
        raise Refused(str(refused)) from refused
    said = f"{options.collection}?{urlencode({**params, 'format': options.form})}"
    trail.append(Kind.EXPORTED, Visitor(None, "evenkeel export"), person=reader, said=said)
    with target(options.output) as file:
        for piece in pieces:
            file.write(piece)
    return 0


def _params(given: list[str]) -> dict[str, str]:
    params = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals:
            raise Refused(f"{part!r} is not a filter: write field=value.")
        params[name] = value
    return params


@contextlib.contextmanager
def target(path: Path | None) -> Iterator[IO[bytes]]:
    """Standard output; or the file, which is there only when it is whole."""
    if path is None:
        yield sys.stdout.buffer
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except OSError as failed:
        raise Refused(f"{path} cannot be written: {failed.strerror}.") from failed
    finally:
        unfinished.unlink(missing_ok=True)
