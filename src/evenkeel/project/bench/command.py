"""`evenkeel bench`: fill, drive, measure, for one size after the other."""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evenkeel.core.database import cluster
from evenkeel.project import environment, launch, opening
from evenkeel.project.bench import cost, floor, report
from evenkeel.project.bench.driving import Visitor
from evenkeel.project.bench.measuring import Machinery, measure
from evenkeel.project.bench.operations import Facts, Operation, named
from evenkeel.project.environment import Environment

SIZES = "10000,100000,1000000"
CLOCKS, FALLING = 1_000_000, 100  # one in so many falls due in the same minute


def run(arguments: Sequence[str]) -> int:
    """Measure, write the figures as JSON, print them as a table; 1 if an answer was wrong."""
    options = _options(arguments)
    os.environ.pop("DATABASE_URL", None)  # a bench has databases of its own, and fills them
    rooms = options.home or environment.read(os.environ).home / "bench"
    if options.clocks:
        return _run_clocks(rooms / f"clocks-{options.clocks}", options)
    results: dict[str, Any] = {"machine": report.machine(), "sizes": []}
    for size in options.sizes:
        results["sizes"].append(_measure_size(rooms / str(size), size, options))
    text = report.table(results)
    rooms.joinpath("results.json").write_text(json.dumps(results, indent=1))
    rooms.joinpath("results.md").write_text(text)
    sys.stdout.write(f"{text}\nThe figures lie in {rooms}.\n")
    return 1 if report.wrong(results) else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("evenkeel bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--sizes", default=SIZES, type=_sizes,
        help=f"how many incidents, separated by commas ({SIZES})",
    )  # fmt: skip
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="operations that begin so; repeatable"
    )
    parser.add_argument(
        "--clocks", type=int, nargs="?", const=CLOCKS, metavar="N",
        help=f"measure running clocks instead, so many ({CLOCKS:,})",
    )  # fmt: skip
    parser.add_argument(
        "--requests",
        type=int,
        default=200,
        help="of each kind, alone, in each of three rounds (200)",
    )
    parser.add_argument("--home", type=Path, help="the folder of the databases and the figures")
    parser.add_argument("--anew", action="store_true", help="fill again what was filled before")
    return parser.parse_args(arguments)


def _sizes(text: str) -> list[int]:
    sizes = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError(f"{text}: whole numbers above 0, with commas between")
    return sizes


def _measure_size(home: Path, size: int, options: argparse.Namespace) -> dict[str, Any]:
    if options.anew or not (home / "filled.json").exists():
        shutil.rmtree(home, ignore_errors=True)
    os.environ |= {"EVENKEEL_HOME": str(home), "EVENKEEL_PORT": str(_free_port())}
    here = environment.read(os.environ)
    with opening.database(here):
        facts = _facts(size)
        operations = list(named(options.only or [""]))
        with _serving(here, options.requests) as machinery:
            measured = dict(_measured(operations, facts, machinery))
            million = report.a_million()
            memory = cost.memory([*cost.family(os.getpid())[1:]])
            floors = floor.measure(here.database_url, facts, machinery.database)
    return {
        "incidents": size,
        "filled": facts["filled"],
        "memory": memory,
        "million": million,
        "operations": measured,
        "floors": floors,
    }


def _run_clocks(home: Path, options: argparse.Namespace) -> int:
    """Running clocks: what it takes to tell those that fall due, and to recompute a tenth."""
    if options.anew:
        shutil.rmtree(home, ignore_errors=True)
    os.environ["EVENKEEL_HOME"] = str(home)
    falling = max(1, options.clocks // FALLING)
    with opening.database(environment.read(os.environ)):
        found = _said("clocks", options.clocks, falling)
    home.joinpath("results.json").write_text(json.dumps(found, indent=1))
    text = report.of_clocks(found)
    sys.stdout.write(f"{text}\nThe figures lie in {home}.\n")
    return 1 if "WRONG" in text else 0


def _measured(
    operations: list[Operation], facts: Facts, machinery: Machinery
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name, found in measure(operations, facts, machinery, lambda: Visitor(machinery.port)):
        alone = found[0]
        sys.stderr.write(
            f"{name}: {alone.processor:.1f} ms of processor, {alone.queries} queries"
            f"{', WRONG: ' + str(alone.wrong_answers) if alone.wrong_answers else ''}\n"
        )
        yield name, [one.as_dict() for one in found]


@contextmanager
def _serving(here: Environment, requests: int) -> Iterator[Machinery]:
    command = [sys.executable, "-m", "evenkeel.project.bench.watched"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        try:
            web = watching.stdout.readline() if watching.stdout else ""
            if not web:
                raise launch.LaunchFailed("the servers did not start; the reason stands above.")
            pid_file = cluster.data_folder(here.home) / "postmaster.pid"
            database = int(pid_file.read_text().split()[0])
            yield Machinery(here.port, int(web), database, here.database_url, requests)
        finally:
            watching.terminate()


def _facts(size: int) -> Facts:
    facts: Facts = _said("preparing", size)
    return facts


def _said(program: str, *sizes: int) -> dict[str, Any]:
    """What a program of its own prints; the settings that it reads name one database."""
    command = [sys.executable, "-m", f"evenkeel.project.bench.{program}", *map(str, sizes)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise launch.LaunchFailed(
            "the database could not be filled, or measured; the reason stands above."
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
