"""The page of ISRM: the key questions answered, what it produces, who answers for it."""

import re
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.people.models import User
from evenkeel.core.web.questions import abouts, produced
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/processes/incidents/"
ABOUT = abouts["incidents"]


@pytest.fixture
def priya(demo: None) -> User:
    """The process manager of the demonstration."""
    return User.objects.get(username="priya")


@pytest.fixture
def manager(priya: User) -> Client:
    return browser_of(priya)


def text(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestKeyQuestions:
    @pytest.mark.row("ISRM-59")
    def test_are_answered_with_the_pages_that_show_it(self, manager: Client) -> None:
        page = text(manager.get(PAGE))
        assert len(ABOUT.answers) == 4
        for answer in ABOUT.answers:
            assert answer.text.strip()
            assert f"<dt>{answer.question}</dt><dd>{answer.text}" in page
            for words, address in answer.links:
                assert f'<a href="{address}">' in page, words
                assert manager.get(address).status_code == 200, address


class TestOutputs:
    def test_have_an_item_each_as_far_as_they_are_kept(self, manager: Client, priya: User) -> None:
        page = text(manager.get(PAGE))
        found = list(produced(ABOUT, priya))
        assert len(found) == 6
        for one in found:
            assert (one.last is None) is bool(one.output.waits_for), one.output.title
            if one.last:
                assert f'<a href="{one.last.url}">' in page
                assert manager.get(one.list).status_code == 200
        assert "It waits for changes" in page

    def test_show_nothing_that_the_reader_may_not_see(self, demo: None) -> None:
        ben = User.objects.get(username="ben")
        items = [one.last for one in produced(ABOUT, ben) if one.last]
        assert {one.requester_id for one in items if one.of_kind == "incident"} <= {ben.pk}
        assert "major_incident_review" not in {one.of_kind for one in items}


class TestWhoAnswers:
    @pytest.mark.row("ISRM-45")
    def test_is_assigned_and_named_with_the_tasks_of_the_role(self, manager: Client) -> None:
        page = text(manager.get(PAGE))
        owner = re.search(
            r'<a href="(/roles/[^"]+)"><b>Process owner of ISRM</b></a><br> (\w+)', page
        )
        assert owner
        assert owner[2] == "Oskar"
        assert "Approve significant changes to the process" in text(manager.get(owner[1]))
        assert re.search(r"<b>Process manager of ISRM</b></a><br> Priya Nair", page)
