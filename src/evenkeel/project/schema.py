"""The tables of the database follow the software, without being asked."""

import pkgutil
import sys
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.recorder import MigrationRecorder

from evenkeel.core.database import DatabaseUnavailable

ONE_AT_A_TIME = 0x65_76_65_6E  # the number of our advisory lock: "even"


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


def bring_up_to_date() -> bool:
    """Apply what is missing, once, however many processes find out together."""
    if not pending():
        return False
    sys.stderr.write("Bringing the database up to date …\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            if pending():
                call_command("migrate", verbosity=0, interactive=False)
        except MigrationSchemaMissing:
            where = connection.settings_dict
            raise DatabaseUnavailable(
                f"The account {where['USER']} may not make tables in the database {where['NAME']};"
                f" let it own the database: ALTER DATABASE {where['NAME']} OWNER TO"
                f" {where['USER']};"
            ) from None
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
    return True
