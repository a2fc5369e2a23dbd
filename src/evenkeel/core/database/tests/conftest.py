"""A data folder that the account of PostgreSQL can reach, and that is gone afterwards."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from evenkeel.core.database import access, keeper


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="evenkeel-home-"))
    yield folder
    if keeper.is_alive(folder):
        with suppress(ProcessLookupError):
            os.kill(keeper.pid(folder), signal.SIGTERM)
        access.wait_for_keeper(folder)
    shutil.rmtree(folder, ignore_errors=True)
