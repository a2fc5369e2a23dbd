"""Fills the database of one size, once, and tells the driver what is in it."""

import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone

from evenkeel.core.demo import loading
from evenkeel.core.directory.actions import token
from evenkeel.core.directory.models import Organisation, Person, Team
from evenkeel.core.imports.ahead import Ahead
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.people.sessions import Backend, SessionStore
from evenkeel.core.records import bulk, checkpoints
from evenkeel.core.records.entry import Via
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.services.models import Service
from evenkeel.project.bench.stories import Cast, tell
from evenkeel.project.settings import EVENKEEL_HOME

BATCH = 2_000
USERS, SERVICES = 300, 40
AGENT = "nils"  # of the service desk; the one who is measured
WAITING = 2_000  # incidents in progress, made anew for each run, to be resolved by it
SAMPLE = 2_000  # numbers to read
PATIENCE = 600  # seconds for the upkeep of the database


def fill(size: int) -> None:
    """The demonstration, and then as many incidents as asked for; nothing if that was done."""
    done = EVENKEEL_HOME / "filled.json"
    if done.exists():
        return
    began = time.monotonic()
    loading.load()
    User.objects.bulk_create(User(username=f"user{n}", full_name=f"User {n}") for n in range(USERS))
    _services()
    _write(tell(size, _cast(), timezone.now()), size)
    settle()
    seconds = time.monotonic() - began
    done.write_text(json.dumps({"incidents": size, "seconds": round(seconds, 1)}))


def settle() -> None:
    """Let the database finish what filling, or new tables, left to do: it is not to be measured.

    The first checkpoint over a million chains takes a minute, which the worker would spend while
    requests are measured; later ones cover an hour's entries.
    """
    if (up_to := checkpoints.settled()) is not None:
        checkpoints.seal(up_to)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        busy = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
        for _ in range(PATIENCE):
            cursor.execute(busy)
            if cursor.fetchall() == [(0,)]:
                return
            time.sleep(1)


def facts(size: int) -> dict[str, Any]:
    """Who asks, and about what."""
    agent = User.objects.get(username=AGENT)
    theirs = Incident.objects.visible_to(agent).filter(pk__in=_random_keys())
    numbers = theirs.values_list("number", flat=True)
    return {
        "session": _session(agent),
        "token": _token(agent),
        "numbers": list(numbers[:SAMPLE]),
        "waiting": _waiting(agent),
        "agent": agent.pk,
        "teams": list(Team.objects.values_list("number", flat=True)),
        "services": list(Service.objects.values_list("number", flat=True)[:SERVICES]),
        "incidents": Incident.objects.count(),
        "filled": json.loads((EVENKEEL_HOME / "filled.json").read_text()),
    }


def _cast() -> Cast:
    agents = User.objects.filter(memberships__isnull=False).distinct()
    return Cast(
        users=list(User.objects.filter(is_system=False).values_list("pk", flat=True)),
        agents=list(agents.values_list("pk", flat=True)),
        teams=list(Team.objects.values_list("pk", flat=True)),
        services=list(Service.objects.values_list("pk", flat=True)),
        organisations=list(Organisation.objects.values_list("pk", flat=True)),
    )


def _services() -> None:
    at = timezone.now()
    made = [
        bulk.NewRecord(
            {"title": f"Service {place}", "state": "live", "value": "Of use to many."},
            [bulk.NewEntry("services.record", at)],
        )
        for place in range(SERVICES)
    ]
    with transaction.atomic():
        bulk.write(Service, made, via=Via.DEMO)


def _write(stories: Iterable[bulk.NewRecord], size: int) -> None:
    told, written = iter(stories), 0
    # While the database writes one batch, the next is told.
    with closing(Ahead(iter(lambda: list(islice(told, BATCH)), []))) as batches:
        for batch in batches:
            with transaction.atomic():
                bulk.write(Incident, batch, via=Via.DEMO)
            written += len(batch)
            sys.stderr.write(f"\r{written:,} of {size:,} incidents")
    sys.stderr.write("\n")


def _waiting(agent: User) -> list[str]:
    """New incidents that the agent works on."""
    now = timezone.now()
    made = list(_in_progress(tell(WAITING, _cast(), now), agent, now))
    with transaction.atomic():
        bulk.write(Incident, made, via=Via.DEMO)
    return [record.number for record in made]


def _in_progress(
    stories: Iterator[bulk.NewRecord], agent: User, now: datetime
) -> Iterator[bulk.NewRecord]:
    for story in stories:
        values = {**story.values, "state": "in_progress", "is_open": True, "recorded_at": now}
        values |= {"solution": "", "resolved_at": None, "closed_at": None}
        yield bulk.NewRecord(values, [bulk.NewEntry("incidents.record", now, agent.pk)])


def _random_keys() -> list[int]:
    keys = Incident.objects.order_by("pk").values_list("pk", flat=True)
    first, last = keys[0], keys.reverse()[0]
    chance = random.Random(first)  # noqa: S311  (not a secret)
    return [chance.randint(first, last) for _ in range(SAMPLE * 2)]


def _token(user: User) -> str:
    """The secret of a token of this account, told once."""
    now = timezone.now()
    person = Person.objects.get(user=user)
    told = token.issue_token(
        person, by=user, at=now, title=f"Bench, {now}", scope=ApiToken.Scope.WRITE
    )
    return str(told.told)


def _session(user: User) -> str:
    """The key of a session in which this account has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = f"{Backend.__module__}.{Backend.__name__}"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
