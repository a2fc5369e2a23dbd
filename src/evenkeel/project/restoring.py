"""`evenkeel restore FILE`: make this installation of a backup, and prove that it is the same."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from evenkeel.project import environment, opening


def run(arguments: Sequence[str]) -> int:
    """0 when every chain of entries is as it was saved, and holds."""
    parser = argparse.ArgumentParser("evenkeel restore", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path, metavar="FILE", help="what `evenkeel backup` made")
    parser.add_argument(
        "--replace", action="store_true", help="remove what is in the database before"
    )
    options = parser.parse_args(arguments)
    with opening.database(environment.read(os.environ)):
        opening.set_up_django()
        from evenkeel.core.backups.restoring import RestoreRefused  # noqa: PLC0415  (needs Django)

        try:
            return _restored(options.file, replace=options.replace)
        except RestoreRefused as refusal:
            sys.stderr.write(f"Not restored. {refusal}\n")
            return 1


def _restored(file: Path, *, replace: bool) -> int:
    from evenkeel.core.backups import restoring  # noqa: PLC0415
    from evenkeel.core.database import tables  # noqa: PLC0415
    from evenkeel.core.records import sealing  # noqa: PLC0415
    from evenkeel.project import schema  # noqa: PLC0415

    restoring.check_target(replace=replace)
    known = {".".join(name) for name in tables.written()}
    made = restoring.opened(file, known, _say)
    restoring.load(file, made, _say)
    schema.bring_up_to_date()
    _say("Verifying every chain of entries …")
    faults = list(sealing.broken())
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(
        f"Restored as of {made.made_at:%Y-%m-%d %H:%M} UTC: {made.chains.records} records,"
        f" {made.chains.entries} entries, {len(made.members) - 1} attachments; the chains are"
        f" those that were saved{', but do not all hold' if faults else ' and hold'}.\n"
    )
    return 1 if faults else 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
