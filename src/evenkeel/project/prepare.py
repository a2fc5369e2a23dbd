"""What `run` does before it serves: bring the tables up to date, fill an empty database."""

import os
import sys

import django

from evenkeel.core.database.parent import end_with_parent


def main() -> int:
    end_with_parent()
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenkeel.project.settings"
    django.setup()
    from evenkeel.core import cli  # noqa: PLC0415  (needs Django)
    from evenkeel.project import schema  # noqa: PLC0415
    from evenkeel.project.settings import HERE  # noqa: PLC0415

    schema.bring_up_to_date()
    return cli.main(["demo", "--if-empty"]) if HERE.demo else 0


if __name__ == "__main__":
    sys.exit(main())
