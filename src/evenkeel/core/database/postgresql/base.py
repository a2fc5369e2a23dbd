"""PostgreSQL as Django speaks to it, but for two things that every request would pay for.

Moments are read by psycopg's compiled reader.
Django puts a reader of its own before it, in plain Python, that sets the zone of the connection,
and looks with each cursor whether it is there. Ours is UTC on every connection, which the compiled
one knows, too; and a list of fifty records has a hundred and fifty moments.

A connection that was kept is asked whether it still stands without a word to the server: one that
waits for nothing and has nothing to read stands; a server that ends says so before it goes.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from psycopg import RawCursor
from psycopg.pq import Format, TransactionStatus

_OID = psycopg.adapters.types["timestamptz"].oid
_Reader: Any = psycopg.adapters.get_loader(_OID, Format.TEXT)


class _Operations(operations.DatabaseOperations):
    """What Django asks of a database beside its queries."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """For those who count or log queries; numbered places stay as they are."""
        if isinstance(cursor, RawCursor):
            return sql
        return str(super().last_executed_query(cursor, sql, params))


class DatabaseWrapper(base.DatabaseWrapper):
    """What settings name as the engine."""

    ops_class = _Operations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that reads moments fast."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader(_OID, _Reader)
        return connection

    def is_usable(self) -> bool:
        """Does the connection still stand? One that is idle, with nothing to read, does."""
        held = self.connection
        if held is None or held.closed:
            return False
        asked = select.poll()  # `select` itself cannot watch a file beyond the thousandth
        asked.register(held.fileno(), select.POLLIN | select.POLLPRI)
        is_idle = held.info.transaction_status == TransactionStatus.IDLE
        return (is_idle and not asked.poll(0)) or bool(super().is_usable())

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor; one with a name leaves its rows on the server until they are asked for."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)

    def numbered_cursor(self) -> Any:
        """A cursor for SQL with numbered places (see `core.database.numbered`)."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(RawCursor(self.connection))  # type: ignore[attr-defined]
