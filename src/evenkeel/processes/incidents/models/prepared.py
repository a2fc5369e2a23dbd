"""What is prepared for cases that come again and again: the models of ISRM (FitSM-1 PR9)."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evenkeel.core.clocks import targets
from evenkeel.core.records.drafting import Drafted, Version
from evenkeel.core.records.record import Record
from evenkeel.core.schemes.categories import SEPARATOR
from evenkeel.processes.incidents.models import questions


class CaseModel(Drafted[Any], Record):
    """How a sort of case is handled that is known in advance; how exactly, is in its versions."""

    titled = ("Name", "")
    worked_out: ClassVar[frozenset[str]] = frozenset({"uses", "used_at"})

    review_on = models.DateField("next review", null=True, blank=True)
    review_because = models.TextField("why it is to be reviewed", blank=True, editable=False)
    uses = models.PositiveIntegerField("times used", default=0, editable=False)
    used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)
    # Grows with all that is done to its versions, so that two people never overwrite a draft.
    edition = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def begun(self, verb: str) -> dict[str, Any]:
        """Whoever drafts goes on from the draft, or from what was approved last."""
        if verb != "draft":
            return {}
        versions = self.versions.exclude(standing=CaseModelVersion.Standing.DISCARDED)
        last = versions.order_by("-number").first()
        return last.as_inputs() if last else {}

    def in_force(self) -> Any:
        """The version by which cases are handled now, if there is one."""
        return self.versions.filter(standing=CaseModelVersion.Standing.IN_FORCE).first()


class CaseModelVersion(Version):
    """One version of a model; once approved it never changes, for cases cite it."""

    class Standing(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_FORCE = "in_force", "In force"
        SUPERSEDED = "superseded", "Superseded"
        DISCARDED = "discarded", "Discarded"

    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "number"], name="one_%(class)s_per_number"),
            models.UniqueConstraint(
                fields=["model"], condition=Q(standing="draft"), name="one_%(class)s_drafted"
            ),
            models.UniqueConstraint(
                fields=["model"], condition=Q(standing="in_force"), name="one_%(class)s_in_force"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=("draft", "discarded")) | Q(approved_at__isnull=False),
                name="no_%(class)s_without_approval",
            ),
        ]

    def as_inputs(self) -> dict[str, Any]:
        """The content as the verb that drafts it takes it."""
        lists = {"words": ", ".join, "steps": "\n".join}
        return {
            name: lists[name](value) if name in lists else value
            for name, value in self.content.items()
        }

    @property
    def steps(self) -> list[str]:
        """What is done, one after the other."""
        return list(self.content["steps"])


class IncidentModel(CaseModel):
    """How incidents are handled that are well known and come back (FitSM-1 PR9; ISRM-26)."""

    collection = "incident_models"
    prefix = "IMOD"
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester", "organisation"})

    class Meta:
        verbose_name = "incident model"


class IncidentModelVersion(CaseModelVersion):
    """By what such incidents are known, what is filled in for them, and the steps."""

    model = models.ForeignKey(IncidentModel, models.PROTECT, related_name="versions")

    class Meta(CaseModelVersion.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.model.number} version {self.number}"

    def recognises(self, case: Any) -> list[str]:
        """What of an incident it is made for, in words; nothing where anything speaks against it.

        What the incident does not say yet speaks neither for nor against.
        """
        service, category = self.model.service_id, self.content["category"]
        words = self.content["words"]
        heard = [word for word in words if _speaks_of(f"{case.title}\n{case.description}", word)]
        checks = (
            (service, case.service_id, service == case.service_id, "the service is the same"),
            (category, case.category, _lies_in(case.category, category), f"it is about {category}"),
            (words, True, bool(heard), "it speaks of " + ", ".join(f"“{one}”" for one in heard)),
        )
        given = [check for check in checks if check[0]]
        if any(said and not holds for _, said, holds, _ in given):
            return []
        return [how for _, said, holds, how in given if said and holds]


def _lies_in(category: str, above: str) -> bool:
    return category == above or category.startswith(above + SEPARATOR)


def _speaks_of(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) is not None


class RequestModel(CaseModel):
    """A service request that users order from the catalogue, and how it is fulfilled (ISRM-27).

    With an organisation it is for the people of that one only.
    """

    class Approver(models.TextChoices):
        SERVICE_OWNER = "service_owner", "The owner of the service"
        PROCESS_MANAGER = "process_manager", "The process manager of ISRM"
        PROCESS_OWNER = "process_owner", "The process owner of ISRM"

    collection = "request_models"
    prefix = "RMOD"
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester"})
    inside_fields: ClassVar[frozenset[str]] = frozenset(
        {"case_owner", "review_on", "review_because", "uses", "used_at"}
    )

    class Meta:
        verbose_name = "request model"

    def clean(self) -> None:
        if not self.service_id:
            raise ValidationError({"service": "Name the service of which it is ordered."})


class RequestModelVersion(CaseModelVersion):
    """What users read and are asked, who approves, the steps, and within how long."""

    model = models.ForeignKey(RequestModel, models.PROTECT, related_name="versions")

    class Meta(CaseModelVersion.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.model.number} version {self.number}"

    def as_inputs(self) -> dict[str, Any]:
        """See `CaseModelVersion`."""
        within = self.content["within"]
        return super().as_inputs() | {
            "questions": questions.written(self.content["questions"]),
            "within": targets.within(within) if within else "",
        }
