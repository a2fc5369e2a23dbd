"""SQL that is made once and asked often: with numbered places, as PostgreSQL itself wants them.

psycopg turns "%s" into "$1" each time a long statement is executed; here it is done once.
"""

import itertools
import re
from typing import Any

from django.db import connection

_PLACE = re.compile("%[s%]")


def numbered(sql: str) -> str:
    """`a = %s AND b LIKE '%%x'` -> `a = $1 AND b LIKE '%x'`."""
    number = itertools.count(1)
    return _PLACE.sub(lambda found: f"${next(number)}" if found[0] == "%s" else "%", sql)


def cursor() -> Any:
    """A cursor that takes such SQL, on the connection of this thread."""
    return connection.numbered_cursor()  # type: ignore[attr-defined]  # our own engine has it
