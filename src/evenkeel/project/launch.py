"""`evenkeel run`: database, tables, demo, web server and worker; one Ctrl-C ends them all."""

import argparse
import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType

from evenkeel.core.database import access
from evenkeel.core.database.parent import end_with_parent
from evenkeel.project import children, environment, opening
from evenkeel.project.children import Child
from evenkeel.project.environment import Environment

LOOKS_EVERY = 0.2  # seconds
PORT_PATIENCE = 3.0  # seconds; a server that was killed may still be letting go of its port
START_PATIENCE = 60.0
APPLICATION = "evenkeel.project.wsgi:application"
EVERYWHERE = "0.0.0.0"  # noqa: S104  (only recognised, never chosen)


class LaunchFailed(Exception):
    """Something that `run` needs is missing. The text is one sentence that says what to do."""


class _Asked(Exception):
    """Ctrl-C, or a polite kill."""


def run(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    if options.port:
        os.environ["EVENKEEL_PORT"] = options.port
    if options.no_demo:
        os.environ["EVENKEEL_DEMO"] = "no"
    here = environment.read(os.environ)
    if options.with_parent:
        end_with_parent()
    try:
        with _interruptible():
            _check_port(here)
            with opening.database(here):
                _serve(here)
    except _Asked:
        _say("Stopped.")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("evenkeel run", description=__doc__)
    parser.add_argument("--port", help="where the pages are (EVENKEEL_PORT; 8000)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.add_argument("--with-parent", action="store_true", help="end when the caller ends")
    return parser.parse_args(arguments)


@contextmanager
def _interruptible() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        # Once is enough: a second Ctrl-C must not break the orderly end.
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, signal.SIG_IGN)
        raise _Asked

    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, stop)
    yield


def _check_port(here: Environment) -> None:
    """The web server would share a taken port without a word (SO_REUSEPORT), so ask first."""
    deadline = time.monotonic() + PORT_PATIENCE
    while fault := _fault_of_port(here):
        if fault != errno.EADDRINUSE:
            raise LaunchFailed(
                f"EVENKEEL_LISTEN={here.listen}, port {here.port}: {os.strerror(fault)}."
            )
        if time.monotonic() > deadline:
            raise LaunchFailed(
                f"port {here.port} is taken by another program; stop that program, or choose "
                f"another port: make run PORT={here.port + 1}, evenkeel run --port {here.port + 1}."
            )
        time.sleep(LOOKS_EVERY)


def _fault_of_port(here: Environment) -> int:
    family = socket.AF_INET6 if ":" in here.listen else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((here.listen, here.port))
        except OSError as fault:
            return fault.errno or errno.EINVAL
    return 0


def _serve(here: Environment) -> None:
    _prepare()
    with _serving(here) as staff:
        _say(f"Evenkeel runs at {address(here)} – Ctrl-C stops it. Its data is in {here.home}.")
        while True:
            _look_after(here, staff)


def watch(here: Environment, application: str, ready: Callable[[int], None]) -> None:
    """The same where all is prepared; `ready` hears which process heads the web server."""
    with (
        contextlib.suppress(_Asked),
        _interruptible(),
        opening.database(here),
        _serving(here, application) as staff,
    ):
        ready(staff[0].pid)
        while True:
            _look_after(here, staff)


@contextmanager
def _serving(here: Environment, application: str = APPLICATION) -> Iterator[list[Child]]:
    """Web server and worker run, and the web server has answered, while the block does."""
    from evenkeel.project import web, worker  # noqa: PLC0415  (large; only `run` needs them)

    logs = here.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    web.load(application)
    worker.load()
    children.keep_shared()
    staff = [
        Child("evenkeel-web", partial(web.main, application), logs / "web.log"),
        Child("evenkeel-worker", worker.main, logs / "worker.log"),
    ]
    try:
        for child in staff:
            child.start()
        _await_web(here, staff)
        yield staff
    finally:
        children.end(staff)


def _prepare() -> None:
    """In a process of its own, so that this one, which only watches, stays small."""
    command = [sys.executable, "-m", "evenkeel.project.prepare"]
    process = subprocess.Popen(command)
    try:
        if process.wait():
            raise LaunchFailed("the database could not be prepared; the reason stands above.")
    except _Asked:
        process.terminate()
        process.wait()
        raise


def _await_web(here: Environment, staff: Sequence[Child]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while not _has_answered(here):
        if time.monotonic() > deadline:
            raise LaunchFailed(f"the web server does not answer; see {staff[0].log}.")
        _look_after(here, staff)


def _has_answered(here: Environment) -> bool:
    """Any answer will do: it shows that the pages are loaded."""
    connection = http.client.HTTPConnection(_reachable(here.listen), here.port, timeout=10)
    try:
        connection.request("GET", "/static/", headers={"Host": "localhost"})
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _look_after(here: Environment, staff: Sequence[Child]) -> None:
    time.sleep(LOOKS_EVERY)
    if here.database_is_ours:
        access.ensure_kept(here.home)
    for child in staff:
        if child.has_given_up:
            raise LaunchFailed(f"{child.name} ended {child.falls} times in a row; see {child.log}.")
        child.look_after()


def address(here: Environment) -> str:
    host = _reachable(here.listen)
    return f"http://{f'[{host}]' if ':' in host else host}:{here.port}"


def _reachable(host: str) -> str:
    return {EVERYWHERE: "127.0.0.1", "::": "::1"}.get(host, host)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
