"""`evenkeel jobs`: what the worker has to do, does and failed at, and its timetable."""

import argparse
import sys
from datetime import datetime
from typing import Any

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused, as_json
from evenkeel.core.jobs import actions, listing
from evenkeel.core.people.trail import Visitor
from evenkeel.core.rules import Denied


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "jobs", help="what the worker has to do, does and failed at; jobs try_again ID --as LOGIN"
    )
    parser.add_argument("verb", nargs="?", choices=sorted(actions.VERBS), help="do this to a job")
    parser.add_argument("job", nargs="?", type=int, help="its number")
    parser.add_argument("--as", dest="login", help="the account that does it")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print jobs and timetable; 1 when a job failed or is stalled. Or do something to one job."""
    if options.verb:
        return _do(options)
    jobs, lines = listing.not_done(), list(listing.lines())
    if options.json:
        found = {"jobs": [j._asdict() for j in jobs], "timetable": [e._asdict() for e in lines]}
        _say(as_json(found))
    else:
        for job in jobs:
            tries = f"attempt {job.attempts}" if job.attempts else "not begun"
            _say(f"{job.state:8} {job.id:>8}  {job.name}, {tries}, since {_moment(job.since)}")
            if job.said:
                _say(f"{'':19}{job.said}")
        _say("No job waits, runs or failed." if not jobs else "")
        for line in lines:
            _say(f"{line.cron:14} {line.name}, last due {_moment(line.last_due)}. {line.does}")
    return 1 if any(job.state in {"failed", "stalled"} for job in jobs) else 0


def _do(options: argparse.Namespace) -> int:
    if options.job is None or not options.login:
        raise Refused(f"Say which job, and who you are: jobs {options.verb} 7 --as LOGIN")
    by, here = account(options.login), Visitor(None, "evenkeel jobs")
    try:
        name = actions.VERBS[options.verb](options.job, by=by, visitor=here)
    except (Denied, actions.NotNow) as refused:
        raise Refused(str(refused)) from refused
    _say(f"{name} {options.job}: {options.verb.replace('_', ' ')}.")
    return 0


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
