"""Records whose content is in versions: one is drafted, then approved or discarded."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from django.db import models

from evenkeel.core.people.models import User

V = TypeVar("V", bound="Version")
DRAFT = "draft"  # how the version that is being worked on stands, whatever else there is


class Drafted(Generic[V]):
    """Beside `Record`: where nothing is drafted there is nothing to approve or to discard."""

    versions: Any

    def open_draft(self) -> V | None:
        """The version that is being worked on, if there is one."""
        draft: V | None = self.versions.filter(standing=DRAFT).first()
        return draft

    def nothing_for(self) -> Mapping[str, str]:
        """See `Record`."""
        idle = dict.fromkeys(("discard", "approve"), "Nothing is drafted.")
        return {} if self.open_draft() else idle


class Version(models.Model):
    """What every version has: its content, and who wrote and approved it when."""

    number = models.PositiveIntegerField()
    content = models.JSONField()
    because = models.TextField("why", blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
