"""The kernel as one Django app."""

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone


class CoreConfig(AppConfig):
    """Knows no process; on start it opens the rooms that declare verbs and screens of its own."""

    name = "evenkeel.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from evenkeel.core import checks  # noqa: F401, PLC0415  (importing registers them)
        from evenkeel.core.clocks import days_off, keeping  # noqa: F401, PLC0415  (verb; turns)
        from evenkeel.core.process import open_rooms  # noqa: PLC0415
        from evenkeel.core.search import indexing  # noqa: F401, PLC0415  (listens to what is written)

        open_rooms("evenkeel.core.directory")
        open_rooms("evenkeel.core.schemes")
        open_rooms("evenkeel.core.replies")
        open_rooms("evenkeel.core.imports")
        open_rooms("evenkeel.core.privacy")
        open_rooms("evenkeel.core.rest")
        open_rooms("evenkeel.core.backups")
        from evenkeel.core.notices import hearing, links  # noqa: F401, PLC0415  (listen to the actions)
        from evenkeel.core.web import directory, jobs, replying, schemes  # noqa: F401, PLC0415  (importing declares them)
        from evenkeel.core.web.together import jobs as together  # noqa: F401, PLC0415  (so do jobs)

        post_migrate.connect(record_starters, sender=self)


def record_starters(**_: Any) -> None:
    """After the tables are there: what every SMS begins with, as far as it is missing."""
    from evenkeel.core.directory import starter as roles  # noqa: PLC0415  (needs the models)
    from evenkeel.core.process import codes  # noqa: PLC0415
    from evenkeel.core.schemes import starter as schemes  # noqa: PLC0415

    if {"core_schemeversion", "core_role"} <= set(connection.introspection.table_names()):
        schemes.record_starters()
        roles.record_roles(codes(), at=timezone.now())
