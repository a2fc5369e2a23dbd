"""Who is on duty for a team, on its page: now, next, and in the next four weeks (ISRM-08)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from evenkeel.core.directory.duty import SHOWN_FOR, Duties
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User

SHOWN = 60  # turns; who is on duty from day to day has 28 in each layer
Panel = tuple[str, str, dict[str, Any]]


def panel(team: Team, reader: User) -> Panel | None:
    """The rota, for those who hold a role or work in a team: names are not for customers."""
    duties = Duties(team)
    if not duties.rota.layers or not reader.rights.is_staff:
        return None
    now = timezone.now()
    context = {
        "layers": list(_layers(duties, now)),
        "stand_ins": [one for one in duties.rota.stand_ins if one.ends > now],
        "people": duties.people,
    }
    return "On duty", "beside/on_duty.html", context


def _layers(duties: Duties, now: datetime) -> Iterator[dict[str, Any]]:
    """Each layer: who is on duty now, who is next, its turns."""
    standing = duties.at(now)
    turns = list(duties.turns(now, now + SHOWN_FOR))
    for duty, layer in zip(standing, duties.rota.layers, strict=True):
        own = [one for one in turns if one.layer == duty.layer]
        is_off = duty.person is None and not duty.is_gap
        following = own if is_off else own[1:]
        yield {
            "number": duty.layer,
            "now": None if is_off else own[0],
            "next": following[0] if following else None,
            "turns": own[:SHOWN],
            "shown_until": now + SHOWN_FOR,
            "gaps": sum(one.missing is not None for one in own),
            "hours": layer.hours,
            "zone": layer.zone,
        }
