"""What is planned, in one's own calendar: by an address that opens that and nothing else."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from evenkeel.core.directory.actions import person as people
from evenkeel.core.directory.actions import token
from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import ApiToken, RoleType, User
from evenkeel.core.people.trail import AccessEntry
from evenkeel.core.testing.api import Api
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Service
from tests.clocks.conftest import Agreeing, holder, organisation

pytestmark = pytest.mark.django_db


def address_for(user: User) -> str:
    """The address of their calendar, as they are told it once."""
    record = Person(title=user.full_name, organisation=organisation("Ours", "provider"))
    made: Person = people.record(record, by=User.objects.the_sms(), login=f"{user.username}2")
    records: Any = Person.objects.filter(pk=made.pk)
    records.update(user=user)
    done = token.issue_token(
        Person.objects.get(pk=made.pk),
        by=User.objects.the_sms(),
        title="Mine",
        scope=ApiToken.Scope.CALENDAR,
    )
    assert done.told.endswith(".ics")
    told: str = done.told
    return urlsplit(told).path


def planned(client: Client, address: str) -> dict[str, str]:
    """Summary -> day."""
    answer = client.get(address)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events: Any = Calendar.from_ical(answer.content).walk("VEVENT")
    found = {str(one["SUMMARY"]): str(one.decoded("DTSTART")) for one in events}
    # Every installation begins with a default for everybody.
    return {said: day for said, day in found.items() if "What we promise everybody" not in said}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


class TestTheFeed:
    def test_tells_reviews_to_those_who_look_after_them(
        self, mona: User, client: Client, now: datetime
    ) -> None:
        day = timezone.localdate(now) + timedelta(days=40)
        mail: Any = services.record(Service(), by=mona, title="Mail", review_on=day)
        assert planned(client, address_for(mona)) == {
            f"Review: {mail.number} Mail": day.isoformat()
        }
        sam = holder("sam", RoleType.PROCESS_STAFF, "ISRM")
        assert planned(client, address_for(sam)) == {}

    def test_tells_when_agreements_begin_and_end_to_those_who_see_them(
        self, agree: Agreeing, mona: User, olga: User, client: Client, now: datetime
    ) -> None:
        ours, theirs = organisation("Ours Genomics"), organisation("Others")
        then = now + timedelta(days=10)
        for party in (ours, theirs):
            made = agree(f"With {party.title}", "P1: resolution 4 h", now, organisation=party)
            agreements.draft(made, by=mona, at=now, calendar="Always", targets="P1: resolution 2 h")
            agreements.approve(made, by=olga, at=now, valid_from=then)
        rita = User.objects.create_user("rita", full_name="Rita", organisation=ours)
        seen = planned(client, address_for(rita))
        begin = [summary for summary in seen if "Version 2 holds from now on" in summary]
        assert [one.rpartition(" With ")[2] for one in begin] == ["Ours Genomics"]
        assert seen[begin[0]] == timezone.localdate(then).isoformat()
        assert not [one for one in seen if "ends" in one]  # it goes on
        agreements.end(made, by=olga, at=now + timedelta(days=1), reason="Over.")
        assert any("Agreement ends" in one for one in planned(client, address_for(mona)))

    def test_tells_when_maintenance_is_agreed_to_those_with_whom_it_is(
        self, mona: User, olga: User, agree: Agreeing, client: Client, now: datetime
    ) -> None:
        ours = organisation("Ours Genomics")
        made = agree("Ours", "P1: resolution 4 h", now, organisation=ours)
        terms: Any = {"calendar": "Always", "targets": "P1: resolution 4 h"}
        agreements.draft(made, by=mona, at=now, **terms, maintenance="daily 02:00-04:00")
        agreements.approve(made, by=olga, at=now)
        rita = User.objects.create_user("rita", full_name="Rita", organisation=ours)
        others = User.objects.create_user(
            "otto", full_name="Otto", organisation=organisation("Else")
        )
        answer = client.get(address_for(rita))
        events: Any = Calendar.from_ical(answer.content).walk("VEVENT")
        nights = [one for one in events if "Agreed maintenance" in one["SUMMARY"]]
        assert 50 <= len(nights) <= 57
        assert all(one.decoded("DTSTART").hour == 2 for one in nights[1:])
        assert all(one.decoded("DTEND").hour == 4 for one in nights[1:])
        assert not [one for one in planned(client, address_for(others)) if "maintenance" in one]

    def test_asks_as_much_of_the_database_for_many_as_for_one(
        self, mona: User, client: Client, now: datetime, django_assert_num_queries: Any
    ) -> None:
        day = timezone.localdate(now) + timedelta(days=4)
        for name in ("Mail", "Disk", "Batch"):
            services.record(Service(), by=mona, title=name, review_on=day)
        address = address_for(mona)
        client.get(address)
        with django_assert_num_queries(6):
            assert len(planned(client, address)) == 3


class TestItsToken:
    def test_opens_nothing_else(self, mona: User, client: Client) -> None:
        address = address_for(mona)
        secret = address.removeprefix("/calendar/").removesuffix(".ics")
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.get("/api/services", headers=headers).status_code == 401
        assert client.get("/metrics", headers=headers).status_code == 401

    def test_is_the_only_one_that_opens_it(self, mona: User, client: Client) -> None:
        answer = client.get(f"/calendar/{Api(mona).secret}.ics")
        assert answer.status_code == 404

    def test_ends_when_it_is_revoked_and_with_the_account(self, mona: User, client: Client) -> None:
        address = address_for(mona)
        assert client.get(address).status_code == 200
        User.objects.filter(pk=mona.pk).update(is_active=False)
        assert client.get(address).status_code == 404
        User.objects.filter(pk=mona.pk).update(is_active=True)
        person = Person.objects.get(user=mona)
        token.revoke_token(person, by=User.objects.the_sms(), title="Mine")
        assert client.get(address).status_code == 404

    def test_is_noted_where_it_is_used_and_kept_by_nobody(self, mona: User, client: Client) -> None:
        answer = client.get(address_for(mona))
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert AccessEntry.objects.filter(person=mona, said="calendar: Mine").count() == 1
