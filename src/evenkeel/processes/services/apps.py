"""Installing this app is registering the services."""

from typing import Any

from django.db import connection
from django.db.models.signals import post_migrate

from evenkeel.core import process


class ServicesConfig(process.ProcessConfig):
    """The service portfolio, so far by name, and the agreements about it."""

    name = "evenkeel.processes.services"
    title = "Services and agreements"
    place = 70
    code = "SPM"

    def ready(self) -> None:
        super().ready()
        post_migrate.connect(record_starters, sender=self)


def record_starters(**_: Any) -> None:
    """After the tables are there: what is promised to everybody, where nothing is agreed yet."""
    from evenkeel.processes.services.actions import starter  # noqa: PLC0415  (needs the models)

    if "services_agreementversion" in connection.introspection.table_names():
        starter.record_default()
