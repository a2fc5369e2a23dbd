"""What an incident does to its service, from when to when (FitSM-0: disruption, degradation)."""

from datetime import datetime

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.models import Incident


def assess(  # noqa: PLR0913  (four inputs, and who and when)
    incident: Incident,
    *,
    by: User,
    at: datetime,
    effect: Incident.Effect,
    degree: int | None = None,
    falls_short_of: Record | None = None,
    missed_level: str = "",
) -> None:
    """Say what it does to the service: a disruption, or a degradation and by how much."""
    if effect == Incident.Effect.DEGRADATION and not 1 <= (degree or 0) <= 99:
        raise Invalid({"degree": ["A degradation has a degree of 1 to 99 %."]})
    if effect == Incident.Effect.DISRUPTION and degree is not None:
        raise Invalid({"degree": ["In a disruption all of the service is missing; leave it out."]})
    if missed_level and falls_short_of is None:
        raise Invalid({"falls_short_of": ["Name the agreement that has this level."]})
    incident.effect, incident.degree = effect, degree
    incident.falls_short_of = falls_short_of
    incident.missed_level = missed_level


def check_beginning(incident: Incident, at: datetime) -> None:
    """Raise Invalid where it is said to have begun later than now."""
    if incident.started_at and incident.started_at > at:
        raise Invalid({"started_at": ["It has begun by now; name a moment that is past."]})


def restore(incident: Incident, restored_at: datetime | None, at: datetime) -> None:
    """The service is there again, when that is not said: from now on."""
    if restored_at and not incident.began_at <= restored_at <= at:
        raise Invalid({"restored_at": ["It lies between its beginning and now."]})
    incident.restored_at = restored_at or at


def take_back(incident: Incident, at: datetime) -> None:
    """Reopened, a solution that was not confirmed never held: the outage goes on. Once the case
    was closed the disruption is back, and begins anew."""
    if incident.state == "closed" and incident.restored_at:
        outage = [incident.began_at.isoformat(), incident.restored_at.isoformat()]
        incident.earlier_outages = [*incident.earlier_outages, outage]
        incident.down_again_at = at
    incident.restored_at = incident.resolved_at = None
