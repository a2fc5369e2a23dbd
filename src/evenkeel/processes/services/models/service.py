"""Services, and what is agreed about them with customers, members and suppliers (FitSM-0)."""

from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evenkeel.core.clocks import targets
from evenkeel.core.directory.models import Organisation
from evenkeel.core.records.drafting import Drafted, Version
from evenkeel.core.records.record import Record
from evenkeel.processes.services.lifecycle import AgreementState
from evenkeel.processes.services.models import promised
from evenkeel.processes.services.models.component import ServiceComponent
from evenkeel.processes.services.models.reviewed import Reviewed


class Service(Reviewed, Record):
    """Something that brings value to customers by results that they want to reach (FitSM-0)."""

    collection = "services"
    prefix = "SRV"
    titled = ("Name", "")
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester", "service"})

    # `Record` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    value = models.TextField(
        "value to the customer", blank=True, help_text="Which results it lets customers reach."
    )
    description = models.TextField(
        "what it is", blank=True, help_text="What customers get, in their words."
    )
    quality = models.TextField(
        "how well it is meant to be",
        blank=True,
        help_text="Availability, capacity, support. What is promised to whom is in agreements.",
    )
    open_to_all = models.BooleanField(
        "open to all",
        default=True,
        help_text="Else it is known only to the organisations that have an agreement about it.",
    )
    plan = models.TextField(
        "plan",
        blank=True,
        help_text="Where the plan is kept by which it comes, changes or goes: a link.",
    )

    class Meta:
        verbose_name = "service"


_PART = Organisation.Part
PARTS = {"ola": (_PART.PROVIDER, _PART.FEDERATOR, _PART.MEMBER), "ua": (_PART.SUPPLIER,)}


class Agreement(Reviewed, Drafted["AgreementVersion"], Record):
    """What is promised about services, and to whom (FitSM-0); the terms are in its versions."""

    class Kind(models.TextChoices):
        SLA = "sla", "Service level agreement, with a customer"
        OLA = "ola", "Operational level agreement, with a part of the federation"
        UA = "ua", "Underpinning agreement, with a supplier"

    collection = "agreements"
    prefix = "AGR"
    titled = ("Name", "")
    called: ClassVar[dict[str, str]] = {"case_owner": "owner"}
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester"})

    # `Case` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    agreement_kind = models.CharField(
        "kind of agreement", max_length=4, choices=Kind.choices, default=Kind.SLA
    )
    component = models.ForeignKey(
        ServiceComponent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="service component",
        help_text="In an OLA or UA: the part of the service that it is about.",
    )
    # Grows with all that is done to its versions, so that two people never overwrite a draft.
    edition = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "agreement"

    def clean(self) -> None:
        if self.agreement_kind != self.Kind.SLA and not self.organisation_id:
            raise ValidationError(
                {"organisation": "Only the default agreement with customers is with nobody."}
            )
        self._clean_party()
        if self.component is not None:
            self._clean_component(self.component)

    def _clean_party(self) -> None:
        """What members of the federation promise is an OLA, what suppliers do a UA (FitSM-0)."""
        party, wanted = self.organisation, PARTS.get(self.agreement_kind, ())
        if self.state == AgreementState.DRAFT and party and wanted and party.part not in wanted:
            kind, part = self.get_agreement_kind_display(), party.get_part_display()
            why = f"{party.title} is recorded as {part.lower()}; this is an {kind.lower()}."
            raise ValidationError({"organisation": why})

    def _clean_component(self, component: ServiceComponent) -> None:
        if self.agreement_kind == self.Kind.SLA:
            why = "is no service, and worth nothing to customers by itself. Agree on its service,"
            raise ValidationError(
                {"component": f"{component.number} {why} or name it in an OLA or UA."}
            )
        if self.service_id != component.service_id:
            raise ValidationError({"service": "Name the service that the component is part of."})

    def version_at(self, moment: datetime) -> "AgreementVersion | None":
        """The approved version that holds at a moment."""
        approved = self.versions.filter(standing=AgreementVersion.Standing.APPROVED)
        held = approved.filter(Q(valid_until=None) | Q(valid_until__gt=moment))
        return held.filter(valid_from__lte=moment).order_by("-valid_from", "-number").first()

    def begun(self, verb: str) -> dict[str, Any]:
        """Whoever drafts goes on from the draft, or from the terms that were approved last."""
        if verb != "draft":  # a new agreement has no versions to ask for
            return {}
        versions = self.versions.exclude(standing=AgreementVersion.Standing.DISCARDED)
        last = versions.order_by("-number").first()
        return last.as_inputs() if last else {}


class AgreementVersion(Version):
    """One version of the terms; once approved it never changes, for cases cite it."""

    class Standing(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        DISCARDED = "discarded", "Discarded"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="one_agreement_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(standing="draft"),
                name="one_draft_per_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(standing="approved")
                | Q(approved_at__isnull=False, valid_from__isnull=False),
                name="no_agreement_without_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number} version {self.number}"

    @property
    def targets(self) -> dict[tuple[str, int], int]:
        """Kind and priority -> seconds."""
        rows: Any = self.content["targets"]
        return targets.of_rows(rows)

    def as_inputs(self) -> dict[str, Any]:
        """The terms as the verb that drafts them takes them."""
        terms = dict(self.content)
        anew = terms.pop("begins_anew")
        return terms | {
            "availability": promised.written(terms.get("availability", {})),
            "targets": targets.written(self.targets),
            "reopening": "anew" if anew else "continue",
        }

    def said_at(self, moment: datetime) -> str:
        """How it stands at a moment, in words."""
        if self.standing != self.Standing.APPROVED or self.valid_from is None:
            return self.get_standing_display()
        over = self.valid_until is not None and self.valid_until <= max(moment, self.valid_from)
        if over:  # perhaps before it began
            return "Superseded"
        return "To come" if moment < self.valid_from else "In force"
