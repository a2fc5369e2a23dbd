"""Incidents and service requests: the cases of ISRM (FitSM-0, FitSM-1 PR9)."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from evenkeel.core.records.record import Record


class Case(Record):
    """What incident and service request have in common: intake, classification, solution."""

    class Channel(models.TextChoices):
        PORTAL = "portal", "Portal"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        WALK_IN = "walk_in", "Walk-in"
        MONITORING = "monitoring", "Monitoring"
        API = "api", "API"

    class HoldReason(models.TextChoices):
        USER = "user", "Awaiting the user"
        SUPPLIER = "supplier", "Awaiting a supplier"
        CHANGE = "change", "Awaiting a change"

    searched: ClassVar[dict[str, str]] = {"title": "A", "description": "B", "solution": "C"}

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
    hold_reason = models.CharField(
        "on hold for", max_length=12, choices=HoldReason.choices, blank=True, editable=False
    )
    solution = models.TextField("solution", blank=True, editable=False)
    closure_code = models.CharField("closure code", max_length=60, blank=True, editable=False)
    reassignments = models.PositiveIntegerField("reassignments", default=0, editable=False)
    reopened_at = models.DateTimeField("last reopened", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def done_at(self) -> datetime | None:
        """When it was resolved or fulfilled."""
        raise NotImplementedError


class Incident(Case):
    """An unplanned disruption of a service, or a fall in its quality (FitSM-0)."""

    class Resolution(models.TextChoices):
        PERMANENT = "permanent", "Permanent solution"
        WORKAROUND = "workaround", "Workaround"
        NO_FAULT = "no_fault", "No fault found"

    collection = "incidents"
    prefix = "INC"

    resolution = models.CharField(
        "kind of resolution", max_length=12, choices=Resolution.choices, blank=True, editable=False
    )
    restored_at = models.DateTimeField("service restored", null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField("resolved", null=True, blank=True, editable=False)
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

    @property
    def done_at(self) -> datetime | None:
        """See `Case`."""
        return self.resolved_at


class ServiceRequest(Case):
    """A user asks for information, advice, access to a service or a change (FitSM-0)."""

    class Wish(models.TextChoices):
        INFORMATION = "information", "Information"
        ADVICE = "advice", "Advice"
        ACCESS = "access", "Access"
        CHANGE = "change", "Change"

    collection = "service_requests"
    prefix = "REQ"

    wish = models.CharField("what is asked for", max_length=12, choices=Wish.choices)
    fulfilled_at = models.DateTimeField("fulfilled", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "service request"

    @property
    def done_at(self) -> datetime | None:
        """See `Case`."""
        return self.fulfilled_at


class Contact(Record):
    """A call, message or visit that reached the service desk, before it is a case or without one.

    Other tools call it an interaction. It is solved at once, or taken up in a case (a link).
    """

    collection = "contacts"
    prefix = "CON"

    # Organisations have a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )

    channel = models.CharField(
        "channel", max_length=12, choices=Case.Channel.choices, default=Case.Channel.PHONE
    )
    category = models.CharField("category", max_length=120, blank=True)
    impact = models.PositiveSmallIntegerField("impact", null=True, blank=True, editable=False)
    urgency = models.PositiveSmallIntegerField("urgency", null=True, blank=True, editable=False)
    solved_at_first_contact = models.BooleanField("solved at first contact", default=False)
    closure_code = models.CharField("closure code", max_length=60, blank=True)
    handled_for = models.PositiveIntegerField(
        "handled for", null=True, blank=True, help_text="Seconds of work."
    )

    class Meta:
        verbose_name = "contact"
