"""Trends: what problem management reads off the cases of the service desk (ISRM-57)."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.links import Reference
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import trending
from evenkeel.processes.incidents.models import Incident, TrendTally
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
# The session, the account with its rights, what was counted in the night and how far, the counts
# since, and twice what is restricted: by name, and in all.
QUERIES = 7


@pytest.fixture
def pia() -> User:
    """A member of process staff of problem management, who has no role in the service desk."""
    user = User.objects.create_user("pia", full_name="Pia Pohl")
    role: Any = Role.objects.create(
        role_type=RoleType.PROCESS_STAFF, context="PM", number="ROLE-PM", of_kind="role", title="PM"
    )
    RoleAssignment.objects.create(
        role=role, person=user, starts_at=timezone.now() - timedelta(days=1)
    )
    return user


def row(client: Client, address: str, words: str) -> list[str]:
    """The cells of the row that begins with these words."""
    answer = client.get(address)
    assert answer.status_code == 200
    page = html.unescape(" ".join(answer.content.decode().split()))
    found = re.search(rf'<tr><td class="wide">(?:<b>)?{re.escape(words)}<.*?</tr>', page)
    assert found, f"{words} is not in {address}"
    cells = re.findall(r"<td class=\"right.*?</td>", found[0])
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def months_ago(months: int) -> datetime:
    return Month.of(timezone.now()).later(-months).begins + timedelta(days=9)


def happened(by: User, months: int, category: str, **fields: Any) -> Incident:
    """An incident of a month that is over."""
    at = months_ago(months)
    made = incidents.record(Incident(), by=by, at=at, title="Trouble", **fields)
    done: Incident = incidents.classify(made, by=by, at=at, category=category)
    return done


class TestTrends:
    @pytest.mark.row("ISRM-57")
    def test_are_read_by_problem_management_and_say_what_a_hand_count_says(
        self, demo: None, pia: User
    ) -> None:
        reader = browser_of(pia)
        process = reader.get("/processes/incidents/").content.decode()
        assert '<a href="/trends/">' in process
        month = Month.of(timezone.now()).later(-1)
        everything = Incident.objects.exclude(state__in=["cancelled", "converted"])
        of_month = [i for i in everything if Month.of(i.recorded_at) == month]
        assert len(of_month) > 40
        names: dict[str, Callable[[Any], str]] = {
            "service": lambda one: one.service.title if one.service else "(not said)",
            "category": lambda one: one.category or "(not said)",
            "cause": lambda one: one.get_cause_display() or "(not said)",
        }
        for by, name in names.items():
            address = f"/trends/?of=incidents&by={by}&months=3"
            counted = [name(one) for one in of_month]
            for words in set(counted):
                assert row(reader, address, words)[1] == str(counted.count(words)), (by, words)
            assert row(reader, address, "Together")[1] == str(len(of_month))

    @pytest.mark.row("ISRM-57")
    def test_count_by_what_is_affected_be_it_linked_or_named_elsewhere(
        self, sam: User, desk: Client
    ) -> None:
        disk: Any = kinds()["service"].objects.create(
            number="SRV-1", of_kind="service", title="Disk array", state="live"
        )
        one, other = (happened(sam, 1, "Storage") for _ in range(2))
        registry["incidents.link"](one, by=sam, target=disk, kind="affects")
        for case in (one, other):
            Reference.objects.create(
                record=case, relation="affected CI", system="old", outside_name="SUB01"
            )
        address = "/trends/?by=affected&months=3"
        assert row(desk, address, "Disk array")[:4] == ["0", "1", "0", "1"]
        assert row(desk, address, "SUB01")[:4] == ["0", "2", "0", "2"]

    def test_set_the_last_whole_month_against_those_before(self, sam: User, desk: Client) -> None:
        for months, many in ((3, 2), (2, 2), (1, 3)):
            for _ in range(many):
                happened(sam, months, "Mail")
        happened(sam, 1, "Network")
        assert row(desk, "/trends/?by=category&months=6", "Mail")[-2:] == ["7", "+50 %"]
        assert row(desk, "/trends/?by=category&months=6", "Network")[-2:] == ["1", "new"]

    def test_open_to_the_cases_behind_a_figure(self, sam: User, desk: Client, pia: User) -> None:
        case = happened(sam, 1, "Mail")
        dropped = happened(sam, 1, "Mail")
        Incident.objects.filter(pk=dropped.pk).update(state="cancelled")
        month = Month.of(case.recorded_at)
        address = f"/trends/?by=category&months=6&what=Mail&month={month}"
        shown = desk.get(address).content.decode()
        assert f'<a href="{case.url}">' in shown
        assert f'<a href="{dropped.url}">' not in shown
        assert row(desk, address, "Mail")[-2] == "1"
        assert "None that you may see." in browser_of(pia).get(address).content.decode()

    def test_are_no_business_of_others(self, rita: User) -> None:
        assert browser_of(rita).get("/trends/").status_code == 403

    def test_cost_one_query(self, incident: Incident, desk: Client) -> None:
        with CaptureQueriesContext(connection) as made:
            desk.get("/trends/")
        assert len(made) == QUERIES

    @pytest.mark.parametrize(
        "asked", ["months=abc", "months=7", "of=contacts", "by=moon", "month=x"]
    )
    def test_refuse_what_cannot_be_asked(self, desk: Client, asked: str) -> None:
        answer = desk.get(f"/trends/?{asked}")
        assert answer.status_code == 400
        assert "asks for something that cannot be" in answer.content.decode()

    def test_say_of_what_is_restricted_how_much_it_is_and_nothing_else(
        self, sam: User, desk: Client, pia: User
    ) -> None:
        happened(sam, 1, "Mail")
        theft = happened(sam, 1, "Network")
        Incident.objects.filter(pk=theft.pk).update(is_restricted=True)
        for client in (desk, browser_of(pia)):
            address = "/trends/?by=category&months=3"
            assert row(client, address, "Restricted")[1] == "1"
            assert row(client, address, "Together")[1] == "2"
            table = client.get(address).content.decode().partition("<tbody>")[2]
            assert "Network" not in table
        Incident.objects.filter(pk=theft.pk).update(case_owner=sam)
        shown = browser_of(sam).get("/trends/?by=category&months=3").content.decode()
        assert "Network" in shown.partition("<tbody>")[2]

    @pytest.mark.parametrize("by", ["service", "category", "cause", "affected"])
    def test_say_the_same_of_months_that_were_counted_in_the_night(
        self, sam: User, desk: Client, by: str
    ) -> None:
        for months in (0, 1, 2, 5):
            for category in ("Mail", "Network")[: 1 + months % 2]:
                case = happened(sam, months, category)
                Reference.objects.create(
                    record=case, relation="affected CI", system="old", outside_name="SUB01"
                )
        address, now = f"/trends/?by={by}&months=6", timezone.now()
        before = desk.get(address).content.decode().partition("<tbody>")[2]
        trending.tally(now)
        assert TrendTally.objects.filter(by=by).exists()
        after = desk.get(address).content.decode().partition("<tbody>")[2]
        assert before == after
        hidden = Incident.objects.order_by("pk")[1]
        Incident.objects.filter(pk=hidden.pk).update(is_restricted=True)
        assert sum(map(int, row(desk, address, "Restricted")[:6])) == 1
        before = desk.get(address).content.decode().partition("<tbody>")[2]
        TrendTally.objects.all().delete()
        assert desk.get(address).content.decode().partition("<tbody>")[2] == before

    def test_count_what_was_edited_since_in_the_next_night(self, sam: User, desk: Client) -> None:
        case = happened(sam, 2, "Mail")
        trending.tally(timezone.now())
        cases: Any = Incident.objects.filter(pk=case.pk)
        cases.update(category="Network")
        assert row(desk, "/trends/?by=category&months=6", "Mail")[-2] == "1"
        trending.tally(timezone.now())
        assert row(desk, "/trends/?by=category&months=6", "Network")[-2] == "1"
