"""The tables of the database follow the software, without being asked."""

import sys

from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import MigrationSchemaMissing

from evenkeel.core.database import DatabaseUnavailable
from evenkeel.core.database.tables import pending

ONE_AT_A_TIME = 0x65_76_65_6E  # the number of our advisory lock: "even"


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
