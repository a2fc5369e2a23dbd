"""Open incidents with a clock each, and the calendar that some of them go by."""

import json
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from evenkeel.core.clocks import calendars, writing
from evenkeel.core.clocks.engine import Act
from evenkeel.core.clocks.models import Clock, Told, seconds_of
from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import bulk
from evenkeel.core.records.entry import Via
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme, SchemeVersion, in_force
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.services.models import Agreement
from evenkeel.project.settings import EVENKEEL_HOME

HOURS, ALWAYS = "Office hours", "Always"
BATCH = 2_000
SHARE = 10  # one clock in so many goes by office hours, and is recomputed
TARGET = 8 * 3600
OWNER = "owner"
DONE = EVENKEEL_HOME / "filled.json"


def fill(count: int, falling: int) -> None:
    """So many clocks, of which so many fall due in each minute; nothing if that was done."""
    if DONE.exists():
        return
    start = timezone.now().replace(microsecond=0)
    version = _in_force(start)
    for begin in range(0, count, BATCH):
        places = range(begin, min(count, begin + BATCH))
        with transaction.atomic():
            _write(list(_clocks(places, falling, start, version)))
        sys.stderr.write(f"\r{places.stop:,} of {count:,} clocks")
    sys.stderr.write("\n")
    DONE.write_text(json.dumps({"clocks": count, "start": start.isoformat()}))


def owner() -> User:
    """Answers for the calendars."""
    found = User.objects.filter(username=OWNER).first()
    if found is None:
        found = User.objects.create_user(OWNER, full_name="Owner of the calendars")
        role: Any = Role.objects.get(role_type=RoleType.PROCESS_OWNER, context="SPM")
        start = timezone.now() - timedelta(days=1)
        RoleAssignment.objects.create(role=role, person=found, starts_at=start)
    return found


def close_a_day() -> datetime:
    """The next version of office hours, by which all of them are due at another moment.

    A day that the last version closed is open again; so this can be done any number of times.
    """
    start = datetime.fromisoformat(json.loads(DONE.read_text())["start"])
    scheme: Any = Scheme.objects.get(scheme_kind=calendars.NAME, context=calendars.CONTEXT)
    version = scheme.versions.order_by("-number")[0]
    at = start + timedelta(hours=1, minutes=version.number)
    day = start.date() + timedelta(days=1)
    while day.weekday() > 4:  # closed anyway
        day += timedelta(days=1)
    content = deepcopy(version.content)
    for one in content["calendars"]:
        if one["name"] == HOURS:
            one["days"] = [] if one["days"] else [f"{day} Forgotten"]
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": at, "via": Via.DEMO}
    schemes.draft(scheme, **how, content=content, because="A day was forgotten")
    schemes.approve(scheme, **how)
    return at


def _in_force(at: datetime) -> SchemeVersion:
    version = in_force(calendars.NAME, calendars.CONTEXT, at)
    if version is None:
        raise LookupError("there are no service calendars")
    return version


def _clocks(
    places: range, falling: int, start: datetime, version: SchemeVersion
) -> Iterator[tuple[datetime, Clock]]:
    """Each with the moment at which its case was recorded."""
    for place in places:
        by_hours = place % SHARE == 0
        rank = place - place // SHARE - 1  # among those that go by no office hours
        away = timedelta(seconds=3600 + 60 * rank / falling - TARGET)
        at = start if by_hours else start + away
        clock = Clock(
            kind="resolution",
            target=5 * TARGET if by_hours else TARGET,
            turns=[[seconds_of(at), Act.START, ""]],
            calendar=version,
            calendar_name=HOURS if by_hours else ALWAYS,
            told=Told.NOTHING if by_hours else Told.WARNED,
        )
        clock.set_by(clock.read(at))
        yield at, clock


def _write(pairs: list[tuple[datetime, Clock]]) -> None:
    default: Any = Agreement.objects.order_by("pk")[0]
    who = owner().pk
    records = [
        bulk.NewRecord(
            {
                "title": f"Case {seconds_of(at)}",
                "state": "in_progress",
                "is_open": True,
                "priority": 3,
                "requester_id": who,
                "case_owner_id": who,
                "recorded_at": at,
                "due_at": clock.due_at,
                "agreement_id": default.pk,
                "agreement_because": {"text": "The default.", "version": 1},
            },
            [bulk.NewEntry("incidents.record", at, who)],
        )
        for at, clock in pairs
    ]
    bulk.write(Incident, records, via=Via.DEMO)
    for record, (_, clock) in zip(records, pairs, strict=True):
        clock.record_id = record.pk
    writing.write([clock for _, clock in pairs])
