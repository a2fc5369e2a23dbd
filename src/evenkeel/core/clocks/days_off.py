"""Days off for service calendars out of iCalendar files: handed in, or read from feeds.

Both write the next version of the scheme, as a draft; nothing counts by it until it is approved.
"""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from evenkeel.core.clocks import ical
from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.clocks.calendars import CONTEXT, NAME, YEARS_AHEAD, Calendars
from evenkeel.core.clocks.feeding import CalendarFeed
from evenkeel.core.clocks.fetching import Unreachable, fetch
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Asked, Invalid, drafting
from evenkeel.core.schemes.actions import action, draft
from evenkeel.core.schemes.models import Scheme, SchemeVersion

Given = dict[str, Any]
SHOWN = 10  # refusals told at once


def names() -> list[tuple[str, str]]:
    """The calendars of which versions are in force or drafted, for a field of a form."""
    found = [one.name for version in _versions() for one in version.read.calendars]
    return [(name, name) for name in dict.fromkeys(found)]


@action
def read_days(
    scheme: Scheme,
    *,
    by: User,
    at: datetime,
    calendar: Annotated[str, Asked("Calendar", choices=names)],
    file: Annotated[File, Asked("iCalendar file", "Its whole-day events become days off.")],  # type: ignore[type-arg]  # bytes
) -> Given:
    """Draft a version with the days off that an iCalendar file names; nothing uses it yet.

    Days that stand there already stay as they are. What cannot be read is told, the rest is kept.
    """
    found = _read(file, at)
    content = _content(scheme)
    one = content.named(calendar)
    if one is None:
        raise Invalid({"calendar": [f"There is no calendar “{calendar}”."]})
    known = {day[:10] for day in one.days} | {*one.holidays, *one.fed}
    new = {day: name for day, name in found.days.items() if day not in known}
    if not new:
        raise Invalid({"file": [_nothing(found, len(found.days)), *found.refused[:SHOWN]]})
    one.days = sorted([*one.days, *(f"{day} {name}" for day, name in new.items())])
    scheme.its_kind.complete(content, at)
    because = f"Days off of {file.name or 'a file'}, for “{calendar}”."
    plain = msgspec.to_builtins(content)
    given = drafting.write(scheme, plain, because, by=by, at=at)
    scheme.remark = _said(found, new)
    return given | {"calendar": calendar, "new_days": new, "not_read": found.refused}


def read_feeds(at: datetime, *, private: bool) -> None:
    """Read every feed that a calendar in force or a draft names; draft a version where one differs.

    With `private`, feeds in networks of our own are read, too.
    """
    feeds = [one.feed for version in _versions() for one in version.read.calendars if one.feed]
    for address in dict.fromkeys(feeds):
        _read_feed(address, at, private=private)


def unread(scheme: Scheme) -> bool:
    """Does its draft name a feed that was never tried?"""
    version = scheme.open_draft() if scheme.scheme_kind == NAME else None
    feeds = {one.feed for one in version.read.calendars if one.feed} if version else set()
    known = CalendarFeed.objects.filter(address__in=feeds, tried_at__isnull=False)
    return known.count() < len(feeds)


def _read_feed(address: str, at: datetime, *, private: bool) -> None:
    feed, _ = CalendarFeed.objects.get_or_create(address=address)
    feed.tried_at = at
    try:
        found = ical.read(fetch(address, ical.MOST_BYTES, private=private), *_span(at))
    except (Unreachable, Unclear) as why:
        feed.said = str(why)[:400]
        feed.save(update_fields=["said", "tried_at"])
        return
    today = timezone.localdate(at).isoformat()
    over = {day: name for day, name in feed.days.items() if day < today}  # stays, as it was
    differs = _ahead(feed.days, today) != _ahead(found.days, today)
    feed.days = over | {day: name for day, name in found.days.items() if day not in over}
    feed.refused, feed.said, feed.read_at = found.refused[:SHOWN], "", at
    with transaction.atomic():
        feed.save()
        if differs:
            _draft(address, at)


def _draft(address: str, at: datetime) -> None:
    """A version with what the feed names now: a new one, or the one that is being written."""
    scheme: Any = Scheme.objects.filter(scheme_kind=NAME, context=CONTEXT).get()
    content = _content(scheme)
    names = [f"“{one.name}”" for one in content.calendars if one.feed == address]
    if not names:
        return
    because = f"The feed of {' and '.join(names)} names other days off."
    earlier = scheme.open_draft()
    if earlier and earlier.because and because not in earlier.because:
        because = f"{earlier.because}\n{because}"
    plain = msgspec.to_builtins(content)
    by = User.objects.the_sms()
    draft(scheme, by=by, at=at, via=Via.JOB, content=plain, because=because)


def _content(scheme: Scheme) -> Calendars:
    """What is being written, else what is in force; a copy, for what is approved never changes."""
    standing = SchemeVersion.Standing.IN_FORCE
    version = scheme.open_draft() or scheme.versions.filter(standing=standing).first()
    if version is None:
        raise Invalid({"": [f"{scheme.number} has no calendars yet."]})
    return msgspec.convert(version.content, Calendars)


def _versions() -> list[SchemeVersion]:
    standings = (SchemeVersion.Standing.IN_FORCE, SchemeVersion.Standing.DRAFT)
    found = SchemeVersion.objects.filter(scheme__scheme_kind=NAME, scheme__context=CONTEXT)
    return list(found.filter(standing__in=standings).select_related("scheme").order_by("number"))


def _read(file: Any, at: datetime) -> ical.Found:
    try:
        return ical.read(file.read(ical.MOST_BYTES + 1), *_span(at))
    except Unclear as unclear:
        raise Invalid({"file": [str(unclear)]}) from unclear


def _span(at: datetime) -> tuple[date, date]:
    """As far as holidays are copied in."""
    return date(at.year - 1, 1, 1), date(at.year + YEARS_AHEAD, 12, 31)


def _ahead(days: dict[str, str], today: str) -> dict[str, str]:
    return {day: name for day, name in days.items() if day >= today}


def _nothing(found: ical.Found, known: int) -> str:
    if known:
        return f"Each of its {known} days stands in the calendar already."
    return "It names no day off."


def _said(found: ical.Found, new: dict[str, str]) -> str:
    known = len(found.days) - len(new)
    day = "One day off is new" if len(new) == 1 else f"{len(new)} days off are new"
    more = len(found.refused) - SHOWN
    return " ".join(
        [
            f"{day}{f', {known} stood there already' if known else ''}.",
            *found.refused[:SHOWN],
            *([f"{more} more events are not read."] if more > 0 else []),
        ]
    )
