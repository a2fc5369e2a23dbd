"""Calendars as a scheme: drafted and approved like any other, cited by the clocks they moved."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection

from evenkeel.core.clocks.calendar import Calendar, Unclear, holidays_of, read
from evenkeel.core.clocks.feeding import CalendarFeed
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.rules.inputs import Invalid
from evenkeel.core.schemes.kinds import SchemeKind, declare
from evenkeel.core.schemes.models import SchemeVersion, in_force

NAME, CONTEXT = "service_calendars", "SPM"
YEARS_AHEAD = 10  # for which holidays are copied into a version


class Calendars(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version."""

    calendars: list[Calendar]

    def named(self, name: str) -> Calendar | None:
        """The calendar of that name."""
        return next((one for one in self.calendars if one.name == name), None)

    def faults(self) -> list[str]:
        """See `Content`."""
        names = [one.name for one in self.calendars]
        faults = [fault for one in self.calendars for fault in one.faults()]
        faults += [f"“{name}” stands there twice." for name in {*names} if names.count(name) > 1]
        return faults if names else ["There is at least one calendar."]

    def edits_of(self, earlier: "Calendars") -> list[str]:
        """See `Content`."""
        edits = [f"“{one.name}” is new." for one in self.calendars if not earlier.named(one.name)]
        for before in earlier.calendars:
            after = self.named(before.name)
            edits += _edits(before, after) if after else [f"“{before.name}” is taken out."]
        return edits


def _edits(before: Calendar, after: Calendar) -> list[str]:
    pairs = {
        "hours": (before.hours, after.hours),
        "time zone": (before.zone, after.zone),
        "holidays": (_place(before), _place(after)),
    }
    edits = [
        f"“{after.name}”: the {what} become “{new}”; they were “{old}”."
        for what, (old, new) in pairs.items()
        if old != new
    ]
    if before.feed != after.feed:
        feed = f"its feed of days off is {after.feed}" if after.feed else "it has no feed any more"
        edits.append(f"“{after.name}”: {feed}.")
    held, holds = _days(before), _days(after)
    edits += [f"“{after.name}”: “{read(day)}” is new." for day in holds if day not in held]
    gone = (read(day) for day in held if day not in holds)
    return edits + [f"“{after.name}”: “{day}” is taken out." for day in gone]


def _days(calendar: Calendar) -> list[str]:
    """Those that somebody wrote down or a feed named, a line each."""
    fed = [f"{day} {name}" for day, name in calendar.fed.items()]
    return list(dict.fromkeys([*calendar.days, *fed]))


def _place(calendar: Calendar) -> str:
    return f"{calendar.country} {calendar.region}".strip() or "none"


def complete(content: Calendars, at: datetime) -> None:
    """Copy in holidays and what feeds named, so that the version says the same for ever."""
    for one in content.calendars:
        try:
            last = at.year + YEARS_AHEAD
            one.holidays = holidays_of(one.country, one.region, at.year - 1, last)
            one.fed = fed_by(one.feed)
        except Unclear as unclear:
            raise Invalid({"content": [f"“{one.name}”: {unclear}"]}) from unclear


def fed_by(feed: str) -> dict[str, str]:
    """The days off that a feed named when it was read last; none where it never was."""
    known: Any = CalendarFeed.objects.filter(address=feed) if feed else CalendarFeed.objects.none()
    return next((one.days for one in known), {})


def choices(at: datetime) -> list[tuple[str, str]]:
    """The calendars in force, for a field of a form."""
    version = in_force(NAME, CONTEXT, at)
    return [(one.name, one.name) for one in version.read.calendars] if version else []


def version_at(name: str, at: datetime) -> SchemeVersion | None:
    """The version whose calendar of that name holds for what begins at a moment.

    Where the version in force has it no more, the last that had it.
    """
    version = in_force(NAME, CONTEXT, at)
    if version is None or version.read.named(name):
        return version
    others = version.scheme.versions.filter(approved_at__isnull=False).order_by("-number")
    return next((one for one in others if one.read.named(name)), None)


def hours_of(version: int, name: str, zone: str) -> Hours:
    """The open seconds of a calendar of an approved version, which never changes; by its key."""
    return _hours(connection.settings_dict["NAME"], version, name, zone)


@lru_cache(maxsize=256)
def _hours(database: str, version: int, name: str, zone: str) -> Hours:
    content: Any = SchemeVersion.objects.select_related("scheme").get(pk=version).read
    return Hours(content.named(name), zone)


KIND = declare(
    SchemeKind(
        NAME,
        "Service calendars",
        "When services are attended: hours, holidays, time zones.",
        Calendars,
        complete,
        frozenset({"read_days"}),
    )
)
