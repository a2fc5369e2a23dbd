"""What services are made of (FitSM-0): a logical part of one, that is worth nothing by itself."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from evenkeel.core.records.record import Record, Wanted

DEEPEST = 20  # levels of parts of parts


class ServiceComponent(Record):
    """A logical part of a service; it is no service, so nobody is offered or promised it alone."""

    collection = "service_components"
    prefix = "CMP"
    titled = ("Name", "")
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester"})

    # `Record` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    description = models.TextField(
        "what it does", blank=True, help_text="What it contributes to the service."
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="part of",
        help_text="The component that it is a part of; none if it is one of the service itself.",
    )

    class Meta:
        verbose_name = "service component"

    def clean(self) -> None:
        """Its way up leads through components of the same service, and not back to itself."""
        above, levels = self.part_of, 0
        while above is not None:
            levels += 1
            if above.pk == self.pk or levels > DEEPEST:
                raise ValidationError({"part_of": "It would be a part of itself."})
            if above.service_id != self.service_id:
                raise ValidationError({"part_of": f"{above.number} belongs to another service."})
            above = above.part_of

    def wants(self, verb: str) -> dict[str, Wanted]:
        """See `Record`."""
        return {"service": Wanted(is_needed=True)} if verb in {"record", "edit"} else {}

    def not_now(self) -> dict[str, str]:
        """See `Record`."""
        parts: Any = ServiceComponent.objects.filter(part_of=self.pk, is_open=True)
        return {"retire": "It has parts in use: retire them first."} if parts.exists() else {}


def tree(
    components: list[ServiceComponent], root: int | None = None
) -> list[tuple[Any, list[Any]]]:
    """Components below one of them, or below the service: each with its own parts."""
    return [(one, tree(components, one.pk)) for one in components if one.part_of_id == root]
