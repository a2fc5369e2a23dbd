"""What keeps a storm of events from becoming a storm of incidents, or filling the database."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from evenkeel.core.people.models import User
from evenkeel.processes.incidents.models.monitored import Alert, MonitoringEvent, Outcome

MINUTE = timedelta(minutes=1)
MOST = 600  # events of one source in a minute; more are refused, to be sent again later
A_WHILE = timedelta(minutes=10)
MOST_OPENED = 25  # incidents of one source in a while; whatever is new then joins one of its own
KEY = "(storm)"
Open = Callable[[MonitoringEvent, Alert, User, datetime], None]


class TooMany(Exception):
    """A source sends more than is taken; the message says when it may go on."""


def hold(source: str) -> None:
    """Events of one source are taken one after the other, so that a key opens one incident."""
    name = hashlib.blake2b(f"events of {source}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(name, "big", signed=True)]
        )


def check(source: str, now: datetime) -> None:
    """Raise TooMany where a source has sent as many as it may within a minute."""
    lately = MonitoringEvent.objects.filter(source=source, received_at__gt=now - MINUTE)
    if len(lately.order_by("-received_at").values_list("pk")[:MOST]) == MOST:
        raise TooMany(f"{source} sent {MOST} events within a minute; send this again in a minute.")


def rages(source: str, now: datetime) -> bool:
    """Has a source opened so many incidents lately that one more would help nobody?"""
    opened = Alert.objects.filter(source=source, opened_at__gt=now - A_WHILE).exclude(key=KEY)
    return opened.count() >= MOST_OPENED


def join(event: MonitoringEvent, by: User, now: datetime, open_one: Open) -> None:
    """One incident stands for all that is new in a storm."""
    alert, _ = Alert.objects.select_related("incident").get_or_create(source=event.source, key=KEY)
    if alert.incident and alert.incident.is_open:
        alert.count, alert.last_at = alert.count + 1, event.at
        alert.save()
    else:
        storm = MonitoringEvent(
            source=event.source,
            key=KEY,
            severity="warning",
            title=f"Many events of {event.source} at once"[:200],
            text=f"The first that opened no incident of its own: {event.title}",
            at=event.at,
        )
        open_one(storm, alert, by, now)
    event.outcome, event.incident = Outcome.STORM, alert.incident
