"""The worker: does the jobs that wait in the database, and those of the timetable."""

import os

import django

from evenkeel.core.database.parent import end_with_parent


def main() -> None:
    end_with_parent()
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenkeel.project.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  (needs Django)

    call_command("procrastinate", "worker")


if __name__ == "__main__":
    main()
