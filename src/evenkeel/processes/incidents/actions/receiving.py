"""Taking an event of monitoring: none, one more, or a new incident comes of it (R-04, ISRM-28).

Who sends events holds a role in ISRM, and records incidents under its own account and rights; what
is only counted is done by the software itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.links import LinkKind, Reference
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.processes.incidents.actions import storms
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.models.monitored import (
    Alert,
    MonitoringEvent,
    Outcome,
    Severity,
)

TOLD_EVERY = timedelta(minutes=10)  # one more of the same makes no entry sooner
EARLY = timedelta(minutes=5)  # by which a clock elsewhere may be fast
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Said:
    """An event as a program tells it."""

    source: str
    key: str
    severity: Severity
    title: str
    at: datetime
    text: str = ""
    service: Record | None = None
    component: str = ""
    outside_id: str = ""


def receive(said: Said, *, by: User, now: datetime) -> tuple[MonitoringEvent, bool]:
    """The event as it is kept, and whether it is new; one that is sent again is not.

    Raises Denied for accounts outside ISRM, Invalid for what cannot be, `storms.TooMany` for more
    than a source may send.
    """
    if not visibility.is_inside(by, Incident.kind()):
        raise Denied("Events are taken from accounts that hold a role in ISRM.")
    if said.at > now + EARLY:
        raise Invalid({"at": ["That is still to come."]})
    with transaction.atomic():
        storms.hold(said.source)
        if before := _known(said):
            return before, False
        storms.check(said.source, now)
        event = MonitoringEvent(
            **{name: getattr(said, name) for name in _COLUMNS},
            received_at=now,
            sent_by=by,
            outcome=Outcome.KEPT,
        )
        if said.severity != Severity.INFORMATION:
            _follow(event, by, now)
        event.save()
        return event, True


_COLUMNS = (
    *("source", "key", "severity", "title", "text", "service"),
    *("component", "outside_id", "at"),
)


def _known(said: Said) -> MonitoringEvent | None:
    if not said.outside_id:
        return None
    same = MonitoringEvent.objects.filter(source=said.source, outside_id=said.outside_id)
    return same.select_related("incident", "service").first()


def _follow(event: MonitoringEvent, by: User, now: datetime) -> None:
    """Something is, may be, or no longer is disrupted."""
    alert, _ = Alert.objects.get_or_create(source=event.source, key=event.key)
    incident = alert.incident if alert.incident and alert.incident.is_open else None
    if event.severity == Severity.RECOVERY:
        if incident:
            _recover(event, incident)
    elif incident:
        _add(event, alert, incident, by, now)
    elif storms.rages(event.source, now):
        storms.join(event, by, now, _open)
    else:
        _open(event, alert, by, now)


def _recover(event: MonitoringEvent, incident: Incident) -> None:
    event.outcome, event.incident = Outcome.RECOVERED, incident
    if incident.recovered_at or incident.state == "resolved":
        return
    note, sms = registry["incidents.note_recovery"], User.objects.the_sms()
    over = min(event.at, event.received_at)
    note(incident, by=sms, at=event.received_at, source=event.source, recovered_at=over)


def _add(event: MonitoringEvent, alert: Alert, incident: Incident, by: User, now: datetime) -> None:
    """One more of the same; what was resolved before it happened is open again."""
    event.outcome, event.incident = Outcome.ADDED, incident
    alert.count, alert.last_at, alert.severity = alert.count + 1, event.at, event.severity
    if incident.resolved_at and event.at > incident.resolved_at:
        reason = f"{event.source} says: {event.title}"
        registry["incidents.reopen"](incident, by=by, at=now, reason=reason)
    is_news = incident.recovered_at is not None
    if is_news or alert.told_at is None or now - alert.told_at >= TOLD_EVERY:
        add, sms = registry["incidents.add_event"], User.objects.the_sms()
        add(incident, by=sms, at=now, source=event.source, count=alert.count)
        alert.told, alert.told_at = alert.count, now
    alert.save()


def _open(event: MonitoringEvent, alert: Alert, by: User, now: datetime) -> None:
    """A new incident, about the service and whatever is affected; beside the one before it."""
    before, start = alert.incident, min(event.at, now)
    record = registry["incidents.record"]
    told: dict[str, Any] = {
        "title": event.title,
        "description": _described(event),
        "service": event.service,
    }
    made: Any = record(
        Incident(), by=by, at=now, **told, channel="monitoring", requester=by, started_at=start
    )
    if event.severity == Severity.CRITICAL:
        registry["incidents.assess"](made, by=by, at=now, effect=Incident.Effect.DISRUPTION)
    _point(event, made, by, now)
    if before:
        registry["incidents.link"](made, by=by, at=now, target=before, kind=LinkKind.RELATES_TO)
    alert.incident, alert.opened_at, alert.count, alert.told = made, now, 1, 1
    alert.told_at, alert.last_at, alert.severity = now, event.at, event.severity
    alert.save()
    event.outcome, event.incident = Outcome.OPENED, made


def _described(event: MonitoringEvent) -> str:
    about = f"{event.source} reports “{event.key}”"
    about += f" of {event.component}." if event.component else "."
    return f"{event.text.strip()}\n\n{about}".strip()


def _point(event: MonitoringEvent, incident: Incident, by: User, now: datetime) -> None:
    """At what is affected: a component that there is, else by its name in the monitoring."""
    if not event.component:
        return
    if found := component(event.component):
        link: dict[str, Any] = {"target": found, "kind": LinkKind.AFFECTS}
        registry["incidents.link"](incident, by=by, at=now, **link)
        return
    Reference.objects.create(
        record_id=incident.pk,
        relation="affected CI",
        system=event.source[:40],
        outside_name=event.component,
    )


def component(name: str) -> Record | None:
    """The component of a service with this number or name."""
    there: Any = Record.objects.filter(of_kind="service_component", is_open=True)
    exact = there.filter(number=name.upper()).first() or there.filter(title__iexact=name).first()
    return exact if isinstance(exact, Record) else None


def forget(at: datetime) -> int:
    """Remove events that are older than is kept, and alerts of cases that are closed."""
    before = at - KEPT_FOR
    gone, _ = MonitoringEvent.objects.filter(received_at__lt=before).delete()
    old = Alert.objects.filter(last_at__lt=before)
    old.exclude(incident__is_open=True).delete()
    Alert.objects.filter(last_at=None, incident=None).delete()
    return gone
