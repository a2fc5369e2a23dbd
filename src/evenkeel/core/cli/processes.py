"""`evenkeel processes`: the processes of FitSM-1, each with its scope status (BASE-18)."""

import argparse
import sys
from typing import Any

from django.utils import timezone

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import as_json
from evenkeel.core.web import scope


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("processes", help="the FitSM processes and their scope status")
    parser.add_argument("--as", dest="login", help="with the pages that this account may open")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print all of them, in the order of FitSM-1."""
    reader = account(options.login) if options.login else None
    rows = list(scope.rows(reader, timezone.now()))
    if options.json:
        said = {"items": [scope.plain(row) for row in rows], "count": len(rows)}
        sys.stdout.write(f"{as_json(said)}\n")
        return 0
    for row in rows:
        since = row.since.isoformat() if row.since else ""
        parts = (row.requirement, row.code, row.says, since, row.here, row.title, row.because)
        sys.stdout.write("\t".join(parts) + "\n")
    return 0
