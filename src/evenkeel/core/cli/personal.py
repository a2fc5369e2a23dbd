"""`evenkeel personal-data PER-7 -o per-7.zip`: all that is held on a person."""

import argparse
from pathlib import Path
from typing import Any

from django.utils import timezone

from evenkeel.core.cli.do import account
from evenkeel.core.cli.export import target
from evenkeel.core.cli.saying import Refused
from evenkeel.core.directory.models import Person
from evenkeel.core.people.trail import Visitor
from evenkeel.core.privacy import handing
from evenkeel.core.records import readable
from evenkeel.core.rules import Denied


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "personal-data", help="all that is held on a person: personal-data PER-7 -o per-7.zip"
    )
    parser.add_argument("number", help="of the person")
    parser.add_argument("--as", dest="login", help="only if this account may have it")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the archive to write")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the archive, all of it or none; the trail says so."""
    by = account(options.login) if options.login else None
    person = readable.one(Person, options.number.upper(), by)
    if person is None:
        raise Refused(f"There is no person {options.number}.")
    here = Visitor(None, "evenkeel personal-data")
    try:
        pieces = handing.hand_out(person, by=by, visitor=here, at=timezone.now())
    except Denied as refused:
        raise Refused(str(refused)) from refused
    with target(options.output) as file:
        file.writelines(pieces)
    return 0
