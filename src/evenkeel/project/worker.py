"""The worker: does the jobs that wait in the database, and those of the timetable."""

import sys

from evenkeel.core.database.parent import end_with_parent
from evenkeel.project.opening import set_up_django

# Seconds that the worker waits for a connection. When the database went away it ends at once,
# and is started again, rather than hold up the end of everything for the pool's half minute.
PATIENCE = 2.0


def main() -> int:
    end_with_parent()
    set_up_django()
    from procrastinate import PsycopgConnector  # noqa: PLC0415  (needs Django)
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415

    connector = PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE, min_size=1)
    try:
        with app.replace_connector(connector) as working:
            working.run_worker()
    except ConnectorException as fault:
        sys.stderr.write(f"The database went away: {fault.__cause__ or fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
