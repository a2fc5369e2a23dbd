"""The escalation paths of the demonstration, drafted by the manager and approved by the owner."""

from datetime import datetime
from typing import Any

from evenkeel.core.records.entry import Via
from evenkeel.core.rules import registry
from evenkeel.core.schemes import escalation
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.demo.cast import DESK, Cast
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.schemes import ESCALATION

# Category -> team. "Hardware" and "Other" have none yet, and the set-up check says so.
ONWARD = {
    "Access": "Gateway team",
    "Compute": "Compute team",
    "Software": "Compute team",
    "Storage": "Storage team",
    "Data transfer": "Storage team",
    "Network": "Network team",
    "Mail": "Network team",
}
SECURITY = {"to_team": "Gateway team", "category": "Security", "owner": escalation.MOVES}
FURTHER = {"from_team": "Gateway team", "to_team": "Network team", "category": "Access"}

# The team hears first, before it goes higher; of a VIP at once.
LEAD = {"to": "team_lead", "percent": 50, "vip": True}


def _patient(level: dict[str, Any]) -> dict[str, Any]:
    """The process owner hears when nobody acknowledges what presses."""
    return level | {"silence": 15} if level["to"] == "process_owner" else level


def approve_paths(cast: Cast) -> None:
    """Put them in force from now on; what happened before was escalated by hand."""
    paths: list[dict[str, str]] = [
        {"from_team": DESK, "to_team": team, "category": category}
        for category, team in ONWARD.items()
    ]
    scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
    content: dict[str, Any] = {
        **ESCALATION,
        "functional": [SECURITY, *paths, FURTHER],
        "hierarchical": [LEAD, *map(_patient, ESCALATION["hierarchical"])],
    }
    how: dict[str, Any] = {"at": cast.time.now, "via": Via.DEMO}
    registry["schemes.draft"](
        scheme, by=cast.people["priya"], content=content, because="Our own teams.", **how
    )
    registry["schemes.approve"](scheme, by=cast.people["oskar"], **how)


def acknowledge(now: datetime) -> None:
    """Whoever owns what presses has seen it."""
    pressing: Any = Incident.objects.filter(presses_since__isnull=False, acknowledged_at=None)
    how: dict[str, Any] = {"at": now, "via": Via.DEMO}
    for case in pressing.order_by("pk"):
        registry["incidents.acknowledge"](case, by=case.case_owner or case.team.lead, **how)
