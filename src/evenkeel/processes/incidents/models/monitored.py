"""Events that monitoring reports, and the alerts that they add up to (R-04, ISRM-28).

An event is no incident until a service is, or may be, disrupted. Neither is evidence: events go
after a time; what was done about them stands in the entries of the incident.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records import apart
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.models.case import Incident


class Severity(models.TextChoices):
    """What an event means for a service."""

    INFORMATION = "information", "Information: nothing is wrong"
    WARNING = "warning", "Warning: a service may be disrupted"
    CRITICAL = "critical", "Critical: a service is disrupted"
    RECOVERY = "recovery", "Recovery: it is over"


class Outcome(models.TextChoices):
    """What became of an event."""

    KEPT = "kept", "Kept, no incident"
    OPENED = "opened", "Opened an incident"
    ADDED = "added", "Added to its incident"
    STORM = "storm", "Joined a storm"
    RECOVERED = "recovered", "Noted as over"


class Alert(models.Model):
    """All events of a source under one key, and the incident that they are about now."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="alerts", db_index=False
    )
    opened_at = models.DateTimeField(null=True)  # when it opened that incident
    count = models.PositiveIntegerField(default=0)  # of events about that incident
    told = models.PositiveIntegerField(default=0)  # how many of them its entries tell
    told_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    severity = models.CharField(max_length=12, choices=Severity.choices)  # of the last

    class Meta:
        app_label = "incidents"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="one_alert_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["incident"],
                name="alert_of_incident",
                condition=models.Q(incident__isnull=False),
            ),
            models.Index(fields=["source", "opened_at"], name="alert_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"


class MonitoringEvent(models.Model):
    """One event as it was received, and what became of it."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    severity = models.CharField(max_length=12, choices=Severity.choices)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    service = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", db_index=False)
    component = models.CharField(max_length=120, blank=True)  # as the source calls it
    outside_id = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="events", db_index=False
    )

    class Meta:
        app_label = "incidents"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "outside_id"],
                name="one_event_per_id",
                condition=~models.Q(outside_id=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "-received_at"], name="event_by_source"),
            models.Index(fields=["source", "-id"], name="event_newest_of_source"),
            models.Index(fields=["severity", "-id"], name="event_by_severity"),
            models.Index(fields=["outcome", "-id"], name="event_by_outcome"),
            models.Index(fields=["key", "-id"], name="event_by_key"),
            models.Index(fields=["received_at"], name="event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.title}"


OF_EVENTS = ("source", "key", "severity", "outcome")  # by which they are asked for


def asked(params: Mapping[str, str], reader: User) -> "models.QuerySet[MonitoringEvent]":
    """The newest first, from a key on. Raises Invalid for a value that there is not."""
    for name, known in (("severity", Severity.values), ("outcome", Outcome.values)):
        if params.get(name) and params[name] not in known:
            raise Invalid({name: [f"One of: {', '.join(known)}."]})
    wanted = {name: params[name] for name in OF_EVENTS if params.get(name)}
    if wrong := [name for name, value in wanted.items() if "\x00" in value]:
        raise Invalid({name: ["It holds a NUL character."] for name in wrong})
    found = MonitoringEvent.objects.filter(**wanted)
    if after := params.get("after", ""):
        if not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise Invalid({"after": ["Take it from the page before."]})
        found = found.filter(pk__lt=int(after))
    found = found.filter(_shared_with(reader))
    return found.select_related("service", "incident").order_by("-pk")


def _shared_with(reader: User) -> models.Q:
    """Where members of a federation are kept apart an event is whose its incident is (R-76).

    Of what came to no incident it is decided by whose monitoring reported it.
    """
    mine, seen = reader.rights.apart, apart.condition(reader, Incident.kind())
    if mine is None or seen is None:
        return models.Q()
    theirs = User.objects.filter(organisation__in=mine.others)
    no_incident = models.Q(incident=None) & ~models.Q(sent_by__in=theirs.values("pk"))
    return no_incident | models.Q(incident__in=Incident.objects.filter(seen).values("pk"))
