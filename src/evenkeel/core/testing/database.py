"""pytest plugin (`-p evenkeel.core.testing.database`): one throw-away PostgreSQL for the run.

It starts before the settings are read; workers of a parallel run inherit the address."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest

from evenkeel.core.database import access, cluster
from evenkeel.core.database.server import Server

# Nothing has to survive a test run.
OURS = "PYTEST_STARTED_POSTGRESQL"  # set where the server goes with the run, and all in it
CARELESS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def _start() -> None:
    """Give this run a data folder of its own and, unless one is named, a server."""
    home = Path(tempfile.mkdtemp(prefix="evenkeel-test-"))
    mine = os.getpid()
    os.environ["EVENKEEL_HOME"] = str(home)
    os.environ["EVENKEEL_SECRET_KEY"] = "only for tests, " * 4
    server = None
    if "DATABASE_URL" not in os.environ:
        server = Server(cluster.prepare(home, CARELESS), home / "postgresql.log")
        server.start()
        os.environ["DATABASE_URL"] = cluster.url(home)
        os.environ[OURS] = "yes"

    def finish() -> None:
        if os.getpid() == mine:
            if server:
                server.stop()
            shutil.rmtree(home, ignore_errors=True)

    atexit.register(finish)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Tests sign in often and must not forgive a misspelt template variable."""
    config.option.reuse_db |= OURS in os.environ  # nobody takes down what is thrown away
    from django.conf import settings  # noqa: PLC0415  (only now may the settings be read)

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    engines: list[Any] = settings.TEMPLATES
    for engine in engines:
        if engine["BACKEND"].endswith("Jinja2"):
            engine["OPTIONS"]["undefined"] = jinja2.StrictUndefined


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data folder that the account of PostgreSQL can reach, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="evenkeel-home-"))
    yield folder
    access.abandon(folder)
    shutil.rmtree(folder, ignore_errors=True)


_start()
