"""What the trail of the door has of the use of a token."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people import trail, uses
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.people.trail import AccessEntry, Kind
from evenkeel.core.testing.api import Api

pytestmark = pytest.mark.django_db
LIST = "/api/incidents"


@pytest.fixture
def api() -> Api:
    """A program with a token that was never used."""
    made = Api(User.objects.create_user("rita"), scope=ApiToken.Scope.READ)
    ApiToken.objects.update(noted={}, title="Monthly report")
    return made


def told() -> list[tuple[str, str | None, str]]:
    entries = AccessEntry.objects.order_by("position")
    return [(one.kind, one.address, one.said) for one in entries]


class TestAToken:
    def test_is_in_the_trail_once_a_day_from_each_place(self, api: Api) -> None:
        for address in ("127.0.0.1", "127.0.0.1", "10.0.0.8", "127.0.0.1"):
            api.client.get(LIST, REMOTE_ADDR=address)
        assert told() == [
            (Kind.TOKEN, "127.0.0.1", "read: Monthly report"),
            (Kind.TOKEN, "10.0.0.8", "read: Monthly report"),
        ]
        assert AccessEntry.objects.filter(person__username="rita").count() == 2
        [noted] = ApiToken.objects.values_list("noted", flat=True)
        yesterday = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
        ApiToken.objects.update(noted={**noted, "on": yesterday})
        api.get(LIST)
        assert len(told()) == 3
        assert list(trail.broken()) == []

    def test_costs_no_query_more_when_it_is_known(self, api: Api) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                api.get(LIST)
            return len(asked)

        first, second, third = queries(), queries(), queries()
        assert first > second == third

    def test_that_takes_a_list_away_page_by_page_is_an_export(self, api: Api) -> None:
        api.get(f"{LIST}?limit=1")
        for _ in range(3):
            api.get(f"{LIST}?after=.{10**15}.1")
        api.get("/api/people?after=.1.1")
        assert [entry for entry in told() if entry[0] == Kind.EXPORTED] == [
            (Kind.EXPORTED, "127.0.0.1", "incidents, page by page: Monthly report"),
            (Kind.EXPORTED, "127.0.0.1", "people, page by page: Monthly report"),
        ]

    def test_fills_no_trail_however_often_its_address_changes(self, api: Api) -> None:
        for number in range(uses.MOST + 20):
            api.client.get(LIST, REMOTE_ADDR=f"10.0.1.{number}")
        assert len(told()) == uses.MOST

    def test_is_one_place_from_one_network_of_the_new_protocol(self, api: Api) -> None:
        for end in ("1", "2"):
            api.client.get(LIST, REMOTE_ADDR=f"2001:db8::{end}")
        assert len(told()) == 1
