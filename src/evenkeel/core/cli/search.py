"""`evenkeel search state:open service:mail "disk full"`"""

import argparse
import sys
from typing import Any

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused, as_json
from evenkeel.core.records.plain import as_plain
from evenkeel.core.rules import Invalid
from evenkeel.core.search.finding import Hit, find

_SHOWN = ("number", "of_kind", "title", "state", "priority", "recorded_at")


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("search", help="find records: search state:open mail server")
    parser.add_argument("words", nargs="+", help='words, phrases and operators; "--" before -word')
    parser.add_argument("--limit", type=int, choices=range(1, 1001), default=20, metavar="N")
    parser.add_argument("--as", dest="login", help="only what this account may see")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what is found, best first; what only has similar words is marked with a tilde."""
    reader = account(options.login) if options.login else None
    text = " ".join(_as_typed(word) for word in options.words)
    try:
        hits = find(reader, text, limit=options.limit).hits
    except Invalid as refused:
        raise Refused(" ".join(refused.errors["q"])) from refused
    if options.json:
        sys.stdout.write(f"{as_json([_plain(hit) for hit in hits])}\n")
        return 0
    for hit in hits:
        near = "~" if hit.is_near else ""
        sys.stdout.write(f"{near}{hit.record.number}\t{hit.record.state}\t{hit.record.title}\n")
    return 0


def _as_typed(word: str) -> str:
    """The shell takes quotes away; what it left together, a phrase or a value, is one again."""
    if " " not in word or '"' in word:
        return word
    name, colon, value = word.partition(":")
    return f'{name}:"{value}"' if colon and " " not in name else f'"{word}"'


def _plain(hit: Hit) -> dict[str, Any]:
    said = {name: as_plain(getattr(hit.record, name)) for name in _SHOWN}
    return said | {"is_near": hit.is_near}
