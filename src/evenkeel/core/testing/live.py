"""pytest plugin: the product as it runs for people, with a database and a demonstration of its own.

`house` is its address; `visit` opens a page in it, signed in, at a width and in a theme."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENCE = 30  # seconds for the server to end
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Visit = Callable[..., "Page"]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Evenkeel that only this run of the tests knows."""
    home, name = tmp_path_factory.mktemp("house"), f"house_{secrets.token_hex(4)}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield from _running(home, urlsplit(server)._replace(path=f"/{name}").geturl())
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _running(home: Path, database: str) -> Iterator[str]:
    port = free_port()
    ours = {"DATABASE_URL": database, "EVENKEEL_HOME": str(home), "EVENKEEL_WORKERS": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "evenkeel.project", "run", "--port", str(port)],
        env={**kept, **ours}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if f"http://127.0.0.1:{port}" in line:
            break
    else:
        pytest.fail(f"Evenkeel did not start: {said}")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.communicate(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def visit(house: str, browser: "Browser") -> Iterator[Visit]:
    """Open an address as somebody of the demonstration: visit("/incidents/", as_="nils").

    The test fails if a script of the page does, or if the page breaks its own security policy.
    """
    contexts: list[Any] = []
    faults: list[str] = []

    def opened(
        address: str, *, as_: str = "", screen: dict[str, int] | None = None, dark: bool = False
    ) -> "Page":
        context = browser.new_context(
            base_url=house,
            viewport=screen or WIDE,  # type: ignore[arg-type]  # a TypedDict, as it happens
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=screen is PHONE,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: _listen(line, faults))
        if as_:
            sign_in(page, as_)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: "Page", login: str) -> None:
    """As a person does, by the form."""
    from evenkeel.core.demo.people import PASSWORD  # noqa: PLC0415  (needs Django)

    page.goto("/accounts/login/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def _listen(line: Any, faults: list[str]) -> None:
    if line.type == "error" and "Content Security Policy" in line.text:
        faults.append(line.text)
