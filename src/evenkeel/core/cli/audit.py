"""`evenkeel audit verify`: does every chain of entries hold?"""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from evenkeel.core.cli.saying import as_json
from evenkeel.core.people import trail
from evenkeel.core.records import sealing


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("audit", help="audit verify: check every chain of entries")
    parser.add_argument("what", choices=["verify"])
    parser.add_argument("--json", action="store_true", help="the faults as a list of sentences")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Name the first broken entry of each record; 0 when all chains hold."""
    if options.json:
        told = list(_faults())
        sys.stdout.write(f"{as_json(told)}\n")
        return 1 if told else 0
    faults = 0
    for fault in _faults():  # told as they are found
        faults += 1
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stdout.write("Every chain of entries holds.\n")
    return 1 if faults else 0


def _faults() -> Iterator[str]:
    """Of the records, then of the door."""
    yield from sealing.broken()
    yield from trail.broken()
