"""What an incident does to its service, and since when: a disruption or a degradation (PR9)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from evenkeel.core.records.record import Record
from evenkeel.core.schemes import priority
from evenkeel.core.schemes.models import in_force


class Hurting(models.Model):
    """A record of a time in which a service was not there, or worse than was agreed.

    Where an effect is said it counts against the availability of the service, from when it began
    until it was restored, whenever the case itself was reported, resolved or closed.
    """

    class Effect(models.TextChoices):
        DISRUPTION = "disruption", "Disruption: the service is not there"
        DEGRADATION = "degradation", "Degradation: it is there, but worse than expected"

    started_at = models.DateTimeField(
        "began", null=True, blank=True, help_text="If it began before it was reported."
    )
    effect = models.CharField(
        "effect on the service", max_length=12, choices=Effect.choices, blank=True, editable=False
    )
    degree = models.PositiveSmallIntegerField(
        "degree of degradation",
        null=True,
        blank=True,
        editable=False,
        help_text="How much of the service is missing, in per cent: 1 to 99.",
    )
    falls_short_of = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="falls short of",
        help_text="The SLA, OLA or UA whose level it misses, where that is known.",
        limit_choices_to={"of_kind": "agreement"},
        editable=False,
    )
    missed_level = models.CharField(
        "level that is missed",
        max_length=120,
        blank=True,
        editable=False,
        help_text="Which one, e.g. “availability 99.5 % a month”.",
    )
    workaround = models.TextField(
        "workaround", blank=True, editable=False, help_text="What users can do meanwhile."
    )
    # A disruption that came back after closure is another outage; the earlier ones, begin and end.
    down_again_at = models.DateTimeField("back since", null=True, blank=True, editable=False)
    earlier_outages = models.JSONField("earlier outages", default=list, editable=False)

    class Meta:
        abstract = True

    def begun(self, verb: str) -> dict[str, Any]:
        """See `Record`: what was said before is not taken back by leaving it as it is."""
        names = ("effect", "degree", "falls_short_of", "missed_level")
        more = {name: getattr(self, name) for name in names} if verb == "assess" else {}
        if verb == "resolve":  # monitoring knows better than the clock of whoever resolves it
            more["restored_at"] = getattr(self, "recovered_at", None)
        if verb == "apply_workaround":
            more = {"workaround": self.workaround, "urgency": self._urgency_with_one()}
        shared: dict[str, Any] = super().begun(verb)  # type: ignore[misc]  # beside a record
        return shared | more

    def _urgency_with_one(self) -> int | None:
        """What is proposed when a workaround helps: one step less urgent, the first time (R-07)."""
        urgency: int | None = self.urgency  # type: ignore[attr-defined]  # beside a record
        version = in_force(priority.NAME, "ISRM", timezone.now())
        is_major: bool = self.is_major  # type: ignore[attr-defined]
        if urgency is None or self.workaround or version is None or is_major:
            return urgency
        return min(urgency + 1, len(version.read.urgency))

    @property
    def began_at(self) -> datetime:
        """When it began, or began again."""
        recorded: datetime = self.recorded_at  # type: ignore[attr-defined]  # beside a record
        return self.down_again_at or self.started_at or recorded
