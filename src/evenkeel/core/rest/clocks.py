"""`GET /api/incidents/INC-7/clocks`: what is promised, how it came to that, and in whose hands."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from evenkeel.core.clocks import derivation
from evenkeel.core.clocks.engine import Phase
from evenkeel.core.clocks.models import moment_of
from evenkeel.core.clocks.ownership import Part
from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rest.schema import TEXT, WHOLE, Schema, closed
from evenkeel.core.web import clocks
from evenkeel.core.web.screen import Screen

_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_PART = closed({"name": TEXT, "key": TEXT, "seconds": WHOLE}, required=["name", "key", "seconds"])
_PARTS = {
    "type": "array",
    "items": _PART,
    "description": "The seconds that were counted in whose hands; they add up to `elapsed`. Only "
    "for those inside the process. The key is the number of a team or a login; empty, nobody.",
}
_ALWAYS: Schema = {
    "name": TEXT,
    "title": TEXT,
    "phase": {"type": "string", "enum": [str(phase) for phase in Phase]},
    "target": WHOLE | {"description": "Seconds."},
    "elapsed": WHOLE | {"description": "Seconds that have counted by now."},
    "due_at": _MOMENT,
    "warned_at": _MOMENT,
    "breached_at": _MOMENT,
    "calendar": TEXT,
    "zone": TEXT,
    "steps": {"type": "array", "items": TEXT, "description": "How it came to that."},
}
CLOCK = closed({**_ALWAYS, "by_team": _PARTS, "by_owner": _PARTS}, required=list(_ALWAYS))


def say(screen: Screen, record: Record, user: User, rows: list[Any]) -> Iterable[dict[str, Any]]:
    """Each clock that may be seen, worked out for this moment."""
    now, course = timezone.now(), clocks.course_of(record, user)
    for clock in rows:
        reading = clock.read(now)
        shares = course.parts(reading, clock.hours) if course else {}
        yield {
            "name": clock.name,
            "title": clocks.title_of(clock, record),
            "phase": str(reading.phase),
            "target": clock.target,
            "elapsed": reading.elapsed,
            "due_at": as_plain(moment_of(reading.due)),
            "warned_at": as_plain(moment_of(reading.warned)),
            "breached_at": as_plain(clock.breached_at or moment_of(reading.breached)),
            "calendar": clock.calendar_name,
            "zone": clock.zone or clock.hours.calendar.zone,
            "steps": [step.words for step in derivation.steps(reading, clock.hours)],
            **{f"by_{what}": [_part(one) for one in of] for what, of in shares.items()},
        }


def _part(one: Part) -> dict[str, Any]:
    return dict(one._asdict())
