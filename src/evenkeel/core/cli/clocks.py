"""`evenkeel clocks prove N`: hold the engine against a clock on every minute, N times."""

import argparse
import sys
import time
from typing import Any

from evenkeel.core.clocks import proving


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("clocks", help="clocks prove N: check the arithmetic of targets")
    parser.add_argument("what", choices=["prove"])
    parser.add_argument("count", type=int, nargs="?", default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, help="repeat the run that named it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare random histories; 1 where any disagrees."""
    seed = time.time_ns() % 1_000_000_000 if options.seed is None else options.seed
    faults = 0
    for done, found in proving.prove(options.count, seed):
        faults += len(found)
        for fault in found[:3]:
            sys.stdout.write(f"{fault}\n")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} of {options.count} histories")
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    said = f"{options.count:,} histories (seed {seed}): "
    agree = "the engine and a clock on every minute agree on all of them."
    sys.stdout.write(f"{said}{f'{faults} disagreements.' if faults else agree}\n")
    return 1 if faults else 0
