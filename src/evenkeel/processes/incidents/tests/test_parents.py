"""Many reports of one disruption join a parent and are resolved with it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenkeel.core.people.models import User
from evenkeel.core.records.models import Audience, Entry, Via
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def reported(by: User, title: str = "No login") -> Incident:
    made: Incident = incidents.record(Incident(), by=by, title=title)
    return made


@pytest.fixture
def parent(incident: Incident, sam: User) -> Incident:
    """An incident that is worked on."""
    incidents.classify(incident, by=sam, category="Mail")
    incidents.prioritise(incident, by=sam, impact=1, urgency=2)
    done: Incident = incidents.assign(incident, by=sam, case_owner=sam)
    return done


@pytest.fixture
def child(parent: Incident, omar: User, sam: User) -> Incident:
    """Omar's report of the same."""
    done: Incident = incidents.join_parent(reported(omar), by=sam, parent=parent)
    return done


class TestJoining:
    def test_takes_over_what_the_report_does_not_say_itself(
        self, child: Incident, parent: Incident
    ) -> None:
        assert (child.state, child.category) == ("classified", "Mail")
        assert (child.impact, child.urgency) == (1, 2)
        assert child.priority == parent.priority
        assert child.priority_because["text"] == f"Taken over from {parent.number}."

    def test_keeps_what_the_report_says_itself(
        self, parent: Incident, omar: User, sam: User
    ) -> None:
        own = reported(omar)
        incidents.classify(own, by=sam, category="Network")
        incidents.prioritise(own, by=sam, impact=4, urgency=4)
        joined = incidents.join_parent(own, by=sam, parent=parent)
        assert (joined.category, joined.impact, joined.priority) == ("Network", 4, 4)

    def test_is_refused_where_the_parent_is_not_worked_on(
        self, incident: Incident, omar: User, sam: User
    ) -> None:
        with pytest.raises(Invalid, match="INC-1 is not being worked on"):
            incidents.join_parent(reported(omar), by=sam, parent=incident)

    def test_is_refused_to_itself_to_a_second_parent_to_a_child_and_for_a_parent(
        self, parent: Incident, child: Incident, omar: User, sam: User
    ) -> None:
        third = reported(omar)
        third = incidents.classify(third, by=sam, category="Mail")
        for one, other, why in (
            (parent, parent, "not its own parent"),
            (child, third, "INC-2 is a part of INC-1"),
            (third, child, "INC-2 is itself a part of INC-1; join that"),
            (parent, third, "Others have joined INC-1"),
        ):
            with pytest.raises(Invalid, match=why):
                incidents.join_parent(one, by=sam, parent=other)

    def test_is_taken_back_and_said_on_both_pages(
        self, parent: Incident, child: Incident, desk: Client
    ) -> None:
        assert f'is part of</span> <a href="{parent.url}">' in text(desk.get(child.url))
        assert f'consists of</span> <a href="{child.url}">' in text(desk.get(parent.url))
        desk.post(f"{child.url}unlink/", {"target": parent.number, "kind": "part_of"})
        assert "removed the link to INC-1" in text(desk.get(child.url))
        assert "consists of" not in text(desk.get(parent.url))

    def test_is_offered_on_the_page_and_takes_a_number(
        self, parent: Incident, omar: User, desk: Client
    ) -> None:
        own = reported(omar)
        assert f'href="{own.url}join_parent/"' in text(desk.get(own.url))
        assert "resolve_with_parent" not in text(desk.get(own.url))
        desk.post(f"{own.url}join_parent/", {"parent": parent.number})
        assert "took this up as a part of INC-1" in text(desk.get(own.url))


class TestResolvingTheParent:
    @pytest.mark.row("ISRM-31")
    def test_resolves_twenty_reports_each_with_an_entry_and_its_requester_told(
        self, parent: Incident, sam: User
    ) -> None:
        users = [User.objects.create_user(f"user{number}") for number in range(20)]
        reports = [incidents.join_parent(reported(user), by=sam, parent=parent) for user in users]
        incidents.dismiss_major(parent, by=sam, reason="It was a test of the alarm.")
        incidents.resolve(parent, by=sam, solution="Raised the limit", resolution="workaround")
        for user, report in zip(users, reports, strict=True):
            report.refresh_from_db()
            assert (report.state, report.solution) == ("resolved", "Raised the limit")
            assert report.resolution == "workaround"
            last = Entry.objects.filter(record=report).latest("position")
            assert last.verb == "incidents.resolve_with_parent"
            assert (last.given, last.via) == ({"parent": "INC-1"}, Via.JOB)
            page = text(browser_of(user).get(f"/portal/cases/{report.number}/"))
            assert "took it up together with other reports of the same disruption" in page
            assert "Raised the limit" in page
            assert "INC-1<" not in page

    def test_leaves_alone_what_is_resolved_left_or_only_related(
        self, parent: Incident, child: Incident, omar: User, sam: User
    ) -> None:
        gone = incidents.join_parent(reported(omar), by=sam, parent=parent)
        registry["incidents.unlink"](gone, by=sam, target=parent, kind="part_of")
        incidents.resolve(child, by=sam, solution="For itself")
        incidents.resolve(parent, by=sam, solution="Raised the limit")
        for one in (gone, child):
            one.refresh_from_db()
        assert (gone.state, child.solution) == ("classified", "For itself")

    def test_does_not_say_that_a_late_report_was_restored_before_it_came(
        self, parent: Incident, child: Incident, sam: User
    ) -> None:
        incidents.resolve(parent, by=sam, solution="Raised", restored_at=parent.recorded_at)
        child.refresh_from_db()
        assert child.restored_at == child.recorded_at

    def test_asks_one_query_where_nothing_joined(self, parent: Incident, sam: User) -> None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            incidents.resolve(parent, by=sam, solution="Raised the limit")
        assert sum("core_link" in one["sql"] for one in asked.captured_queries) == 1

    def test_is_not_claimed_by_a_person(self, parent: Incident, child: Incident, sam: User) -> None:
        with pytest.raises(Denied):
            incidents.resolve_with_parent(child, by=sam, parent=parent)

    def test_lets_each_requester_reject_for_themselves(
        self, parent: Incident, child: Incident, sam: User, omar: User
    ) -> None:
        incidents.resolve(parent, by=sam, solution="Raised the limit")
        incidents.reopen(child, by=omar, reason="Still not")
        parent.refresh_from_db()
        assert (state_of(child), parent.state) == ("in_progress", "resolved")


class TestClosing:
    def test_is_refused_while_a_task_is_open_and_names_no_task_to_the_user(
        self, parent: Incident, sam: User, rita: User
    ) -> None:
        add = Api(sam).post(f"/api{parent.url}add_task", {"task": "Tell the supplier"})
        assert add.status_code == 200
        incidents.resolve(parent, by=sam, solution="Raised the limit")
        page = text(browser_of(rita).post(f"/portal/cases/{parent.number}/close/"), 422)
        assert "One task is still open here" in page
        assert "Tell the supplier" not in page
        assert Entry.objects.filter(record=parent, verb="incidents.close").count() == 0
        assert Entry.objects.filter(record=parent, audience=Audience.INTERNAL).exists()


def state_of(incident: Incident) -> str:
    incident.refresh_from_db()
    return incident.state


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())
