"""How good the record of a case is: kept on the case whenever it is written (ISRM-46, ISRM-52)."""

from django.db import models


class Judged(models.Model):
    """A case whose record is held against what a good one has.

    Read off the rest of it, so that lists and figures only count; empty while it is new. What was
    imported a job judges.
    """

    class Verdict(models.TextChoices):
        SOUND = "sound", "Sound: who comes after understands it"
        WANTING = "wanting", "Wanting: something is missing or wrong"

    completeness = models.PositiveSmallIntegerField(
        "completeness in %", null=True, blank=True, editable=False
    )
    is_good_record = models.BooleanField("good record", null=True, editable=False)
    quality_because = models.JSONField("why so complete", default=dict, editable=False)
    # When it was closed: what is not closed is counted neither by lists nor by figures.
    counted_at = models.DateTimeField(null=True, editable=False)
    record_review = models.CharField(
        "record looked at", max_length=10, choices=Verdict.choices, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def lacks(self) -> list[str]:
        """What it lacks, in words."""
        found: list[str] = self.quality_because.get("lacks", [])
        return found


def indexes_of(kind: str) -> list[models.Index]:
    """What lists by agreement, the quality list, figures and the job that judges the rest use."""
    is_counted = models.Q(counted_at__isnull=False)
    return [
        models.Index(
            fields=["-counted_at"],
            name=f"{kind}_lacking",
            condition=is_counted & models.Q(completeness__lt=100),
        ),
        models.Index(
            fields=["counted_at", "is_good_record"], name=f"{kind}_counted", condition=is_counted
        ),
        models.Index(
            fields=["record_ptr"],
            name=f"{kind}_unjudged",
            condition=models.Q(completeness__isnull=True),
        ),
        models.Index(
            fields=["agreement"],
            name=f"{kind}_by_agreement",
            condition=models.Q(agreement__isnull=False),
        ),
    ]
