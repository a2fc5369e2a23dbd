"""The board in plain values, for programs and commands."""

from typing import Any

from evenkeel.core.clocks.board import PARTS
from evenkeel.core.records.plain import as_plain
from evenkeel.core.rules.inputs import reference
from evenkeel.core.web.board.asking import Asked
from evenkeel.core.web.board.rows import Row


def item(row: Row) -> dict[str, Any]:
    """A row; durations are whole seconds of service hours."""
    record, clock = row.record, row.clock
    return {
        "number": record.number,
        "title": record.title,
        "state": record.state,
        "priority": record.priority,
        "service": reference(record.service) if record.service else None,
        "team": reference(record.team) if record.team else None,
        "case_owner": reference(record.case_owner) if record.case_owner else None,
        "clock": clock.kind,
        "due_at": as_plain(clock.due_at if row.runs else None),
        "paused_for": row.why or None,
        "target": row.course.target,
        "elapsed": row.course.counted,
        "paused": row.course.paused,
        "expected": row.course.expected,
    }


def totals(asked: Asked) -> dict[str, int]:
    """How many cases each part holds, counted to one more than the page says."""
    return {part: asked.board.count(part) for part in PARTS}
