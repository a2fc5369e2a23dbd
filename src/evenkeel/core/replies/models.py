"""Reply templates as records: who wrote them, which team they are for, what they said before."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from evenkeel.core.records.record import Record
from evenkeel.core.replies.filling import PLACES, unknown

_WHAT = ", ".join(f"{{{name}}}" for name in PLACES)


class ReplyTemplate(Record):
    """What is said again and again, with places that each record fills in."""

    collection = "reply_templates"
    prefix = "RT"
    searched: ClassVar[dict[str, str]] = {"title": "A", "text": "B"}
    titled = ("Name", "By which it is found after a / in the field where you write.")
    unused_fields: ClassVar[frozenset[str]] = frozenset({"requester", "organisation", "service"})

    text = models.TextField("text", help_text=f"Places that are filled in: {_WHAT}.")

    class Meta:
        app_label = "core"
        verbose_name = "reply template"

    def clean(self) -> None:
        """Every place in it is one that there is."""
        if wrong := unknown(self.text):
            said = f"There is no place {', '.join(wrong)}; there are: {_WHAT}."
            raise ValidationError({"text": said})
