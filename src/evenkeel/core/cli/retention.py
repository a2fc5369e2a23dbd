"""`evenkeel retention`: what would go now by the retention rules; `--now` does it."""

import argparse
import sys
from typing import Any

from django.utils import timezone

from evenkeel.core.privacy import jobs, retention
from evenkeel.core.schemes import retention as schemes


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "retention", help="count what would go by the retention rules; --now: let it go"
    )
    parser.add_argument("--now", action="store_true", help="do it, without waiting for the night")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say how much is due of what; with `--now` anonymise and remove it. 1 where some was left."""
    now = timezone.now()
    for title, count in retention.counts(schemes.rules(now), now):
        sys.stdout.write(f"{title}: {count:,}\n")
    if not options.now:
        return 0
    faults = list(retention.anonymise(now))
    jobs.forget_sign_ins()
    for fault in faults:
        sys.stderr.write(f"Left as it is: {fault}\n")
    return 1 if faults else 0
