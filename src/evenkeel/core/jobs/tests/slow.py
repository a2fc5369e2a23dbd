"""Jobs for the tests, and a worker that knows them: `python -c "…; slow.work()"`."""

import os
import time
from pathlib import Path

from evenkeel.core.jobs import job, long_job

A_LONG_TIME = 60.0  # seconds


@job
def write_twice(folder: str) -> None:
    """Say who began; the second time, that it is done. The first time takes long."""
    begun = Path(folder) / "begun"
    if not begun.exists():
        begun.write_text(str(os.getpid()))
        time.sleep(A_LONG_TIME)
    (Path(folder) / "done").write_text(str(os.getpid()))


@long_job
def wait_for_the_other(folder: str) -> None:
    """Begin, and end when a job of the usual sort has been done meanwhile."""
    (Path(folder) / "begun").touch()
    for _ in range(600):
        if (Path(folder) / "other").exists():
            (Path(folder) / "done").touch()
            return
        time.sleep(A_LONG_TIME / 600)


@job
def be_quick(folder: str) -> None:
    """What must not wait for what takes long."""
    (Path(folder) / "other").touch()


@job
def fail() -> None:
    """Never succeed."""
    raise RuntimeError("as the test wants it")
