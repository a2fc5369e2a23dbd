"""The worker: does the jobs that wait in the database, and those of the timetable.

What may take minutes (an import, a backup) is done beside the rest, one after the other.
"""

import asyncio
import sys
from typing import Any

from evenkeel.core.database.parent import end_with_parent
from evenkeel.project.opening import set_up_django

# Seconds that the worker waits for a connection. When the database went away it ends at once,
# and is started again, rather than hold up the end of everything for the pool's half minute.
PATIENCE = 2.0
LOOKS_EVERY = 1.0  # seconds, for long jobs; to be told of them would take one more connection


def load() -> None:
    """Everything that a job may need, and no connection yet."""
    set_up_django()
    import procrastinate.contrib.django  # noqa: F401, PLC0415  (needs Django)

    from evenkeel.core.jobs import faults  # noqa: F401, PLC0415


def main() -> int:
    end_with_parent()
    load()
    from procrastinate import PsycopgConnector  # noqa: PLC0415  (needs Django)
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415

    connector = PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE, min_size=1)
    try:
        with app.replace_connector(connector) as working:
            asyncio.run(_work(working))
    except ConnectorException as fault:
        sys.stderr.write(f"The database went away: {fault.__cause__ or fault}\n")
        return 1
    return 0


async def _work(app: Any) -> None:
    """Both queues until we are asked to end, or one of them cannot be read."""
    from evenkeel.core.jobs import LONG, USUAL, faults  # noqa: PLC0415  (needs Django)

    keeping = [faults.note]

    async with app.open_async():
        usual = asyncio.create_task(app.run_worker_async(queues=[USUAL], task_middleware=keeping))
        long = asyncio.create_task(
            app.run_worker_async(
                queues=[LONG],
                task_middleware=keeping,
                install_signal_handlers=False,  # the other one hears that it should end
                listen_notify=False,
                fetch_job_polling_interval=LOOKS_EVERY,
            )
        )
        _, others = await asyncio.wait({usual, long}, return_when=asyncio.FIRST_COMPLETED)
        for one in others:
            one.cancel()
        ends = await asyncio.gather(usual, long, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


if __name__ == "__main__":
    sys.exit(main())
