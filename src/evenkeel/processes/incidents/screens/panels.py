"""What stands on the page of an incident that is major, or may be."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record
from evenkeel.core.web import letters
from evenkeel.core.web.screen import Later
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.models import (
    Alert,
    Announcement,
    Case,
    Incident,
    MajorIncidentReview,
    ServiceRequest,
)
from evenkeel.processes.incidents.queries.seams import Seam

Panel = tuple[str, str, dict[str, Any]]


def major(incident: Incident, reader: User) -> Panel | None:
    """What nobody may overlook: that it is a major incident, or may be one; and by what (PR9.6)."""
    if incident.major not in (Incident.Major.DECLARED, Incident.Major.PROPOSED):
        return None
    if not visibility.is_inside(reader, incident.of_kind):
        return None
    return "Major incident", "incidents/major.html", {"incident": incident}


def unacknowledged(case: Case, reader: User) -> Panel | None:
    """That it presses, and nobody has said that they see to it."""
    if case.presses_since is None or case.acknowledged_at or not case.is_open:
        return None
    if not visibility.is_inside(reader, case.of_kind):
        return None
    return "To be acknowledged", "incidents/unacknowledged.html", {"case": case}


def seam(one: Seam[Any], verb: str = "note") -> Later:
    """The place of another process, for who may the verb; not asked before that is there."""

    def draw(record: Record, reader: User) -> Panel | None:
        context = {"found": one.find(record, reader), "deeds": one.deeds(record, reader)}
        return (one.title, "beside/found.html", context) if any(context.values()) else None

    return Later(one.name, verb, draw, lambda: one.is_filled)


def alerted(incident: Incident, reader: User) -> Panel | None:
    """How many events of monitoring it has, and whether that says that it is over."""
    if incident.channel != Incident.Channel.MONITORING:
        return None
    if not visibility.is_inside(reader, incident.of_kind):
        return None
    alerts = list(Alert.objects.filter(incident=incident.pk).order_by("pk"))
    if not alerts:
        return None
    return "Monitoring", "incidents/alert.html", {"incident": incident, "alerts": alerts}


def recognised(incident: Incident, reader: User) -> Panel | None:
    """The models that are made for such an incident, as long as none is chosen."""
    found = [] if incident.incident_model_id else queries.recognised(incident, reader)
    return ("Known", "incidents/recognised.html", {"models": found}) if found else None


def answered(request: ServiceRequest, reader: User) -> Panel | None:
    """What the requester answered when it was ordered."""
    context = {"answers": request.answers}
    return ("Ordered", "incidents/answers.html", context) if request.answers else None


def told(case: Case, reader: User) -> Panel | None:
    """What suppliers were told; of most cases it is known without asking that it is nothing."""
    was_with_some = case.waits_for_id or case.helped_by
    return letters.panel(case, reader) if was_with_some else None


def announced(incident: Incident, reader: User) -> Panel | None:
    """What those concerned were told of a major incident."""
    if incident.declared_at is None:
        return None
    seen: Any = Announcement.objects.visible_to(reader)
    records = list(seen.filter(about=incident.pk).order_by("pk"))
    return ("Announced", "beside/records.html", {"records": records}) if records else None


def reviewed(incident: Incident, reader: User) -> Panel | None:
    """The review of a major incident."""
    if incident.declared_at is None:
        return None
    seen: Any = MajorIncidentReview.objects.visible_to(reader)
    records = list(seen.filter(about=incident.pk))
    return ("Review", "beside/records.html", {"records": records}) if records else None
