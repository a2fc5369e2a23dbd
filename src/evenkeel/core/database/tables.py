"""Which tables the software needs, and which of them the database lacks."""

import pkgutil
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def written() -> set[tuple[str, str]]:
    """The migrations that lie in the code."""
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if not module.name.startswith("_")
    }


def pending() -> set[tuple[str, str]]:
    """Migrations that lie in the code and are not in the database; files are only listed."""
    return written() - set(MigrationRecorder(connection).applied_migrations())
