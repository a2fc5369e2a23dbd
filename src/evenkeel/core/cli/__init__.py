"""The command line: list, show, search and do made from the registry; audit; demo; reindex.

Exit codes: 0 done, 1 refused or broken (the sentence is on standard error), 2 wrong usage.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from evenkeel.core.cli import (
    audit,
    backup,
    board,
    clocks,
    demo,
    do,
    duty,
    export,
    jobs,
    listing,
    mail,
    overrides,
    personal,
    processes,
    reindex,
    retention,
    search,
)
from evenkeel.core.cli.saying import Refused
from evenkeel.core.imports import command


def main(arguments: list[str], also: Callable[[Any], None] | None = None) -> int:
    """Run one command. Django is set up; the database answers unless only help is asked for.

    `also` names commands that are not ours, for the list of all commands.
    """
    parser = commands(also)
    options, rest = parser.parse_known_args(arguments)
    if hasattr(options, "filters"):  # argparse takes those only that stand before the options
        options.filters += [part for part in rest if not part.startswith("-")]
        rest = [part for part in rest if part.startswith("-")]
    if rest and options.command != "do":
        parser.error(f"unknown: {' '.join(rest)}")
    options.rest = rest
    try:
        return int(options.run(options))
    except Refused as refusal:
        sys.stderr.write(f"Not done. {refusal}\n")
        return 1


class _Help(argparse.HelpFormatter):
    """Room for the longest command beside what it does."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 17


def commands(also: Callable[[Any], None] | None = None) -> argparse.ArgumentParser:
    """How each command is written."""
    about = "The service management system."
    parser = argparse.ArgumentParser("evenkeel", description=about, formatter_class=_Help)
    named = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND"
    )
    rooms = (listing, board, overrides, search, export, do, audit, backup, clocks, demo, jobs)
    for room in (*rooms, duty, mail, personal, processes, reindex, retention):
        room.add_to(named)
    bringing_in = named.add_parser("import", help="bring in records of another system")
    command.declare(bringing_in)
    bringing_in.set_defaults(run=command.execute)
    if also:
        also(named)
    return parser
