"""How long a service was not as agreed, in the hours in which its restoration was promised."""

from evenkeel.core.clocks import keeping
from evenkeel.core.clocks.models import seconds_of
from evenkeel.processes.incidents.models import Incident


def settle(incident: Incident) -> None:
    """Write down the service hours from beginning to restoration; none where none are agreed."""
    incident.down_for = None
    if incident.restored_at is None or incident.agreement_id is None:
        return
    start, end = seconds_of(incident.began_at), seconds_of(incident.restored_at)
    for clock in keeping.clocks_of(incident):
        if clock.name == "resolution":
            incident.down_for = clock.hours.count(start, max(start, end))
