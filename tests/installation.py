"""An installation beside the one of the tests: a database of its own, used by real processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

EVENKEEL = [sys.executable, "-m", "evenkeel.project"]
LISTS = """
import shlex, sys, django
django.setup()
from evenkeel.core import cli
for asked in sys.argv[1:]:
    cli.main(["list", *shlex.split(asked), "--count"])
"""


class Installation:
    """What its commands and its database say."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.figures: Any = None  # of the first import
        ours = {"DATABASE_URL": url, "EVENKEEL_HOME": str(home)}
        self.environment = {**os.environ, **ours}

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin a command and do not wait for it."""
        return subprocess.Popen(
            [*EVENKEEL, *map(str, arguments)],
            env=self.environment, cwd=self.home, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Run a command to its end: exit code, standard output, standard error."""
        process = self.start(*arguments)
        out, told = process.communicate()
        return process.returncode, out, told

    def bring_in(self, *arguments: str | Path) -> Any:
        """The figures of an import that refused nothing."""
        code, out, told = self.run("import", *arguments, "--json")
        assert code == 0, told
        return json.loads(out)

    def counts(self, *asked: str) -> list[int]:
        """What `evenkeel list … --count` prints, for each of these lists."""
        done = subprocess.run(
            [sys.executable, "-c", LISTS, *asked],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "evenkeel.project.settings"},
            cwd=self.home, text=True, capture_output=True, check=True,
        )  # fmt: skip
        return [int(line) for line in done.stdout.split()]

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query).fetchall()


@contextmanager
def installed(name: str, home: Path) -> Iterator[Installation]:
    """A new database on the server of the tests, with all tables; gone afterwards."""
    whole = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(whole._replace(path=f"/{name}"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            made = Installation(url, home)
            code, _, told = made.run("manage", "migrate", "--verbosity", "0")
            assert code == 0, told
            yield made
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
