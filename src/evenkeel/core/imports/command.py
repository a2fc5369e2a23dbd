"""`evenkeel import FILE… --profile NAME`: bring in the records of another system.

Exit codes: 0 all rows are in, 1 something was refused, 2 the command itself is wrong.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evenkeel.core.imports import running, shelf
from evenkeel.core.imports.intake import Intake
from evenkeel.core.imports.profile import Profile, WrongProfile
from evenkeel.core.imports.progress import Bar
from evenkeel.core.imports.recognise import Source, recognise_all
from evenkeel.core.imports.running import Busy, check_may_import, importer
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied

ALL_IN, REFUSED, WRONG = 0, 1, 2


class WrongUsage(Exception):
    """The command cannot be done as it was given; the message says why."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=".csv, .csv.gz, .csv.xz"
    )
    parser.add_argument(
        "--profile", required=True, help="a mapping profile: its name, or a .toml file"
    )
    parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")
    parser.add_argument("--refusals", type=Path, metavar="FILE", help="where to put refused rows")
    parser.add_argument("--as", dest="login", help="the account in whose name (default: importer)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(arguments: list[str]) -> int:
    """Run the command with these arguments."""
    parser = argparse.ArgumentParser("evenkeel import", description=(__doc__ or "").split("\n")[0])
    declare(parser)
    return execute(parser.parse_args(arguments))


def execute(options: argparse.Namespace) -> int:
    """Run the command with these options."""
    try:
        profile = Profile.read(profile_named(options.profile))
        by = _account(options.login, writes=not options.dry_run)
        check_may_import(by)
        sources, unknown = _sources(profile, options.files)
    except (Denied, WrongProfile, WrongUsage) as told:
        sys.stderr.write(f"{told}\n")
        return WRONG
    for name in unknown:
        sys.stderr.write(f"{name}\n")
    bar = Bar(sources, is_shown=sys.stderr.isatty() and not options.json)
    try:
        intake, refused = running.run(
            profile,
            sources,
            by=by,
            refusals=lambda name: options.refusals or Path(f"refusals-{name or 'dry-run'}.csv"),
            progress=bar,
            writes=not options.dry_run,
        )
    except (Busy, Denied, WrongProfile) as told:
        bar.end()
        sys.stderr.write(f"{told}\n")
        return WRONG
    bar.end()
    _report(intake, refused, as_json=options.json)
    return REFUSED if refused or unknown else ALL_IN


def profile_named(name: str) -> Path:
    """The file of a profile. Raises WrongUsage, naming the profiles that there are."""
    if name.endswith(".toml") and Path(name).is_file():
        return Path(name)
    known = shelf.profiles()
    if name not in known:
        raise WrongUsage(f"There is no profile {name}. There are {', '.join(sorted(known))}.")
    return known[name]


def _account(login: str | None, *, writes: bool) -> User:
    if login is None:
        return importer(writes=writes)
    user = User.objects.filter(username__iexact=login, is_active=True).first()
    if user is None:
        raise WrongUsage(f"There is no account {login} that may sign in.")
    return user


def _sources(profile: Profile, files: Sequence[Path]) -> tuple[list[Source], list[str]]:
    """What the files hold, and a sentence for each that the profile does not know."""
    if missing := [str(path) for path in files if not path.is_file()]:
        raise WrongUsage(f"There is no file {missing[0]}.")
    sources, unknown = recognise_all(profile, dict.fromkeys(files))
    if unknown and not sources:
        raise WrongUsage("\n".join(unknown))
    return sources, unknown


def _report(intake: Intake, refused: Path | None, *, as_json: bool) -> None:
    figures = {kind: one.as_dict() for kind, one in intake.figures.items()}
    if as_json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
    else:
        for kind, one in figures.items():
            told = ", ".join(f"{count:,} {how}" for how, count in one.items())
            sys.stdout.write(f"{kind}: {told}\n")
    for note, count in intake.notes.items():
        sys.stderr.write(f"{count:,} {note}\n")
    if refused:
        sys.stderr.write(f"Refused rows, with their reasons: {refused}\n")
