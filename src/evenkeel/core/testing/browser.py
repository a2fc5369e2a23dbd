"""pytest plugin: a real Chromium for the tests that look at pages (`browser`, from Playwright).

In CI these tests must run; elsewhere they are skipped, with a hint, where no Chromium is."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HINT = "no Chromium here: install it (Debian, Ubuntu: apt-get install chromium)"
# Quiet, and without a word to the outside.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, installed first if this machine is ours to install on."""
    path = _found() or _installed()
    if path is None:
        outcome = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        outcome(HINT)
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """One browser for the run; take `browser.new_context()` for a fresh visitor."""
    from django.db import connections  # noqa: PLC0415  (only now may the settings be read)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (slow, and few tests need it)

    # Playwright runs an event loop in this thread; Django need not fear it. It takes a connection
    # of its own from then on, and the one before would stay in the database for ever.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    connections.close_all()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _installed() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        if subprocess.run(command, capture_output=True, check=False, env=environment).returncode:
            return None
    return _found()
