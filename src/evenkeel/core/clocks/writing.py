"""Writing clocks: new ones and those that moved, in one statement."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import connection

from evenkeel.core.clocks.models import Clock
from evenkeel.core.records import copying

AT_ONCE = 1_000
_KEY = ("record_id", "kind", "agreement_id")
# What other hours move: what happened, and what was promised, stays.
_READ = (
    *("calendar_id", "phase", "elapsed", "started_at", "due_at", "warned_at"),
    *("breached_at", "decided_at", "next_at", "told"),
)


def write(clocks: Sequence[Clock]) -> None:
    """Insert or update these clocks; Django's own way takes ten times as long."""
    for start in range(0, len(clocks), AT_ONCE):
        some = clocks[start : start + AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(_statement(len(some)), [value for one in some for value in _row(one)])
        for clock in some:
            clock.is_moved, clock._state.adding = False, False


def write_read(clocks: Sequence[Clock]) -> None:
    """Update clocks that are there and were read by other hours: those columns, by arrays."""
    rows = {one.pk: {name: getattr(one, name) for name in _READ} for one in clocks}
    copying.update(Clock, rows)
    for clock in clocks:
        clock.is_moved = False


@cache
def _columns() -> tuple[str, ...]:
    return tuple(field.attname for field in Clock._meta.concrete_fields if not field.primary_key)


@cache
def _statement(rows: int) -> str:
    names = _columns()
    places = f"({', '.join(['%s'] * len(names))})"
    moved = ", ".join(f"{name} = excluded.{name}" for name in names if name not in _KEY)
    return (
        f"INSERT INTO core_clock ({', '.join(names)}) VALUES {', '.join([places] * rows)}"  # noqa: S608 (ours)
        f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {moved}"
    )


def _row(clock: Clock) -> list[Any]:
    values = [getattr(clock, name) for name in _columns()]
    return [msgspec.json.encode(one).decode() if isinstance(one, list) else one for one in values]
