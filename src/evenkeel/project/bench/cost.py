"""What processes cost, read from the system: processor time and memory."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # of processor time, in a second
PARENT, OF_PROCESSOR = 1, slice(11, 15)  # in /proc/PID/stat, after the name


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {int(path.name): _fields(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    found = [root]
    for pid in found:
        found += [child for child, row in parents.items() if row and int(row[PARENT]) == pid]
    return found


def processor_seconds(root: int) -> float:
    """Of a process and its descendants, those that have ended included."""
    return sum(sum(map(int, _fields(pid)[OF_PROCESSOR])) for pid in family(root)) / TICKS


def memory(pids: list[int]) -> int:
    """Bytes in use by processes; what several share is divided among them (PSS)."""
    return sum(map(_memory_of, pids))


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:  # it has ended
        return []


def _memory_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
