"""`evenkeel demo`: the demonstration accounts and what the processes add for them."""

import argparse
import sys
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from evenkeel.core.directory import starter
from evenkeel.core.process import demonstrations
from evenkeel.core.records.record import Record


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="fill an empty database with the demonstration")
    parser.add_argument("--if-empty", action="store_true", help="do nothing if there are records")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Fill a database with nothing but starters; refuse to mix invented records with real ones."""
    if Record.objects.exclude(requester__is_system=True).exists():
        if not options.if_empty:
            sys.stderr.write("There are records already; the demo is for an empty database.\n")
        return 0 if options.if_empty else 1
    now: datetime = timezone.now()
    with transaction.atomic():
        people = starter.record_people(at=now)
        for fill in demonstrations:
            fill(people, now)
    return 0
