"""The web server: granian, with a handful of threads in each of a few processes."""

import os

from granian import Granian
from granian.constants import Interfaces

from evenkeel.core.database.parent import end_with_parent
from evenkeel.project import environment

THREADS = 4  # per process; each has its own connection to the database


def main(application: str = "evenkeel.project.wsgi:application") -> None:
    end_with_parent()
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
    ).serve()


if __name__ == "__main__":
    main()
