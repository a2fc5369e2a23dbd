"""The web server: granian, with a handful of threads in each of a few processes.

What they serve is loaded before they are forked, so that they hold it in memory once.
"""

import importlib
import os
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from evenkeel.core.database.parent import end_with_parent
from evenkeel.project import children, environment

THREADS = 3  # per process; each has its own connection to the database, of 15 MB


def main(application: str = "evenkeel.project.wsgi:application") -> None:
    end_with_parent()
    load(application)
    os.register_at_fork(after_in_child=partial(_follow, os.getpid()))
    children.keep_shared()
    here = environment.read(os.environ)
    Granian(
        application,
        address=here.listen,
        port=here.port,
        interface=Interfaces.WSGI,
        workers=here.workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_dictconfig=_logs(here.logs),
    ).serve()


def _logs(form: str) -> dict[str, Any] | None:
    """What granian says of itself, in the form in which all else is said."""
    if form != "json":
        return None
    lines = {"()": "evenkeel.core.operation.lines.JsonLines"}
    return {"formatters": {"generic": lines, "access": lines}}


def load(application: str) -> None:
    """Everything that a page may need, and no connection yet: those are not for sharing."""
    importlib.import_module(application.partition(":")[0])


def _follow(head: int) -> None:
    """A process of the web server that outlived it would go on answering on the same port."""
    end_with_parent()  # what `wsgi` asked of the system holds for the head alone
    if os.getppid() != head:  # it ended before we asked
        os._exit(1)


if __name__ == "__main__":
    main()
