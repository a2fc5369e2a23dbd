"""The on-call rota of the demonstration: two layers of a team that is called at night."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evenkeel.core.directory.actions import rota
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User

TEAM, ZONE = "Service desk", "Europe/Oslo"


def plan_duties(people: dict[str, User], how: dict[str, Any]) -> None:
    """Nils and Emi take turns of a week, each behind the other, and swap a long weekend."""
    team: Any = Team.objects.get(title=TEAM)
    now: datetime = how["at"]
    local = now.astimezone(ZoneInfo(ZONE))
    monday = local.date() - timedelta(days=local.weekday() + 14)
    lead = {**how, "by": team.lead}
    for layer, logins in ((1, "nils emi"), (2, "emi nils")):
        rota.plan_duty(team, **lead, layer=layer, people=logins, begins=monday, zone=ZONE)
    on_monday = monday + timedelta(days=14)  # of this week, which is the turn of Nils
    first = datetime.combine(on_monday + timedelta(days=14), time(9), ZoneInfo(ZONE))
    rota.stand_in(
        team,
        **lead,
        person=people["emi"],
        instead_of=people["nils"],
        starts=first + timedelta(days=4),
        ends=first + timedelta(days=7),
        reason="Nils is at a wedding; they swapped.",
    )
