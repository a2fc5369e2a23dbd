"""What the monitoring of the demonstration reported today, and what the desk made of it."""

from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.directory.models import Organisation, Person, Role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.process import DAYS
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import registry
from evenkeel.core.rules.action import going_by
from evenkeel.processes.incidents.actions import receiving
from evenkeel.processes.incidents.actions.receiving import Said
from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.models.monitored import Outcome, Severity

SOURCE = "Watchtower"
NOTEBOOKS, ARCHIVE = "Interactive Notebooks", "Research Storage & Archive"
LOAD, POOL = "notebooks/load", "pool-b/disk-17"
# Minutes ago, key, severity, what it says, service.
EVENTS = (
    (190, "backup/nightly", "information", "Nightly backup is done", ""),
    (176, LOAD, "warning", "Notebook hub answers slowly", NOTEBOOKS),
    (171, LOAD, "warning", "Notebook hub answers slowly", NOTEBOOKS),
    (160, LOAD, "warning", "Notebook hub answers slowly", NOTEBOOKS),
    (131, LOAD, "recovery", "Notebook hub answers as usual", NOTEBOOKS),
    (64, "certificates", "information", "12 certificates end within 60 days", ""),
    (48, POOL, "critical", "Storage pool B does not answer", ARCHIVE),
    (46, POOL, "critical", "Storage pool B does not answer", ARCHIVE),
    (33, POOL, "critical", "Storage pool B does not answer", ARCHIVE),
)


def report(cast: Cast) -> None:
    """Send the events of today; the desk takes up at once what came of them."""
    watchtower = _account(cast)
    for minutes, key, severity, title, service in EVENTS:
        at = cast.time.now - timedelta(minutes=minutes)
        about = cast.services.get(service)
        said = Said(SOURCE, key, Severity(severity), title, at, service=about)
        with going_by(Via.DEMO):
            event, _ = receiving.receive(said, by=watchtower, now=at)
        if event.outcome == Outcome.OPENED:
            _take_up(cast, event.incident, at + timedelta(minutes=1))


def _take_up(cast: Cast, case: Any, at: datetime) -> None:
    agent = cast.people["sofia"]
    category = "Storage" if case.effect else "Compute / Performance"
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("classify", {"category": category}),
        ("prioritise", {"impact": 3, "urgency": 2 if case.effect else 3}),
        ("assign", {"case_owner": agent}),
    )
    for verb, inputs in steps:
        registry[f"incidents.{verb}"](case, by=agent, at=at, via=Via.DEMO, **inputs)


def _account(cast: Cast) -> User:
    """A program of the hub, with the rights of process staff."""
    start = cast.time.now - timedelta(days=DAYS)
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": start, "via": Via.DEMO}
    hub: Any = Organisation.objects.get(title="AURELIA Hub")
    known = {"login": "watchtower", "title": SOURCE, "organisation": hub}
    made: Any = registry["people.record"](Person(), **how, **known)
    staff = Role.objects.get(role_type=RoleType.PROCESS_STAFF, context="ISRM")
    how |= {"by": cast.people["tomas"], "at": cast.time.now}
    registry["roles.assign"](staff, **how, person=made.user, starts_at=start)
    return User.objects.get(pk=made.user_id)
