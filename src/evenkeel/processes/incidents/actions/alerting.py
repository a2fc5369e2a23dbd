"""What monitoring says of an incident: how often, and that it seems to be over (R-04)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.processes.incidents.models import Incident

Source = Annotated[str, Asked("Source", "Which monitoring says so.", max_length=80)]
Count = Annotated[int, Asked("Events", "How many there were by now.")]


def add_event(
    incident: Incident, *, by: User, at: datetime, source: Source, count: Count
) -> dict[str, Any]:
    """Monitoring says the same again; counted, and told every ten minutes at most."""
    if count < 1:
        raise Invalid({"count": ["There is at least one event."]})
    incident.recovered_at = None
    return {"source": source, "count": count}


def note_recovery(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    source: Source,
    recovered_at: Annotated[datetime, Asked("Over since")],
) -> dict[str, Any]:
    """Monitoring says that it is over; somebody looks, and resolves it or says why not."""
    if incident.recovered_at:
        raise Invalid({"recovered_at": ["That is what stands here already."]})
    if recovered_at > at:
        raise Invalid({"recovered_at": ["That is still to come."]})
    incident.recovered_at = recovered_at
    return {"source": source}
