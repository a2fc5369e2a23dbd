"""`evenkeel audit`: does every chain hold, how far have they come, and the same far from here."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evenkeel.core.cli.saying import Refused, as_json
from evenkeel.core.people import trail
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.records import bypasses, checkpoints, evidence, sealing


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "audit", help="audit verify: check every chain; audit seal; audit export FILE"
    )
    parser.add_argument("what", choices=["verify", "seal", "export"])
    parser.add_argument("file", nargs="?", type=Path, help="an export, to write or to verify")
    parser.add_argument("--known", default="", help="the hash of a checkpoint that must be there")
    parser.add_argument("--json", action="store_true", help="the faults as a list of sentences")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify (0 when all holds, 1 when not), seal a checkpoint now, or export the evidence."""
    if options.what == "seal":
        return _seal()
    if options.what == "export":
        return _export(options.file)
    found = evidence.faults(_opened(options.file)) if options.file else _faults(options.known)
    return _tell(found, as_list=options.json)


def _tell(found: Iterator[str], *, as_list: bool) -> int:
    if as_list:
        told = list(found)
        sys.stdout.write(f"{as_json(told)}\n")
        return 1 if told else 0
    faults = 0
    for fault in found:  # told as they are found
        faults += 1
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stdout.write("Every chain of entries holds.\n")
    return 1 if faults else 0


def _faults(known: str) -> Iterator[str]:
    """Of the records, of the door, of the checkpoints, and what went around the actions."""
    if known and not checkpoints.is_known(known):
        yield f"There is no checkpoint with the hash {known}; it was there when you noted it."
    yield from sealing.broken()
    yield from trail.broken()
    yield from checkpoints.broken()
    yield from bypasses.told()


def _seal() -> int:
    up_to = checkpoints.settled()
    if up_to is None:
        raise Refused("Something writes without a pause, so nothing is sealed now. Try again.")
    checkpoints.seal(up_to)
    if (last := checkpoints.newest()) is None:
        sys.stdout.write("There is nothing to seal yet.\n")
    else:
        sys.stdout.write(f"{str(last).capitalize()}: {bytes(last.hash).hex()}\n")
    return 0


def _export(path: Path | None) -> int:
    if path is None:
        raise Refused("Name the file to write: evenkeel audit export evidence.jsonl")
    try:
        with path.open("xb") as file:
            here = Visitor(None, "evenkeel audit export")
            trail.append(Kind.EXPORTED, here, said="All evidence")
            lines = 0
            for line in evidence.lines():
                file.write(line)
                lines += 1
    except OSError as failed:
        raise Refused(f"{path} cannot be written: {failed.strerror}.") from failed
    sys.stdout.write(f"{lines} lines of evidence are in {path}.\n")
    return 0


def _opened(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as failed:
        raise Refused(f"{path} cannot be read: {failed.strerror}.") from failed
