"""`evenkeel backup FILE`: all of the installation in one file, while it runs."""

import argparse
import sys
from pathlib import Path
from typing import Any

from evenkeel.core.backups import keeping
from evenkeel.core.backups.writing import BackupFailed


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("backup", help="all of it in one file, while it runs")
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file, e.g. evenkeel.zip")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the backup; the progress is told beside."""
    try:
        made = keeping.back_up(options.file.absolute(), say)
    except BackupFailed as fault:
        sys.stderr.write(f"Not saved. {fault}\n")
        return 1
    size = options.file.stat().st_size
    chains = made.chains
    sys.stdout.write(
        f"{options.file}: {size:,} bytes, {chains.records} records, {chains.entries} entries,"
        f" {len(made.members) - 1} attachments.\n"
    )
    return 0


def say(line: str) -> None:
    """To people, beside what programs read."""
    sys.stderr.write(f"{line}\n")
