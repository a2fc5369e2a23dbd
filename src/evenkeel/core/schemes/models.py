"""Scheme and its versions: how a process decides, who approved that, and from when it holds."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.records.drafting import Drafted, Version
from evenkeel.core.records.record import Record
from evenkeel.core.schemes.kinds import SchemeKind, as_choices, scheme_kinds


class Scheme(Drafted["SchemeVersion"], Record):
    """How a process decides one kind of question; its content is in its versions (BASE-17)."""

    collection = "schemes"
    prefix = "SCH"
    titled = ("Name", "")
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester", "organisation", "service"})

    scheme_kind = models.CharField(
        "kind of scheme", max_length=40, choices=as_choices, editable=False
    )
    context = models.CharField(
        "process", max_length=20, editable=False, help_text="The code of the process, e.g. ISRM."
    )
    purpose = models.TextField("what it decides", blank=True)
    # Grows with all that is done to its versions, so that two people never overwrite a draft.
    edition = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme_kind", "context"], name="one_scheme_per_kind_and_process"
            ),
        ]

    @property
    def its_kind(self) -> SchemeKind:
        """What kind of scheme it is."""
        return scheme_kinds[self.scheme_kind]

    def not_now(self) -> dict[str, str]:
        """See `Record`: what only schemes of another kind know."""
        others = [one for one in scheme_kinds.values() if one.name != self.scheme_kind]
        return {verb: f"Only for {kind.title.lower()}." for kind in others for verb in kind.verbs}

    def nothing_for(self) -> dict[str, str]:
        """See `Record`."""
        return {**super().nothing_for(), **self.not_now()}


class SchemeVersion(Version):
    """One version of a scheme; once approved it never changes, for records cite it."""

    class Standing(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_FORCE = "in_force", "In force"
        SUPERSEDED = "superseded", "Superseded"
        DISCARDED = "discarded", "Discarded"

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions")
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "number"], name="one_scheme_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(standing="draft"), name="one_draft_per_scheme"
            ),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(standing="in_force"), name="one_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=("draft", "discarded")) | Q(approved_at__isnull=False),
                name="no_version_in_force_without_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.number} version {self.number}"

    @cached_property
    def read(self) -> Any:
        """The content as typed values of its kind."""
        return self.scheme.its_kind.read(self.content)

    @property
    def cited(self) -> dict[str, Any]:
        """How a record names the version that decided about it."""
        return {"scheme": self.scheme.number, "version": self.number}


def in_force(kind: str, context: str, at: datetime) -> SchemeVersion | None:
    """The version that held at a moment; whatever came before the first falls under the first."""
    return held_at(_VERSIONS.rows(kind, context), at)


def held_at(rows: Sequence[tuple[datetime, int, int]], at: datetime) -> SchemeVersion | None:
    """Of approved versions (when, number, key) the one that held at a moment."""
    versions = sorted(rows)
    if not versions:
        return None
    held = [version for version in versions if version[0] <= at]
    approved_at, _, pk = held[-1] if held else versions[0]
    return _approved(pk, approved_at)


_VERSIONS = Compiled(
    lambda kind, context: SchemeVersion.objects.filter(
        scheme__scheme_kind=kind, scheme__context=context, approved_at__isnull=False
    ).values_list("approved_at", "number", "pk"),
    "a kind",
    "a context",
)


@lru_cache(maxsize=32)
def _approved(pk: int, approved_at: datetime) -> SchemeVersion:
    """An approved version with its content read; it never changes, so it is read once."""
    return SchemeVersion.objects.select_related("scheme").get(pk=pk, approved_at=approved_at)
