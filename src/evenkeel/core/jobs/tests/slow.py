"""Jobs for the tests, and a worker that knows them: `python -c "…; slow.work()"`."""

import os
import time
from pathlib import Path

from evenkeel.core.jobs import job

A_LONG_TIME = 60.0  # seconds


@job
def write_twice(folder: str) -> None:
    """Say who began; the second time, that it is done. The first time takes long."""
    begun = Path(folder) / "begun"
    if not begun.exists():
        begun.write_text(str(os.getpid()))
        time.sleep(A_LONG_TIME)
    (Path(folder) / "done").write_text(str(os.getpid()))


@job
def fail() -> None:
    """Never succeed."""
    raise RuntimeError("as the test wants it")
