"""`evenkeel board team=TEAM-3 --within 4h`: open cases by time to breach."""

import argparse
import sys
from typing import Any

from django.utils import timezone

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused, as_json
from evenkeel.core.clocks.board import HORIZONS, PARTS
from evenkeel.core.rules import Invalid
from evenkeel.core.web.board import plain
from evenkeel.core.web.board.asking import FILTERS, USUAL, Asked
from evenkeel.core.web.board.rows import Row, row


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("board", help="open cases by time to breach, with a forecast")
    parser.add_argument("filters", nargs="*", help=f"field=value, of {', '.join(FILTERS)}")
    parser.add_argument("--within", choices=list(HORIZONS), default=USUAL, help="how far ahead")
    parser.add_argument("--show", choices=PARTS, default=PARTS[0])
    parser.add_argument("--limit", type=int, choices=range(1, 1001), default=50, metavar="N")
    parser.add_argument("--as", dest="login", help="only what this account may see")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the cases whose time runs out first."""
    reader = account(options.login) if options.login else None
    params = _filters(options.filters) | {"within": options.within, "show": options.show}
    try:
        asked = Asked(reader, params, timezone.now())
    except Invalid as refused:
        raise Refused(str(refused)) from refused
    rows = [row(clock, asked.now, asked.until) for clock in asked.rows(options.limit)]
    if options.json:
        said = {"items": [plain.item(one) for one in rows], "totals": plain.totals(asked)}
        sys.stdout.write(f"{as_json(said)}\n")
        return 0
    for one in rows:
        sys.stdout.write(f"{_line(one)}\n")
    return 0


def _filters(given: list[str]) -> dict[str, str]:
    found = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals or name not in FILTERS:
            raise Refused(f"{part!r} is no filter: write one of {', '.join(FILTERS)} = a value.")
        found[name] = value
    return found


def _line(one: Row) -> str:
    share = f"{one.course.share} % → {one.course.expected_share} %" if one.runs else one.why
    record = one.record
    return f"{record.number}\t{one.title}\t{one.said[1]}\t{share}\t{record.title}"
