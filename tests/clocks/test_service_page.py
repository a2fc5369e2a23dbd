"""The page of a service: the targets kept this month in its zone, each figure with its cases."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import User
from evenkeel.processes.services.models import Service
from tests.clocks.conftest import Agreeing, Case

TARGETS = "P1: response 1 h, resolution 2 h\nP2: response 4 h, resolution 8 h"
QUERIES = 20  # of the page for somebody who works there; may only fall
pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(agree: Agreeing, mail: Service) -> Service:
    agree("Mail", TARGETS, service=mail, zone="Europe/Amsterdam")
    return mail


@pytest.fixture
def desk(sam: User) -> Client:
    return browser(sam)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def decided(rita: User, sam: User, about: Service, priority: int, end: datetime, hours: int) -> Any:
    """A case that was answered at once, and resolved at a moment so many hours later."""
    start = end - timedelta(hours=hours)
    case = Case(rita, sam, at=start, service=about).work(start).prioritise(priority, start)
    case.say(start)
    thresholds.tell_all(at=end - timedelta(seconds=1))
    return case.do("resolve", end, solution="Restarted.", cause="software").record


def figures(page: str) -> dict[str, str]:
    """Of each figure of the month its address and what it says."""
    cells = re.findall(r'<a href="([^"]*report/cases/[^"]*)">(\d+ of \d+)</a>', page)
    return {address.replace("&amp;", "&"): said for address, said in cells}


class TestThePageOfAService:
    @pytest.mark.row("BASE-02")
    def test_shows_what_was_kept_this_month_and_opens_each_figure_to_its_cases(
        self, agreed: Service, rita: User, sam: User, desk: Client
    ) -> None:
        now = timezone.now()
        decided(rita, sam, agreed, 1, now, 1)
        decided(rita, sam, agreed, 1, now, 5)  # too late
        decided(rita, sam, agreed, 2, now, 5)
        found = figures(desk.get(agreed.url).content.decode())
        month = now.astimezone(timezone.get_default_timezone()).strftime("%Y-%m")
        at = f"{agreed.url}report/cases/?month={month}&what="
        assert found[f"{at}resolution&priority=1"] == "1 of 2"
        assert found[f"{at}resolution&priority=2"] == "1 of 1"
        assert found[f"{at}resolution"] == "2 of 3"
        for address, said in found.items():
            kept, total = said.split(" of ")
            for more, count in (("", total), ("&kept=yes", kept)):
                listed = desk.get(f"{address}{more}&format=csv").content.decode().splitlines()
                assert len(listed) - 1 == int(count), address

    def test_lets_a_month_begin_at_midnight_in_the_zone_of_the_service(
        self, agreed: Service, rita: User, sam: User, desk: Client
    ) -> None:
        case = decided(rita, sam, agreed, 1, datetime(2026, 5, 31, 22, 30, tzinfo=UTC), 1)
        counted = {
            month: case.number in desk.get(
                f"{agreed.url}report/cases/?month={month}&what=resolution"
            ).content.decode()
            for month in ("2026-05", "2026-06")
        }  # fmt: skip
        assert counted == {"2026-05": False, "2026-06": True}

    def test_keeps_the_figures_of_the_month_from_those_who_only_use_it(
        self, agreed: Service, rita: User, sam: User
    ) -> None:
        decided(rita, sam, agreed, 1, timezone.now(), 1)
        client = browser(rita)
        assert "Targets kept this month" not in client.get(agreed.url).content.decode()
        assert client.get(f"{agreed.url}report/cases/").status_code == 404

    def test_names_a_case_by_number_alone_to_those_who_may_not_see_it(
        self, agreed: Service, rita: User, sam: User, mona: User
    ) -> None:
        case = decided(rita, sam, agreed, 1, timezone.now(), 1)
        page = browser(mona).get(f"{agreed.url}report/cases/?what=resolution").content.decode()
        assert case.number in page
        assert case.title not in page

    @pytest.mark.parametrize("asked", ["what=luck", "month=never", "priority=9", "kept=perhaps"])
    def test_knows_no_other_figures(self, agreed: Service, desk: Client, asked: str) -> None:
        assert desk.get(f"{agreed.url}report/cases/?{asked}").status_code == 404

    def test_names_the_customers_beside_what_they_are_promised(
        self, agreed: Service, agree: Agreeing, customer: Any, desk: Client
    ) -> None:
        agree("Gold", TARGETS, organisation=customer)
        page = desk.get(agreed.url).content.decode()
        assert f'with <a href="{customer.url}">{customer.title}</a>' in page
        assert "with everybody" in page

    def test_asks_as_often_however_many_cases_there_are(
        self, agreed: Service, rita: User, sam: User, desk: Client
    ) -> None:
        counts = []
        for _ in range(2):
            decided(rita, sam, agreed, 1, timezone.now(), 1)
            desk.get(agreed.url)  # what is read once is read
            with CaptureQueriesContext(
                connection,
            ) as asked:
                desk.get(agreed.url)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= QUERIES
