"""The figures as a table, for people and for docs/operating/performance.md."""

import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evenkeel.project.bench.operations import OPERATIONS

Results = dict[str, Any]
AIMS = {operation.name: operation.aim for operation in OPERATIONS}


def machine() -> dict[str, Any]:
    """On what it was measured."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processors": os.cpu_count(),
        "model": models[0] if models else platform.machine(),
        "memory": memory,
        "python": platform.python_version(),
        "million": a_million(),
    }


def a_million() -> int:
    """Milliseconds of processor time for a million steps of Python: how busy the machine is."""
    began = time.process_time()
    sum(number * number for number in range(1_000_000))
    return round(1000 * (time.process_time() - began))


def wrong(results: Results) -> list[str]:
    """Operations that were answered otherwise than they should be."""
    return [
        f"{name} at {size['incidents']:,}: {one['wrong_answers']}"
        for size in results["sizes"]
        for name, measured in size["operations"].items()
        for one in measured
        if one["wrong_answers"]
    ]


def table(results: Results) -> str:
    """In Markdown."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    sizes = results["sizes"]
    last = sizes[-1]
    where = results["machine"]
    yield f"{where['model']}, {where['processors']} processors, Python {where['python']};"
    steps = [str(where["million"]), *(str(size["million"]) for size in sizes)]
    yield f"a million steps of plain Python took {', '.join(steps)} ms: first, and after each size."
    yield ""
    yield "Milliseconds of processor time per request, of server and database together,"
    yield "in the round that was disturbed least:"
    yield ""
    heads = [f"{size['incidents']:,}" for size in sizes]
    yield _row(["operation", *heads, "aim", "growth", "times the floor", "queries"])
    yield _row(["---", *["--:"] * (len(heads) + 4)])
    for name in last["operations"]:
        spent = [size["operations"][name][0]["processor"] for size in sizes]
        floor = last["floors"].get(name)
        yield _row(
            [
                name,
                *(f"{value:.1f}" for value in spent),
                f"{AIMS[name]:g}",
                ratio(spent[-1], spent[0]),
                ratio(spent[-1], floor),
                str(last["operations"][name][0]["queries"]),
            ]
        )
    yield ""
    for size in sizes:
        yield from _of_one_size(size)
    yield from (f"WRONG: {line}" for line in wrong(results))


def _of_one_size(size: dict[str, Any]) -> Iterator[str]:
    filled = size["filled"]
    yield f"At {size['incidents']:,} incidents, filled in {filled['seconds']:,} s; milliseconds:"
    yield ""
    yield _row(
        [
            *("operation", "median", "p95", "median of 8", "p95 of 8"),
            *("server", "database", "dearest round", "floor"),
        ]
    )
    yield _row(["---", *["--:"] * 8])
    for name, (alone, crowd) in size["operations"].items():
        times = [alone["median"], alone["p95"], crowd["median"], crowd["p95"]]
        times += [alone["server"], alone["database"], max(alone["rounds"])]
        floor = size["floors"].get(name)
        yield _row([name, *(f"{time:.1f}" for time in times), "–" if floor is None else f"{floor}"])
    yield ""
    yield f"Memory of all processes: {size['memory'] / 1e6:.0f} MB."
    yield ""


def of_clocks(found: Results) -> str:
    """What running clocks cost, in Markdown."""
    aims = {"fall due": (found["falling"], 60), "compare": (found["recomputed"], 120)}
    aims["move"] = aims["compare"]
    lines = [
        f"{found['clocks']:,} clocks run:",
        "",
        _row(["clocks that", "how many", "seconds", "aim", "of processor", "longest step"]),
        _row(["---", *["--:"] * 5]),
    ]
    wrong = []
    for name, one in found["spent"].items():
        expected, aim = aims[name]
        times = [f"{one['seconds']:.1f}", str(aim), f"{one['processor']:.1f}"]
        lines.append(_row([name, f"{one['count']:,}", *times, f"{one['longest']:.1f}"]))
        if one["count"] != expected:
            wrong.append(f"WRONG: {name}: {one['count']:,} clocks instead of {expected:,}")
    return "\n".join([*lines, *wrong]) + "\n"


def ratio(value: float, base: float | None) -> str:
    return f"{value / base:.1f}×" if base else "–"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
