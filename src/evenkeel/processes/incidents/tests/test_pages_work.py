"""My work: what waits for one person."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import TeamMembership, User
from evenkeel.core.rules import registry
from evenkeel.core.web import work
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
QUERIES = 4  # session, account with its rights, tasks, and one for all other sections


@pytest.fixture
def storage(sam: User) -> Team:
    """A team in which Sam works."""
    team = Team.objects.create(number="TEAM-1", of_kind="team", title="Storage", state="active")
    TeamMembership.objects.create(team=team, person=sam)
    return team


def case(by: User, title: str, owner: User | None = None, team: Team | None = None) -> Incident:
    made: Incident = incidents.record(Incident(), by=by, title=title)
    incidents.classify(made, by=by, category="Mail")
    if owner or team:
        incidents.assign(made, by=by, case_owner=owner, team=team)
    return made


def sections(client: Client) -> dict[str, list[str]]:
    """The titles in each section of the page."""
    text = client.get("/").content.decode()
    parts = re.findall(r'<section class="work" id="(\w+)".*?</section>', text, re.DOTALL)
    bodies = re.findall(r'<section class="work".*?</section>', text, re.DOTALL)
    return {
        name: re.findall(r"data-open>(.*?)</a>", body)
        for name, body in zip(parts, bodies, strict=True)
    }


class TestMyWork:
    def test_is_the_portal_for_people_without_a_role(self, rita: User) -> None:
        assert browser_of(rita).get("/")["Location"] == "/portal/"

    def test_shows_what_is_mine_in_the_order_in_which_time_runs_out(
        self, desk: Client, sam: User
    ) -> None:
        now = timezone.now()
        for title, hours in (("Later", 9), ("Sooner", 1), ("Whenever", None)):
            made = case(sam, title, owner=sam)
            due = None if hours is None else now + timedelta(hours=hours)
            Incident.objects.filter(pk=made.pk).update(due_at=due)
        assert sections(desk)["mine"] == ["Sooner", "Later", "Whenever"]

    @pytest.mark.row("ISRM-49")
    def test_says_how_much_time_is_left_for_each_of_mine(self, desk: Client, sam: User) -> None:
        now = timezone.now()
        for title, hours in (("In time", 3.01), ("Too late", -2.01)):
            made = case(sam, title, owner=sam)
            Incident.objects.filter(pk=made.pk).update(due_at=now + timedelta(hours=hours))
        mine = desk.get("/").content.decode().partition('id="mine"')[2].partition("</section>")[0]
        rows = [re.sub(r"<[^>]+>", " ", row) for row in mine.split("<tr")[-2:]]
        said = [" ".join(row.split()) for row in rows]
        assert "Too late" in said[0]
        assert "overdue 2 h ago" in said[0]
        assert "In time" in said[1]
        assert "in 3 h" in said[1]

    def test_keeps_what_waits_for_others_apart(self, desk: Client, sam: User) -> None:
        held, solved = case(sam, "Held", owner=sam), case(sam, "Solved", owner=sam)
        incidents.put_on_hold(held, by=sam, hold_reason=Incident.HoldReason.SUPPLIER)
        incidents.resolve(solved, by=sam, solution="Done")
        shown = sections(desk)
        assert shown["mine"] == []
        assert shown["waiting"] == ["Held", "Solved"]

    def test_shows_what_the_team_has_open_and_i_do_not(
        self, desk: Client, sam: User, mona: User, storage: Team
    ) -> None:
        case(mona, "Theirs", team=storage)
        case(mona, "Mine", owner=sam, team=storage)
        shown = sections(desk)
        assert (shown["teams"], shown["mine"]) == (["Theirs"], ["Mine"])

    def test_shows_tasks_until_they_are_done(self, desk: Client, sam: User, mona: User) -> None:
        made = case(mona, "Mail is down")
        registry["incidents.add_task"](made, by=mona, task="Call the supplier", assigned_to=sam)
        assert sections(desk)["tasks"] == ["Call the supplier"]
        task = made.tasks.get()
        registry["incidents.complete_task"](made, by=sam, task=task.pk)
        assert "tasks" not in sections(desk)

    def test_shows_what_i_watch(self, desk: Client, sam: User, mona: User) -> None:
        registry["incidents.watch"](case(mona, "Interesting"), by=sam)
        assert sections(desk)["watched"] == ["Interesting"]

    def test_shows_a_manager_what_nobody_has_and_what_is_oldest(
        self, mona: User, sam: User
    ) -> None:
        case(sam, "Taken", owner=sam)
        case(sam, "Unclaimed")
        shown = sections(browser_of(mona))
        assert shown["mine"] == []
        assert shown["unassigned"] == ["Unclaimed"]
        assert shown["oldest"] == ["Taken", "Unclaimed"]
        assert "unassigned" not in sections(browser_of(sam))

    def test_leads_to_the_whole_list(self, desk: Client, sam: User) -> None:
        case(sam, "Mail is down", owner=sam)
        text = desk.get("/").content.decode()
        assert 'href="/incidents/?is_open=yes&amp;case_owner=sam">Incidents</a>' in text

    def test_says_that_nothing_waits(self, desk: Client) -> None:
        assert "You own no case that waits for you;" in desk.get("/").content.decode()

    def test_costs_the_same_however_much_there_is(
        self, desk: Client, sam: User, storage: Team
    ) -> None:
        counts = [_queries(desk)]
        for number in range(work.SHOWN + 3):
            case(sam, f"Trouble {number}", owner=sam)
            registry["incidents.watch"](case(sam, f"Watched {number}"), by=sam)
            solved = case(sam, f"Solved {number}", owner=sam)
            incidents.resolve(solved, by=sam, solution="Done")
            if number in (1, work.SHOWN + 2):
                counts.append(_queries(desk))
        assert counts == [QUERIES, QUERIES, QUERIES]
        assert '<span class="count">11</span>' in desk.get("/").content.decode()

    def test_forgets_a_team_together_with_its_member(
        self, desk: Client, sam: User, mona: User, storage: Team
    ) -> None:
        case(mona, "Theirs", team=storage)
        assert sections(desk)["teams"] == ["Theirs"]
        TeamMembership.objects.filter(person=sam).delete()
        assert "teams" not in sections(desk)
        TeamMembership.objects.create(team=storage, person=sam)
        assert sections(desk)["teams"] == ["Theirs"]

    def test_counts_no_further_than_it_is_worth(self, desk: Client, sam: User) -> None:
        for number in range(work.COUNTED + 2):
            incidents.record(Incident(case_owner=sam), by=sam, title=f"Trouble {number}")
        text = desk.get("/").content.decode()
        assert '<span class="count">99+</span>' in text
        assert text.count("data-open") == work.SHOWN


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as made:
        response: Any = client.get("/")
    assert response.status_code == 200
    return len(made)
