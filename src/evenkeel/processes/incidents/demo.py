"""Incidents of the demonstration: invented, the same for every start, with their histories."""

import random
from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.process import demonstrations
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Action
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident

SEED = 20260301
DAYS, HOW_MANY = 92, 60
TROUBLES = (
    ("Cannot log in to notebooks", "Access"),
    ("Batch job stays in the queue", "Compute"),
    ("Transfer stops half way", "Data transfer"),
    ("Archive is slow to answer", "Storage"),
    ("List mail arrives hours late", "Mail"),
)


def incidents_of_three_months(people: dict[str, User], now: datetime) -> None:
    """Record incidents over the last three months and work most of them to the end."""
    chance = random.Random(SEED)  # noqa: S311  (the same story every time is the point)
    moments = sorted(
        now - timedelta(days=chance.uniform(0, DAYS - 1), hours=1) for _ in range(HOW_MANY)
    )
    for moment in moments:
        title, category = chance.choice(TROUBLES)
        user = people[chance.choice(("ben", "chloe"))]
        made = incidents.record(Incident(), by=user, at=moment, via=Via.DEMO, title=title)
        _work(made, category, people[chance.choice(("nils", "emi"))], now, chance)


def _work(made: Incident, category: str, agent: User, now: datetime, chance: random.Random) -> None:
    """Take the incident as far as its time has come."""
    steps: list[tuple[Action, User, dict[str, Any]]] = [
        (incidents.classify, agent, {"category": category}),
        (incidents.assign, agent, {"case_owner": agent}),
        (incidents.resolve, agent, {"solution": "Restarted what had hung."}),
        (incidents.close, agent, {}),
    ]
    at = made.recorded_at + timedelta(minutes=chance.randint(2, 40))
    for verb, by, inputs in steps:
        if at >= now:
            return
        verb(made, by=by, at=at, via=Via.DEMO, **inputs)
        at += timedelta(hours=chance.randint(1, 40))


demonstrations.append(incidents_of_three_months)
