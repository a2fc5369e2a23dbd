"""Who else reads a record, or writes there, is said on its page while it is seen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records import presence
from evenkeel.core.records.presence import Presence
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
QUERIES = 5  # session, account with its rights, record, oneself noted, the others


def told(client: Client, incident: Incident, writing: str = "no") -> str:
    answer = client.post(f"{incident.url}here/", {"writing": writing})
    assert answer.status_code == 200
    return answer.content.decode()


def test_says_who_reads_and_who_writes_and_never_oneself(
    incident: Incident, desk: Client, mona: User
) -> None:
    assert told(desk, incident) == ""
    other = browser_of(mona)
    assert told(other, incident) == "Sam Sorel is reading this."
    assert told(other, incident, "yes") == "Sam Sorel is reading this."
    assert told(desk, incident) == "Mona Moen is writing here."


def test_forgets_whoever_left_within_a_minute(incident: Incident, desk: Client, mona: User) -> None:
    long_ago = timezone.now() - presence.SEEN_FOR - timedelta(seconds=1)
    presence.note(incident, mona, long_ago, is_writing=True)
    assert told(desk, incident) == ""


def test_is_for_those_inside_and_of_them_alone(
    incident: Incident, desk: Client, rita: User, omar: User
) -> None:
    told(desk, incident)
    assert told(browser_of(rita), incident) == ""
    assert not Presence.objects.filter(person=rita).exists()
    assert browser_of(omar).post(f"{incident.url}here/").status_code == 404
    assert "data-here" in desk.get(incident.url).content.decode()
    assert "data-here" not in browser_of(rita).get(incident.url).content.decode()


def test_costs_the_same_however_many_are_there(incident: Incident, desk: Client) -> None:
    for number in range(7):
        person = User.objects.create_user(f"p{number}", full_name=f"Person {number}")
        presence.note(incident, person, timezone.now(), is_writing=False)
    told(desk, incident)
    with CaptureQueriesContext(connection) as made:
        said = told(desk, incident)
    assert said.count("Person") == presence.MOST
    assert len(made) == QUERIES


def test_is_gone_the_next_day(incident: Incident, sam: User) -> None:
    now = timezone.now()
    presence.note(incident, sam, now, is_writing=False)
    presence.forget(now + timedelta(hours=23))
    assert Presence.objects.exists()
    presence.forget(now + timedelta(hours=25))
    assert not Presence.objects.exists()
