"""What a case has that is handled by a model: which one, and what came of it (ISRM-26, ISRM-27)."""

from collections.abc import Mapping

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.durations import SecondsField
from evenkeel.processes.incidents.models.prepared import IncidentModel, RequestModel

ORDERED_FIELDS = frozenset({"request_model", "model_because", "approval_by"})  # for those inside


BY_REQUEST_MODEL = models.Index(
    fields=["request_model"],
    name="request_by_model",
    condition=models.Q(request_model__isnull=False),
)


BY_INCIDENT_MODEL = models.Index(
    fields=["incident_model"],
    name="incident_by_model",
    condition=models.Q(incident_model__isnull=False),
)


class Handled(models.Model):
    """By which model an incident is handled."""

    incident_model = models.ForeignKey(
        IncidentModel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # incident_by_model holds those that have one
        verbose_name="incident model",
        editable=False,
    )
    model_because = models.JSONField("why this model", default=dict, editable=False)

    class Meta:
        abstract = True


class Ordered(models.Model):
    """By which model it is fulfilled, what was answered, and who approved it."""

    request_model = models.ForeignKey(
        RequestModel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # request_by_model holds those that have one
        verbose_name="request model",
        editable=False,
    )
    model_because = models.JSONField("why this model", default=dict, editable=False)
    answers = models.JSONField("what was answered", default=list, editable=False)  # [label, answer]
    promised_within = SecondsField(null=True, editable=False)  # by the model
    approval_by = models.CharField(
        "approval by",
        max_length=20,
        choices=RequestModel.Approver.choices,
        blank=True,
        editable=False,
    )
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="decided by",
        editable=False,
    )
    decided_at = models.DateTimeField("decided", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def own_targets(self) -> Mapping[str, int]:
        """What the model promises beside the agreement; the stricter of the two holds."""
        return {"fulfilment": self.promised_within} if self.promised_within else {}
