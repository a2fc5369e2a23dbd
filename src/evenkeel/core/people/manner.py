"""How somebody reads: in which language, by which clock; whoever chose nothing, as the place does.

A language decides here how a day and a time are written; the words are English in each. Only what
people read and type goes by it: days of the management system, filters of lists, figures and what
programs are told stay by the clock of the installation, so that all see the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone

if TYPE_CHECKING:
    from evenkeel.core.people.models import User


class Language(TextChoices):
    """The languages that the software speaks; each is a name that browsers know."""

    BRITISH = "en-gb", "English (27 Nov 2026, 16:05)"
    AMERICAN = "en-us", "English, United States (Nov 27, 2026, 4:05 PM)"


class Theme(TextChoices):
    """The colours of the pages."""

    AUTO = "auto", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


_DAY = {Language.BRITISH: "%-d %b %Y", Language.AMERICAN: "%b %-d, %Y"}
_NEAR = {Language.BRITISH: "%a %-d %b", Language.AMERICAN: "%a %b %-d"}
_TIME = {Language.BRITISH: "%H:%M", Language.AMERICAN: "%-I:%M %p"}


@dataclass(frozen=True, slots=True)
class Manner:
    """A clock and a language."""

    zone: ZoneInfo
    language: Language

    def here(self, moment: datetime) -> datetime:
        """By this clock."""
        return moment.astimezone(self.zone)

    def day(self, day: date) -> str:
        """A day in full; a moment has the day of its own zone."""
        return day.strftime(_DAY[self.language])

    def exact(self, moment: datetime) -> str:
        """Day and time."""
        here = self.here(moment)
        return here.strftime(f"{_DAY[self.language]}, {_TIME[self.language]}")

    def near(self, moment: datetime, now: datetime) -> str:
        """The time alone where it is today, else with its day."""
        here = self.here(moment)
        time = _TIME[self.language]
        is_today = here.date() == self.here(now).date()
        return here.strftime(time if is_today else f"{_NEAR[self.language]}, {time}")


_current: ContextVar[Manner | None] = ContextVar("manner", default=None)


def current() -> Manner:
    """That of whoever reads now; else that of the place."""
    return _current.get() or _of("", "", timezone.get_default_timezone_name())


def of(language: str, zone: str) -> Manner:
    """That of somebody who chose these; "" is left to the place."""
    return _of(language, zone, timezone.get_default_timezone_name())


@contextmanager
def reading(user: "User") -> Iterator[None]:
    """What is said meanwhile is said to this account."""
    if not (user.language or user.time_zone):
        yield
        return
    before = _current.set(of(user.language, user.time_zone))
    try:
        yield
    finally:
        _current.reset(before)


@contextmanager
def typing() -> Iterator[None]:
    """Moments that are typed meanwhile without a zone are by the clock of whoever reads."""
    if _current.get() is None:
        yield
        return
    with timezone.override(current().zone):
        yield


@cache
def zones() -> list[tuple[str, str]]:
    """Every time zone by its place, as people choose one."""
    known = (name for name in available_timezones() if "/" in name or name == "UTC")
    kept = sorted(name for name in known if not name.startswith(("Etc/", "SystemV/", "US/")))
    return [(name, name.replace("_", " ")) for name in kept]


@lru_cache(maxsize=1024)
def _of(language: str, zone: str, place: str) -> Manner:
    known = language if language in Language.values else settings.LANGUAGE_CODE
    try:
        return Manner(ZoneInfo(zone or place), Language(known))
    except (ZoneInfoNotFoundError, ValueError):  # of another machine, which knows more of them
        return Manner(ZoneInfo(place), Language(known))
