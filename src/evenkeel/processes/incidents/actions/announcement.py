"""The verbs of an announcement: tell those concerned, again and again, and that it is over."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Actions, Asked, Invalid, registry
from evenkeel.processes.incidents import lifecycle, permissions, queries
from evenkeel.processes.incidents.actions import criteria
from evenkeel.processes.incidents.models import Announcement, Incident

Given = dict[str, Any]
Which = Annotated[Incident, Asked("Major incident", "Its number, e.g. INC-7.")]
Said = Annotated[str, Asked("What is said", "Everybody whom it is for can read it.", long=True)]
USUAL = "We know of it and are working on it. You read here how it goes on."
CALM = "It hurts less than we thought, and we go on with it as usual."
OVER = "It works again. Thank you for your patience."

action = Actions(
    Announcement,
    lifecycle.ANNOUNCEMENT,
    permissions.ANNOUNCEMENT,
    visible=permissions.ADDRESSED,
    inside=permissions.INSIDE,
)


@action(public=True, fields=True)
def record(
    announcement: Announcement,
    *,
    by: User,
    at: datetime,
    incident: Which,
) -> Given:
    """Say on the status page what is known, and tell everybody whom it concerns."""
    if not incident.is_major:
        raise Invalid({"incident": [f"{incident.number} is no major incident."]})
    announcement.about = incident
    announcement.service = announcement.service or incident.service
    about = ", ".join(queries.told_as_hurt(announcement, incident)) or "a service"
    announcement.title = announcement.title or f"Disruption: {about}"[:200]
    announcement.case_owner = incident.coordinator or by
    announcement.requester = None
    _speak(announcement, incident, at)
    return {"incident": incident.number}


@action(public=True)
def update(announcement: Announcement, *, by: User, at: datetime, text: Said) -> Given:
    """Say how it goes on; those concerned hear of it, and the time until the next word begins."""
    announcement.text = text
    announcement.case_owner = announcement.about.coordinator or announcement.case_owner
    _speak(announcement, announcement.about, at)
    return {}


@action
def remind(announcement: Announcement, *, by: User, at: datetime) -> Given:
    """Those concerned wait for the next word; whoever speaks is reminded, once each time."""
    if announcement.due_at is None or announcement.due_at > at:
        raise Invalid({"": ["There is still time."]})
    announcement.is_breached = True
    late = str(announcement.due_at)
    announcement.due_at = at + timedelta(minutes=_cadence(at))
    return {"due": late}


@action(public=True)
def end(announcement: Announcement, *, by: User, at: datetime, text: Said = OVER) -> Given:
    """Say that it is over; it stands on the status page for some days yet."""
    announcement.text, announcement.due_at = text, None
    return {}


def announce(incident: Incident, *, by: User, at: datetime, **said: Any) -> None:
    """Tell of a major incident in the same transaction in which it is declared."""
    if incident._state.adding:  # a rehearsal announces nothing
        return
    registry["announcements.record"](Announcement(), by=by, at=at, incident=incident, **said)


def end_all(incident: Incident, text: str, *, by: User, at: datetime) -> None:
    """Say of everything that is announced of an incident that it is over."""
    if incident._state.adding or not incident.declared_at:
        return
    for announcement in queries.announced(incident):
        registry["announcements.end"](announcement, by=by, at=at, text=text)


def remind_all(at: datetime) -> int:
    """Remind of every announcement that says nothing new for longer than was promised."""
    late = Announcement.objects.filter(is_open=True, due_at__lte=at).order_by("pk")
    for announcement in list(late):
        remind(announcement, by=User.objects.the_sms(), at=at, via=Via.JOB)
    return len(late)


def _speak(announcement: Announcement, incident: Incident, at: datetime) -> None:
    announcement.hurt = queries.told_as_hurt(announcement, incident)
    announcement.due_at = at + timedelta(minutes=_cadence(at))
    announcement.is_breached = False


def _cadence(at: datetime) -> int:
    version = criteria.scheme(at)
    return version.read.update_minutes if version else 60
