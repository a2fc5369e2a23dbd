"""Violation: a target of an agreement that may not be kept, or was not (ISRM to SLM)."""

from typing import Any, ClassVar

from django.db import models

from evenkeel.core.records.record import Record
from evenkeel.processes.services.models.service import Agreement


class Violation(Record):
    """One threshold that one case passed, and what was said to the customer about it.

    It says the number of the case and nothing else of it, so that whoever works on agreements sees
    no more of the case than they may; its text, which may quote the case, is for those inside.
    """

    class Level(models.TextChoices):
        POTENTIAL = "potential", "Potential"
        ACTUAL = "actual", "Actual"

    collection = "violations"
    prefix = "VIO"
    unused_fields: ClassVar[frozenset[str]] = frozenset({"title", "requester"})
    worked_out: ClassVar[frozenset[str]] = frozenset()

    # `Case` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    about = models.ForeignKey(
        Record, models.PROTECT, related_name="+", verbose_name="case", editable=False
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="violations", db_index=False, editable=False
    )  # violation_newest begins with it
    agreement_version = models.PositiveIntegerField("version of the agreement", editable=False)
    target = models.CharField("target", max_length=12, editable=False)
    level = models.CharField("level", max_length=10, choices=Level.choices, editable=False)
    passed_at = models.DateTimeField("passed", editable=False)
    text = models.TextField("to the customer", blank=True, editable=False)
    told_by = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="customer told by",
        editable=False,
    )
    told_at = models.DateTimeField("customer told", null=True, editable=False)

    class Meta:
        verbose_name = "violation"
        indexes: ClassVar = [
            models.Index(fields=["agreement", "-passed_at"], name="violation_newest"),
        ]

    def begun(self, verb: str) -> dict[str, Any]:
        """Whoever tells the customer begins with the text of the agreement."""
        if verb == "tell_supplier":
            said = "was not kept" if self.level == self.Level.ACTUAL else "may not be kept"
            return {"text": f"{self.about.number}: what we agreed on in {self.agreement.number}"
                    f" {said}. Please tell us how far you are, and quote this number."}  # fmt: skip
        return {"text": self.text} if verb == "communicate" else {}

    def not_now(self) -> dict[str, str]:
        """See `Record`: only a supplier is told of what a supplier promised."""
        if self.agreement_id is None:  # it is being recorded
            return {}
        is_theirs = self.agreement.agreement_kind == Agreement.Kind.UA
        return {} if is_theirs else {"tell_supplier": "It was not promised by a supplier."}

    def nothing_for(self) -> dict[str, str]:
        """See `Record`."""
        return self.not_now()
