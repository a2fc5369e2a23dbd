"""PostgreSQL as Django speaks to it, but for moments: psycopg's compiled reader reads them.

Django puts a reader of its own before it, in plain Python, that sets the zone of the connection,
and looks with each cursor whether it is there. Ours is UTC on every connection, which the compiled
one knows, too; and a list of fifty records has a hundred and fifty moments.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import Format

_OID = psycopg.adapters.types["timestamptz"].oid
_Reader: Any = psycopg.adapters.get_loader(_OID, Format.TEXT)


class DatabaseWrapper(base.DatabaseWrapper):
    """What settings name as the engine."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that reads moments fast."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader(_OID, _Reader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor; one with a name leaves its rows on the server until they are asked for."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)
