"""`evenkeel demo`: an invented federation with three months of work, for an empty database."""

import argparse
import sys
from typing import Any

from evenkeel.core.demo.loading import load
from evenkeel.core.records.record import Record


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="fill an empty database with the demonstration")
    parser.add_argument("--if-empty", action="store_true", help="do nothing if there are records")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Fill a database with nothing but starters; refuse to mix invented records with real ones."""
    if Record.objects.exclude(requester__is_system=True).exists():
        if not options.if_empty:
            sys.stderr.write("There are records already; the demo is for an empty database.\n")
        return 0 if options.if_empty else 1
    load()
    return 0
