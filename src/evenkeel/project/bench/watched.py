"""Web server and worker as `evenkeel run` watches them, with counted queries.

A process of its own, so that what the watching takes is measured with the rest.
"""

import os
import sys

from evenkeel.core.database.parent import end_with_parent
from evenkeel.project import environment, launch


def main() -> None:
    end_with_parent()
    launch.watch(
        environment.read(os.environ), "evenkeel.project.bench.counted:application", ready=_tell
    )


def _tell(web: int) -> None:
    sys.stdout.write(f"{web}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
