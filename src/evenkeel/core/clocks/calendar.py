"""Service hours as data: the week, days that differ, holidays, and the zone they are meant in."""

import re
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

import msgspec

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALWAYS = "24x7"
WHOLE_DAY = 24 * 60
_INTERVAL = re.compile(r"(\d\d):([0-5]\d)[-–](\d\d):([0-5]\d)")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)\s+(\S.*)")

# Without a name and password: whoever sees the calendar sees the address.
_FEED = re.compile(r"https?://[^\s/@]+(/\S*)?")

Intervals = tuple[tuple[int, int], ...]  # minutes of a day: from, until


class Unclear(ValueError):
    """The text of a calendar does not say what was meant; the message says what would."""


class Calendar(msgspec.Struct, forbid_unknown_fields=True, dict=True):
    """When a service is attended.

    `hours` is the week: "Mon-Fri 08:00-12:00 13:00-18:00; Sat 09:00-12:00", or "24x7". `days` are
    those that differ, one each: "2026-12-24 08:00-12:00" has other hours, "2026-08-17 Summer party"
    is closed. `holidays` holds those of country and region by date, `fed` the days off that the
    feed named when it was read last: they are copied in when a version is drafted, so that it says
    the same for ever. What stands in `days` goes before both.
    """

    name: str
    hours: str
    zone: str = "UTC"
    country: str = ""  # ISO 3166: "DE"
    region: str = ""  # within it: "BY"
    days: list[str] = []
    feed: str = ""  # the address of an iCalendar file that names days off
    holidays: dict[str, str] = {}
    fed: dict[str, str] = {}

    @cached_property
    def week(self) -> tuple[Intervals, ...]:
        """The intervals of Monday to Sunday. Raises Unclear."""
        return week_of(self.hours)

    @cached_property
    def differing(self) -> dict[date, tuple[Intervals, str]]:
        """The days with other hours than their weekday, and why. Raises Unclear."""
        found: dict[date, tuple[Intervals, str]] = {
            date.fromisoformat(day): ((), name) for day, name in (self.holidays | self.fed).items()
        }
        return found | dict(_differing(line) for line in self.days)

    def on(self, day: date) -> Intervals:
        """The intervals of a date, as a clock on the wall shows them."""
        other = self.differing.get(day)
        return self.week[day.weekday()] if other is None else other[0]

    def why_other(self, day: date) -> str:
        """Why a date has other hours than its weekday, or ""."""
        other = self.differing.get(day)
        return other[1] if other else ""

    def faults(self) -> list[str]:
        """What makes it unusable, in sentences."""
        named = f"“{self.name}”" if self.name.strip() else "A calendar without a name"
        faults = [] if self.name.strip() else ["Every calendar needs a name."]
        try:
            if not any(self.week):
                faults.append(f"{named} is never open.")
            self.differing  # noqa: B018  (reading it is the test)
        except ValueError as unclear:
            faults.append(f"{named}: {unclear}")
        if self.zone not in available_timezones():
            faults.append(f"{named}: “{self.zone}” is no time zone; one is “Europe/Amsterdam”.")
        if self.feed and not _FEED.fullmatch(self.feed):
            faults.append(f"{named}: its feed is read from an address that begins with https://.")
        return faults

    @property
    def reads(self) -> list[str]:
        """The days that differ, as people here write days."""
        return [read(line) for line in self.days]

    @property
    def feed_reads(self) -> list[str]:
        """The days off that the feed named, as people here write days."""
        return [read(f"{day} {name}") for day, name in self.fed.items()]

    @property
    def its_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def week_of(text: str) -> tuple[Intervals, ...]:
    """The intervals of Monday to Sunday. Raises Unclear, saying what would be understood."""
    if text.strip().lower() == ALWAYS:
        return (((0, WHOLE_DAY),),) * 7
    week: list[Intervals] = [()] * 7
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        named, _, rest = part.partition(" ")
        for day in _days(named):
            if week[day]:
                raise Unclear(f"{DAYS[day]} is named twice.")
            week[day] = intervals_of(rest)
    return tuple(week)


def intervals_of(text: str) -> Intervals:
    """The intervals of a day: "08:00-12:00 13:00-24:00". Raises Unclear."""
    found: list[tuple[int, int]] = []
    for word in text.replace(",", " ").split():
        if not (match := _INTERVAL.fullmatch(word)):
            raise Unclear(f"“{word}” is no time of day; one is “08:00-18:00”.")
        start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
        start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
        if not start < end <= WHOLE_DAY:
            raise Unclear(f"“{word}” does not end after it begins, by 24:00 at the latest.")
        if found and start < found[-1][1]:
            raise Unclear(f"“{word}” begins before the interval ahead of it ends.")
        found.append((start, end))
    if not found:
        raise Unclear("After a day its hours are named: “Mon-Fri 08:00-18:00”.")
    return tuple(found)


def _days(text: str) -> list[int]:
    """ "Mon-Fri" or "Sat,Sun" or "daily" as numbers from Monday, 0. A range may pass Sunday."""
    if text.lower() == "daily":
        return list(range(7))
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.replace("–", "-").partition("-")
        start, end = _day(first), _day(last or first)
        found += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return found


def _day(name: str) -> int:
    short = name.strip()[:3].capitalize()
    if short not in DAYS:
        raise Unclear(f"“{name}” is no day of the week; one is “Mon”.")
    return DAYS.index(short)


def _differing(line: str) -> tuple[date, tuple[Intervals, str]]:
    if not (match := _DAY.fullmatch(line.strip())):
        raise Unclear(f"“{line}” is no day that differs; one is “2026-12-24 08:00-12:00”.")
    said, rest = match.groups()
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Unclear(f"There is no {said}.") from None
    if _INTERVAL.match(rest):
        return day, (intervals_of(rest), "other hours")
    return day, ((), rest)


def read(line: str) -> str:
    """A line of `days` as people here write a day: "24 Dec 2026 08:00-12:00"."""
    if not (match := _DAY.fullmatch(line.strip())):
        return line
    said, rest = match.groups()
    return f"{date.fromisoformat(said):%-d %b %Y} {rest}"


def holidays_of(country: str, region: str, first: int, last: int) -> dict[str, str]:
    """The holidays of a country or its region in these years, by date. Raises Unclear."""
    if not country:
        return {}
    import holidays  # noqa: PLC0415  (takes 0.2 s, and only a draft needs it)

    regions = holidays.list_supported_countries().get(country)
    if regions is None or (region and region not in regions):
        raise Unclear(f"The holidays of “{f'{country} {region}'.strip()}” are not known.")
    years = range(first, last + 1)
    found = holidays.country_holidays(country, subdiv=region or None, years=years)
    return {day.isoformat(): name for day, name in sorted(found.items())}


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
