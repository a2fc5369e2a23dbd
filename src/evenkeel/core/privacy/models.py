"""An erasure on its way through all that was written."""

from typing import ClassVar

from django.db import models

from evenkeel.core.directory.models import Person
from evenkeel.core.records.record import Record


class Erasure(models.Model):
    """Of one person; what they were called is kept until it is found nowhere, and no longer."""

    class Texts(models.TextChoices):
        NAMES = "names", "Take out name and addresses, keep the rest of every text"
        WRITTEN = "written", "Take out also what they wrote and attached"

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    texts = models.CharField(max_length=8, choices=Texts.choices)
    names = models.JSONField(default=list)  # empty when it is done
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict)  # how much went, and what is left for people to look at

    class Meta:
        app_label = "core"
        verbose_name_plural: ClassVar[str] = "erasures"

    def __str__(self) -> str:
        return f"Erasure of {self.person.number}"


class Anonymised(models.Model):
    """A closed record that has lost the people in it, so that its turn does not come again."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"{self.record_id} at {self.at:%Y-%m-%d}"
