"""A field that holds a duration."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Whole = models.PositiveIntegerField[int | None, int | None]
else:
    _Whole = models.PositiveIntegerField


class SecondsField(_Whole):
    """Whole seconds, that pages say in hours and minutes; programs read and write the number."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To the database it is a number like others, so no migration knows of it."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs
