"""`evenkeel reindex`: make the search index anew from the records, while people search."""

import argparse
import sys
from typing import Any

from evenkeel.core.records.record import Record
from evenkeel.core.search import rebuilding


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("reindex", help="make the search index anew from the records")
    parser.add_argument("--check", action="store_true", help="only say what it lacks; 1 if any")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Index every record, or say how many the index lacks."""
    if not options.check:
        _rebuild()
    missing = rebuilding.missing()
    sys.stdout.write(f"Records that the search index lacks: {missing}.\n")
    return 1 if missing else 0


def _rebuild() -> None:
    total = Record.objects.count()
    for done in rebuilding.rebuild():
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} of {total} records")
    if sys.stderr.isatty():
        sys.stderr.write("\n")
