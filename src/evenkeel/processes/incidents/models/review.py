"""The review of a major incident: what happened, why, what was learnt, what is done (PR9.6)."""

from typing import ClassVar

from django.db import models

from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models.case import Incident


class MajorIncidentReview(Record):
    """What is learnt from a major incident; the incident closes when this is approved.

    Its actions are its tasks, each with a name and a date. Its timeline is written by the software
    out of the entries of the incident, and is kept as it was when the review was approved.
    """

    collection = "major_reviews"
    prefix = "MIR"
    searched: ClassVar[dict[str, str]] = {"title": "A", "cause": "B", "effect": "B"}
    titled = ("Title", "In one line.")
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester", "organisation", "service"})

    about = models.OneToOneField(
        Incident,
        models.PROTECT,
        related_name="review",
        verbose_name="major incident",
        editable=False,
    )
    timeline = models.JSONField("timeline", default=list, editable=False)  # [moment, who, what]
    effect = models.TextField(
        "impact", blank=True, help_text="Who could not do what, and for how long."
    )
    cause = models.TextField("cause", blank=True, help_text="As far as it is known.")
    went_well = models.TextField("what went well", blank=True)
    went_badly = models.TextField("what went badly", blank=True)
    submitted_by = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="submitted by",
        editable=False,
    )
    approved_by = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="approved by",
        editable=False,
    )
    approved_at = models.DateTimeField("approved", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "major incident review"
