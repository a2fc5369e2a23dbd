"""Link: two records that belong together, and in what sense."""

from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record


class LinkKind(models.TextChoices):
    """In what sense; the label reads from source to target."""

    RELATES_TO = "relates_to", "relates to"
    PART_OF = "part_of", "is part of"
    DUPLICATES = "duplicates", "duplicates"
    CAUSED_BY = "caused_by", "is caused by"
    REPORTED_AS = "reported_as", "was taken up in"
    AFFECTS = "affects", "affects"


INVERSE: dict[str, str] = {
    LinkKind.RELATES_TO: "relates to",
    LinkKind.PART_OF: "consists of",
    LinkKind.DUPLICATES: "is duplicated by",
    LinkKind.CAUSED_BY: "is the cause of",
    LinkKind.REPORTED_AS: "takes up",
    LinkKind.AFFECTS: "is affected by",
}


class Link(models.Model):
    """Two records that belong together, and in what sense."""

    source = models.ForeignKey(
        Record, models.PROTECT, related_name="links_out", db_index=False
    )  # the constraint's index begins with it
    target = models.ForeignKey(Record, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_per_kind"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="no_link_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"


class Reference(models.Model):
    """Something outside that a record points to by another system's name.

    Kept and shown as long as the thing itself is not here; `target` is set when it arrives.
    """

    # No foreign key in the database: a record cannot go, because its entries hold it, and checking
    # the many references of imported rows once more would be a sixth of the work of an import.
    # No index of its own: that of the constraint begins with it.
    record = models.ForeignKey(
        Record, models.PROTECT, related_name="references", db_index=False, db_constraint=False
    )
    relation = models.CharField(max_length=40)  # "affected CI"
    system = models.CharField(max_length=40)  # "hp-service-manager"
    outside_name = models.CharField(max_length=120)  # "SUB000508"
    target = models.ForeignKey(
        Record, models.PROTECT, null=True, related_name="referred_by", db_index=False
    )

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "relation", "outside_name"], name="one_reference_per_relation"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["relation", "outside_name"], name="reference_by_name"),
            models.Index(
                fields=["target"],
                name="reference_by_target",
                condition=models.Q(target__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.outside_name}"


class Origin(models.Model):
    """From which row of which other system a record came; why importing twice changes nothing."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="origins")
    system = models.CharField(max_length=40)
    outside_id = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=32)  # of the row as read
    row = models.JSONField()  # the row itself: nothing of it is lost
    imported_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "outside_id"], name="one_origin_per_id"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.outside_id}"
