"""Announcement: what users, customers and managers are told about a major incident (PR9.6)."""

from typing import ClassVar

from django.db import models

from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models.case import Incident


class Announcement(Record):
    """What everybody concerned may know of a disruption; it stands on the status page.

    It is a record of its own, so that nothing internal to the incident can be seen with it. Its
    case owner speaks for the provider, and it is due when they have to speak again. With an
    organisation it is for the people of that one only.
    """

    collection = "announcements"
    prefix = "ANN"
    titled = ("Title", "In one line, as users understand it.")
    searched: ClassVar[dict[str, str]] = {"title": "A", "text": "B"}
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester"})
    inside_fields: ClassVar[frozenset[str]] = frozenset({"about"})
    worked_out: ClassVar[frozenset[str]] = frozenset()

    about = models.ForeignKey(
        Incident,
        models.PROTECT,
        related_name="announcements",
        verbose_name="incident",
        editable=False,
    )
    text = models.TextField(
        "what is said", help_text="What does not work, and what to do meanwhile."
    )
    hurt = models.JSONField("services", default=list, editable=False)  # their titles

    class Meta:
        verbose_name = "announcement"
