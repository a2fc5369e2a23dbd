"""The command line: list, show and do made from the registry of verbs; audit verify; demo.

Exit codes: 0 done, 1 refused or broken (the sentence is on standard error), 2 wrong usage.
"""

import argparse
import sys

from evenkeel.core.cli import audit, demo, do, listing
from evenkeel.core.cli.do import Refused
from evenkeel.core.imports import command


def main(arguments: list[str]) -> int:
    """Run one command. Django is set up; the database answers unless only help is asked for."""
    parser = argparse.ArgumentParser("evenkeel", description="The service management system.")
    commands = parser.add_subparsers(dest="command", required=True)
    for room in (listing, do, audit, demo):
        room.add_to(commands)
    bringing_in = commands.add_parser("import", help="bring in records of another system")
    command.declare(bringing_in)
    bringing_in.set_defaults(run=command.execute)
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "do":
        parser.error(f"unknown: {' '.join(rest)}")
    options.rest = rest
    try:
        return int(options.run(options))
    except Refused as refusal:
        sys.stderr.write(f"Not done. {refusal}\n")
        return 1
