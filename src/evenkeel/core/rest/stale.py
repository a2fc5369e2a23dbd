"""A stale If-Match: what the version that was read said, and what the record says now."""

from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.records.versions import columns_at
from evenkeel.core.rest.names import by_key
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Stale
from evenkeel.core.web.screen import screens


def problem(refused: Stale, user: User) -> Problem:
    """412, with both versions of the fields that differ and that this user may see."""
    record, was = refused.record, columns_at(refused.record, refused.expected)
    now = {column: as_plain(getattr(record, column)) for column in was}
    names = _shown(record, user)
    named = by_key(type(record), [was, now], user)
    yours, theirs = (
        {names[column]: value for column, value in version.items() if column in names}
        for version in named
    )
    return Problem(
        412,
        str(refused),
        {"version": record.version, "yours": yours, "theirs": theirs},
        headers={"ETag": f'"{record.version}"'},
    )


def _shown(record: Record, user: User) -> dict[str, str]:
    """Column -> field, of those that this user may see."""
    fields = {field.attname: field.name for field in record._meta.concrete_fields}
    screen = screens.get(record.collection)
    shown = set(screen.shown(tuple(fields.values()), user)) if screen else set()
    return {column: name for column, name in fields.items() if name in shown}
