"""Targets: within how long what has to happen, for each priority; written as people write them."""

import re
from collections.abc import Iterable, Mapping

from evenkeel.core.clocks.calendar import Unclear

KINDS = ("response", "resolution", "fulfilment", "update")
MAJOR, LOWEST = 0, 5  # what major incidents are promised stands above P1
LEVELS = {MAJOR: "Major", **{priority: f"P{priority}" for priority in range(1, LOWEST + 1)}}
Targets = Mapping[tuple[str, int], int]  # kind and priority -> seconds
_LINE = re.compile(r"(?:P([1-5])|[Mm]ajor)\s*:\s*(.+)")
_PART = re.compile(r"(\w+)\s+(.+)")
_TIME = re.compile(r"(?:(\d+)\s*h(?:ours?)?)?\s*(?:(\d+)\s*(?:min(?:utes?)?|m))?")


def read(text: str) -> dict[tuple[str, int], int]:
    """ "P1: response 30 min, resolution 4 h", a line for each priority. Raises Unclear."""
    found: dict[tuple[str, int], int] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if not (match := _LINE.fullmatch(line)):
            raise Unclear(
                f"“{line}” names no priority; a line is “P1: resolution 4 h”, or “Major: …”."
            )
        priority = int(match[1] or MAJOR)
        for part in match[2].split(","):
            kind, seconds = _part(part.strip())
            if (kind, priority) in found:
                raise Unclear(f"{LEVELS[priority]} has two targets of {kind}.")
            found[kind, priority] = seconds
    if not found:
        raise Unclear("There is at least one target: “P1: response 30 min, resolution 4 h”.")
    return found


def written(targets: Targets) -> str:
    """The same as text, the gravest first."""
    lines = []
    for priority, level in LEVELS.items():
        parts = [f"{k} {within(targets[k, priority])}" for k in KINDS if (k, priority) in targets]
        if parts:
            lines.append(f"{level}: {', '.join(parts)}")
    return "\n".join(lines)


def within(seconds: int) -> str:
    """ "4 h", "30 min", "1 h 30 min"."""
    hours, minutes = divmod(seconds // 60, 60)
    said = [f"{hours} h"] if hours else []
    return " ".join([*said, f"{minutes} min"] if minutes or not hours else said)


def promised(targets: Targets, kind: str, priority: int, *, is_major: bool) -> int | None:
    """What is promised at a priority; to major incidents their own, where there is such a set."""
    usual = targets.get((kind, priority))
    return targets.get((kind, MAJOR), usual) if is_major else usual


def as_rows(targets: Targets) -> list[list[str | int]]:
    """As JSON keeps them."""
    return [[kind, priority, seconds] for (kind, priority), seconds in sorted(targets.items())]


def of_rows(rows: Iterable[list[str | int]]) -> dict[tuple[str, int], int]:
    """The other way round."""
    return {(str(kind), int(priority)): int(seconds) for kind, priority, seconds in rows}


def _part(text: str) -> tuple[str, int]:
    match = _PART.fullmatch(text)
    if not match or match[1].lower() not in KINDS:
        raise Unclear(f"“{text}” is no target; there are {', '.join(KINDS)}: “resolution 4 h”.")
    time = _TIME.fullmatch(match[2].strip())
    seconds = 3600 * int(time[1] or 0) + 60 * int(time[2] or 0) if time else 0
    if not 0 < seconds < 3600 * 10_000:
        raise Unclear(f"“{match[2]}” is no time; one is “30 min”, “4 h” or “1 h 30 min”.")
    return match[1].lower(), seconds
