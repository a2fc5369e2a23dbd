"""What is planned, as an iCalendar feed for whoever holds a token for it: what they may see.

Processes say what that is: reviews that come, agreements that end.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from evenkeel.core.people import tokens, uses
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.web.door import visitor

BACK, AHEAD = timedelta(days=92), timedelta(days=730)
MOST = 1000  # of each sort
_HEADERS = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


class Planned(NamedTuple):
    """A day on which something is to be done about a record, or ends; or hours of one."""

    record: Record
    begins: date  # a moment, where it has hours
    what: str  # "Review": which also tells it from others of the same record and day
    ends: datetime | None = None


# Each is given the reader and the first and the last day, and answers with what they may see.
plans: list[Callable[[User, date, date], Iterable[Planned]]] = []


@require_safe
def show(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The feed; an address that opens nothing looks like one that never did."""
    now = timezone.now()
    bearer = tokens.find(secret, at=now, for_calendar=True)
    if bearer is None:
        return HttpResponse(
            "This address opens no calendar: its token is over, revoked, or never was.\n",
            status=404,
            content_type="text/plain; charset=utf-8",
            headers=_HEADERS,
        )
    uses.note(bearer, visitor(request), now)
    content = _written(bearer.person, now)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=_HEADERS)


def _written(reader: User, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Evenkeel//Planned//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Evenkeel: planned")
    today = timezone.localdate(now)
    for plan in plans:
        for one in plan(reader, today - BACK, today + AHEAD):
            calendar.add_component(_event(one, now))
    return bytes(calendar.to_ical())


def _event(one: Planned, now: datetime) -> Event:
    address = f"{settings.EVENKEEL_URL}{one.record.url}"
    event = Event()
    what = "-".join(one.what.lower().split())
    event.add("uid", f"{one.record.number}-{what}-{one.begins}@{settings.EVENKEEL_URL}")
    event.add("dtstamp", now)
    event.add("dtstart", one.begins)
    event.add("dtend", one.ends or one.begins + timedelta(days=1))
    event.add("summary", f"{one.what}: {one.record.number} {one.record.title}")
    event.add("description", f"{one.record.number} {one.record.title}\n{address}")
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event
