"""`evenkeel check`: is this installation sound? One line for each thing looked at.

Nothing is changed, except that our own database is started for as long as it is looked at."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evenkeel.core.database import DatabaseUnavailable
from evenkeel.project import environment, opening
from evenkeel.project.environment import SettingRefused


class Finding(NamedTuple):
    """What was looked at, and what was found, in a sentence."""

    what: str
    is_sound: bool
    said: str


def run(arguments: Sequence[str]) -> int:
    """0 when everything is sound, 1 when something is not."""
    parser = argparse.ArgumentParser("evenkeel check", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    as_json = parser.parse_args(arguments).json
    found = []
    for finding in look():
        found.append(finding)
        if not as_json:
            mark = "sound" if finding.is_sound else "FAULT"
            sys.stdout.write(f"{mark}  {finding.what}: {finding.said}\n")
            sys.stdout.flush()
    if as_json:
        sys.stdout.write(json.dumps([finding._asdict() for finding in found], indent=2) + "\n")
    return 0 if all(finding.is_sound for finding in found) else 1


def look() -> Iterator[Finding]:
    """One finding after the other; what cannot be looked at because of a fault is left out."""
    try:
        here = environment.read(os.environ)
    except SettingRefused as refusal:
        yield Finding("settings", False, str(refusal))
        return
    yield Finding("settings", True, f"the data folder is {here.home}.")
    try:
        with opening.database(here):
            opening.set_up_django()
            from evenkeel.project import soundness  # noqa: PLC0415  (needs Django)

            for what, looked in soundness.LOOKS.items():
                yield Finding(what, *looked())
    except DatabaseUnavailable as refusal:
        yield Finding("database", False, str(refusal))
