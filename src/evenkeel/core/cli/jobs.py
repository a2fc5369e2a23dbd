"""`evenkeel jobs`: what the worker has to do, does and failed at, and its timetable."""

import argparse
import sys
from datetime import datetime
from typing import Any

import msgspec

from evenkeel.core.jobs import listing


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("jobs", help="what the worker has to do, does and failed at")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print jobs and timetable; 1 when a job failed or is stalled."""
    jobs, lines = listing.not_done(), list(listing.lines())
    if options.json:
        found = {"jobs": [j._asdict() for j in jobs], "timetable": [e._asdict() for e in lines]}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n")
    else:
        for job in jobs:
            tries = f"attempt {job.attempts}" if job.attempts else "not begun"
            _say(f"{job.state:8} {job.id:>8}  {job.name}, {tries}, since {_moment(job.since)}")
        _say("No job waits, runs or failed." if not jobs else "")
        for line in lines:
            _say(f"{line.cron:14} {line.name}, last due {_moment(line.last_due)}. {line.does}")
    return 1 if any(job.state in {"failed", "stalled"} for job in jobs) else 0


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
