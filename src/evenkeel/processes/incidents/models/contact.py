"""Contacts with the service desk, of which a case may come or not."""

from django.db import models

from evenkeel.core.records.durations import SecondsField
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models.case import Case
from evenkeel.processes.incidents.models.intake import Taken


class Contact(Taken, Record):
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
    handled_for = SecondsField("handled for", null=True, blank=True, help_text="Seconds of work.")

    class Meta:
        verbose_name = "contact"
