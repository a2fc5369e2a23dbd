"""Months by the calendar of the installation."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from django.utils import timezone

SHOWN = 12


@dataclass(frozen=True, order=True)
class Month:
    """A month; `2026-11` in addresses."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month in which a moment lies."""
        here = moment.astimezone(timezone.get_default_timezone())
        return cls(here.year, here.month)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The month that a text names, if it is one."""
        year, _, number = text.partition("-")
        if not _MONTH.fullmatch(text):
            return None
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def said(self) -> str:
        """Nov 2026."""
        return date(self.year, self.number, 1).strftime("%b %Y")

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        first = datetime.combine(date(self.year, self.number, 1), time())
        return first.replace(tzinfo=timezone.get_default_timezone())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.later(1).begins

    def later(self, months: int) -> "Month":
        """The month so many months later, or with less than 0, before."""
        years, number = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, number + 1)


_MONTH = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")


def last(now: datetime, how_many: int = SHOWN) -> list[Month]:
    """The months up to this one, oldest first."""
    this = Month.of(now)
    return [this.later(back) for back in range(1 - how_many, 1)]
