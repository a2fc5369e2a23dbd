"""`evenkeel mail bounced`: take a mail that came back, as a mail server hands it to a program."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone

from evenkeel.core.cli.saying import Refused
from evenkeel.core.notices import bouncing
from evenkeel.core.notices.returned import LARGEST, NotRead


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("mail", help="mail bounced FILE: note a mail that came back")
    parser.add_argument("verb", choices=["bounced"], help="a report of a mail server (RFC 3464)")
    parser.add_argument("file", nargs="?", default="-", help="with - or none, standard input")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Note it; 1 for what is no such report, or of no mail of ours."""
    try:
        raw = _bytes(options.file)
        sys.stdout.write(f"{bouncing.hand_in(raw, timezone.now())}\n")
    except (NotRead, OSError) as refused:
        raise Refused(str(refused)) from refused
    return 0


def _bytes(file: str) -> bytes:
    """One byte more than is read, by which what is too large is known."""
    if file == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(file).open("rb") as held:
        return held.read(LARGEST + 1)
