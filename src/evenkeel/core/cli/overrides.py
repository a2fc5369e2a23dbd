"""`evenkeel overrides --since 2026-11-01`: what was decided otherwise than a scheme gives."""

import argparse
import sys
from typing import Any

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused, as_json
from evenkeel.core.rules import Invalid
from evenkeel.core.web import exporting
from evenkeel.core.web.overrides import asking


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("overrides", help="what was decided otherwise than schemes give")
    parser.add_argument("--since", default="", help="the first day, as 2026-11-01")
    parser.add_argument("--until", default="", help="the last day; left out, today")
    parser.add_argument("--by", default="", help="the login of who decided")
    parser.add_argument("--as", dest="login", help="only what this account may see")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true")
    form.add_argument("--csv", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print them, the newest first."""
    reader = account(options.login) if options.login else None
    params = {name: getattr(options, name) for name in asking.PARAMETERS}
    try:
        asked = asking.Asked(reader, params)
    except Invalid as refused:
        raise Refused(str(refused)) from refused
    if options.csv:
        sys.stdout.writelines(line.decode() for line in exporting.as_csv(asking.table(asked)))
        return 0
    rows = [asking.plain(row) for row in asked.found.rows()]
    if options.json:
        sys.stdout.write(f"{as_json({'items': rows, 'count': len(rows)})}\n")
        return 0
    for row in rows:
        moved = f"P{row['from']} → P{row['to']}"
        parts = (row["at"], row["number"], row["by"] or "", moved, row["reason"])
        sys.stdout.write("\t".join(" ".join(str(part).split()) for part in parts) + "\n")
    return 0
