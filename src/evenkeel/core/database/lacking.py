"""What the software lacks at the moment, by a fault that it met: room on the disk, or the database.

Neither is a mistake of the software nor of whoever asked, and both are told in other words.
"""

import errno
from collections.abc import Iterator
from enum import Enum

import psycopg
from django.db import InterfaceError, OperationalError

_GONE = ("08", "57P")  # classes of SQLSTATE: connection failed; shut down, crashed, starting up


class Lack(Enum):
    """What is missing."""

    ROOM = "room"
    DATABASE = "database"


def of(fault: BaseException | None) -> Lack | None:
    """What the fault, or one that it came of, says is missing; None for any other."""
    for one in _causes(fault):
        if isinstance(one, psycopg.errors.DiskFull) or (
            isinstance(one, OSError) and one.errno in {errno.ENOSPC, errno.EDQUOT}
        ):
            return Lack.ROOM
        if isinstance(one, OperationalError | InterfaceError) and _is_gone(one.__cause__):
            return Lack.DATABASE
    return None


def _is_gone(cause: BaseException | None) -> bool:
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_GONE)


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if fault is None:
            return
        yield fault
        fault = fault.__cause__ or fault.__context__
