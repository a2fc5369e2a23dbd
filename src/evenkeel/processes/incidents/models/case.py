"""Incidents and service requests: the cases of ISRM (FitSM-0, FitSM-1 PR9)."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.durations import SecondsField
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models.converting import Converting
from evenkeel.processes.incidents.models.escalating import Escalating, by_level, unacknowledged
from evenkeel.processes.incidents.models.handled import (
    BY_INCIDENT_MODEL,
    BY_REQUEST_MODEL,
    ORDERED_FIELDS,
    Handled,
    Ordered,
)
from evenkeel.processes.incidents.models.holding import Held, by_limit
from evenkeel.processes.incidents.models.hurting import Hurting
from evenkeel.processes.incidents.models.intake import Taken
from evenkeel.processes.incidents.models.judged import Judged, indexes_of
from evenkeel.processes.incidents.models.mirrored import MIRRORED, Mirrored, by_ticket
from evenkeel.processes.incidents.models.rated import Rated

ASKED = "It meets criteria of a major incident: declare it one first, or dismiss that."
ONLY_OF_MAJOR = ("name_coordinator", "miss_coordinator", "stand_down")


class Case(Taken, Converting, Escalating, Held, Mirrored, Rated, Judged, Record):
    """What incident and service request have in common: intake, classification, solution."""

    class Channel(models.TextChoices):
        PORTAL = "portal", "Portal"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        WALK_IN = "walk_in", "Walk-in"
        MONITORING = "monitoring", "Monitoring"
        API = "api", "API"

    searched: ClassVar[dict[str, str]] = {
        "title": "A",
        "description": "B",
        "solution": "C",
        "outside_number": "C",
    }
    inside_fields: ClassVar[frozenset[str]] = frozenset(
        {
            *("completeness", "is_good_record", "quality_because", "record_review"),
            *("escalated_to", "escalated_from", "waits_for", "helped_by", "hold_told_at"),
            *(*MIRRORED, "acknowledged_at", "acknowledged_by"),
        }
    )
    read_off = frozenset(
        {"completeness", "is_good_record", "quality_because", "counted_at", "presses_since"}
        | {"called_layer", "called_since"}
    )

    description = models.TextField(
        "description", blank=True, help_text="What happens, since when, for whom."
    )
    channel = models.CharField(
        "channel", max_length=12, choices=Channel.choices, default=Channel.PHONE
    )
    category = models.CharField("category", max_length=120, blank=True, editable=False)
    impact = models.PositiveSmallIntegerField("impact", null=True, blank=True, editable=False)
    urgency = models.PositiveSmallIntegerField("urgency", null=True, blank=True, editable=False)
    priority_because = models.JSONField("why this priority", default=dict, editable=False)
    agreement = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="agreement",
        limit_choices_to={"of_kind": "agreement"},
        editable=False,
    )
    agreement_because = models.JSONField("why this agreement", default=dict, editable=False)
    solution = models.TextField("solution", blank=True, editable=False)
    closure_code = models.CharField("closure code", max_length=60, blank=True, editable=False)
    reassignments = models.PositiveIntegerField("reassignments", default=0, editable=False)
    reopened_at = models.DateTimeField("last reopened", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def begun(self, verb: str) -> dict[str, Any]:
        """See `Record`: an answer is changed from what it was, a path leads to the next team."""
        if verb in {"escalate", "tell_supplier"}:
            return self.proposed(verb)
        if verb == "note_elsewhere":
            return {name: getattr(self, name) for name in MIRRORED[:2]}
        return {"satisfaction_comment": self.satisfaction_comment} if verb == "rate" else {}

    def not_now(self) -> dict[str, str]:
        """See `Record`."""
        done = {"restrict": "It is restricted already."}
        to_do = {"lift_restriction": "It is not restricted."}
        return self.stays_where_it_is() | (done if self.is_restricted else to_do)

    @property
    def done_at(self) -> datetime | None:
        """When it was resolved or fulfilled."""
        raise NotImplementedError


class Incident(Hurting, Handled, Case):
    """An unplanned disruption of a service, or a fall in its quality (FitSM-0)."""

    class Resolution(models.TextChoices):
        PERMANENT = "permanent", "Permanent solution"
        WORKAROUND = "workaround", "Workaround"
        VIA_CHANGE = "via_change", "Via a change"
        NO_FAULT = "no_fault", "No fault found"

    class Cause(models.TextChoices):
        """What sort of thing was behind it: the starting point of problem management."""

        CHANGE = "change", "A change"
        CONFIGURATION = "configuration", "Configuration"
        SOFTWARE = "software", "Fault in software"
        HARDWARE = "hardware", "Hardware"
        CAPACITY = "capacity", "Capacity"
        SUPPLIER = "supplier", "Supplier"
        OPERATION = "operation", "Mistake in operation"
        ATTACK = "attack", "Attack or misuse"
        USE = "use", "How the service was used"
        UNKNOWN = "unknown", "Not known"

    class Major(models.TextChoices):
        """How it stands with the question whether it is a major incident (PR9.6)."""

        NO = "", "No"
        PROPOSED = "proposed", "To be decided"
        DISMISSED = "dismissed", "Dismissed"
        DECLARED = "declared", "Major incident"
        STOOD_DOWN = "stood_down", "Stood down"

    collection = "incidents"
    prefix = "INC"
    inside_fields = Case.inside_fields | frozenset(
        {
            *("major", "major_because", "declared_at", "declared_by"),
            *("coordinator", "coordinator_by", "cause", "incident_model", "model_because"),
            *("falls_short_of", "missed_level", "recovered_at"),
        }
    )

    major = models.CharField(
        "major incident",
        max_length=10,
        choices=Major.choices,
        blank=True,
        default=Major.NO,
        editable=False,
    )
    major_because = models.JSONField("why major", default=dict, editable=False)
    declared_at = models.DateTimeField("declared major", null=True, blank=True, editable=False)
    declared_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="declared by",
        editable=False,
    )
    coordinator = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="coordinator",
        editable=False,
    )
    # Until when a coordinator is to be named; empty once one is, or the process owner was told.
    coordinator_by = models.DateTimeField(null=True, editable=False)
    resolution = models.CharField(
        "kind of resolution", max_length=12, choices=Resolution.choices, blank=True, editable=False
    )
    cause = models.CharField(
        "category of cause", max_length=14, choices=Cause.choices, blank=True, editable=False
    )
    restored_at = models.DateTimeField("service restored", null=True, blank=True, editable=False)
    # Since when monitoring says that it is over; somebody has to look whether it is.
    recovered_at = models.DateTimeField("over since", null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField("resolved", null=True, blank=True, editable=False)
    # Service hours between beginning and restoration; worked out when it is resolved.
    down_for = SecondsField("down for", null=True, blank=True, editable=False)
    handled_for = models.DecimalField(
        "handled for",
        max_digits=16,
        decimal_places=8,
        null=True,
        blank=True,
        editable=False,
        help_text="Hours of work, as the system it came from says.",
    )

    class Meta:
        verbose_name = "incident"
        indexes: ClassVar = [
            *indexes_of("incident"),
            by_level("incident"),
            unacknowledged("incident"),
            *by_ticket("incident"),
            by_limit("incident"),
            models.Index(
                fields=["restored_at"],
                name="incident_outages",
                condition=models.Q(major="declared") | ~models.Q(effect=""),
            ),
            models.Index(
                fields=["coordinator_by"],
                name="incident_without_coordinator",
                condition=models.Q(coordinator_by__isnull=False),
            ),
            BY_INCIDENT_MODEL,
            models.Index(
                fields=["resolved_at"],
                name="incident_by_resolution",
                condition=models.Q(resolved_at__isnull=False),
            ),
        ]

    @property
    def is_major(self) -> bool:
        """Is it declared to be a major incident?"""
        return self.major == self.Major.DECLARED

    def not_now(self) -> dict[str, str]:
        """See `Record`: what waits for an answer, and what only major incidents have."""
        refused = super().not_now()
        if self.major == self.Major.PROPOSED:
            refused["resolve"] = ASKED
        else:
            refused["dismiss_major"] = "Nothing proposes it as a major incident."
        if self.is_major:
            refused["declare_major"] = "It is a major incident already."
            refused["prioritise"] = "It is P1 for as long as it is a major incident."
            refused["join_parent"] = "It is a major incident; let the other one join it."
            refused["cancel"] = refused["convert"] = "It is a major incident; stand it down first."
        else:
            refused |= dict.fromkeys(ONLY_OF_MAJOR, "It is no major incident.")
        return refused

    @property
    def done_at(self) -> datetime | None:
        """See `Case`."""
        return self.resolved_at


class ServiceRequest(Ordered, Case):
    """A user asks for information, advice, access to a service or a change (FitSM-0)."""

    class Wish(models.TextChoices):
        INFORMATION = "information", "Information"
        ADVICE = "advice", "Advice"
        ACCESS = "access", "Access"
        CHANGE = "change", "Change"

    collection = "service_requests"
    prefix = "REQ"
    asked_first = ("title", "wish")
    inside_fields = Case.inside_fields | ORDERED_FIELDS

    wish = models.CharField("what is asked for", max_length=12, choices=Wish.choices)
    fulfilled_at = models.DateTimeField("fulfilled", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "service request"
        indexes: ClassVar = [
            *indexes_of("service_request"),
            by_level("service_request"),
            unacknowledged("service_request"),
            *by_ticket("service_request"),
            by_limit("service_request"),
            BY_REQUEST_MODEL,
            models.Index(
                fields=["fulfilled_at"],
                name="request_by_fulfilment",
                condition=models.Q(fulfilled_at__isnull=False),
            ),
        ]

    @property
    def done_at(self) -> datetime | None:
        """See `Case`."""
        return self.fulfilled_at
