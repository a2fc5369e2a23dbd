"""Reply templates: found by their name while one writes, filled in with what may be told."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import TeamMembership, User
from evenkeel.core.replies.models import ReplyTemplate
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
do = registry.__getitem__


@pytest.fixture
def desk_team(sam: User) -> Team:
    made: Team = do("teams.record")(Team(title="Desk"), by=User.objects.the_sms())
    TeamMembership.objects.create(team=made, person=sam)
    return made


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def kept(by: User, text: str, title: str = "Thanks", **more: Any) -> ReplyTemplate:
    made: ReplyTemplate = do("reply_templates.record")(
        ReplyTemplate(title=title, text=text), by=by, **more
    )
    return made


def suggested(client: Client, text: str = "", audience: str = "public") -> list[str]:
    answer = client.get(f"/incidents/INC-1/template/?text={text}&audience={audience}")
    assert answer.status_code == 200
    parts = answer.content.decode().split('data-value="')[1:]
    return [unescape(part.split('"')[0]) for part in parts]


class TestATemplate:
    def test_is_filled_in_with_what_the_record_says(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        kept(sam, "Hello {requester},\n{number} “{title}” is with {owner}, due {due}. {me}")
        assert suggested(desk, "thank") == [
            "Hello Rita Ruiz,\nINC-1 “Mail is down” is with Mona Moen, due …. Sam Sorel"
        ]

    def test_says_moments_as_pages_do(self, incident: Incident, sam: User, desk: Client) -> None:
        kept(sam, "By {recorded}")
        at = timezone.localtime(incident.recorded_at)
        assert suggested(desk) == [f"By {at:%-d %b %Y, %H:%M}"]

    def test_is_escaped_where_it_is_drawn(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        Incident.objects.filter(pk=incident.pk).update(title='"><script>alert(1)</script>')
        kept(sam, "<b>{title}</b>", title="<i>Bold</i>")
        answer = desk.get("/incidents/INC-1/template/?text=")
        assert b"<script>" not in answer.content
        assert b"<i>" not in answer.content
        assert suggested(desk) == ['<b>"><script>alert(1)</script></b>']

    def test_tells_users_nothing_that_is_internal(
        self, incident: Incident, sam: User, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Incident, "inside_fields", frozenset({"priority"}))
        Incident.objects.filter(pk=incident.pk).update(priority=1)
        kept(sam, "It is {priority}")
        assert suggested(desk, audience="public") == ["It is …"]
        assert suggested(desk, audience="internal") == ["It is P1"]

    def test_is_refused_with_a_place_that_there_is_not(self, sam: User) -> None:
        with pytest.raises(Invalid, match=r"There is no place \{password\}; there are: \{number\}"):
            kept(sam, "{password}")

    def test_is_found_by_any_part_of_its_name(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        kept(sam, "One", "We look into it")
        kept(sam, "Two", "Please send the log")
        assert suggested(desk, "look") == ["One"]
        assert suggested(desk, "nothing") == []
        assert suggested(desk) == ["Two", "One"]


class TestWhoUsesIt:
    def test_is_its_owner_and_the_team_it_is_for(
        self, incident: Incident, sam: User, mona: User, desk_team: Team
    ) -> None:
        sam, mona = again(sam), again(mona)
        own = kept(sam, "Own")
        kept(sam, "Shared", "Team's", for_team=desk_team)
        assert suggested(browser_of(sam)) == ["Shared", "Own"]
        assert suggested(browser_of(mona)) == []
        TeamMembership.objects.create(team=desk_team, person=mona)
        assert suggested(browser_of(mona)) == ["Shared"]
        assert browser_of(mona).get(own.url).status_code == 404
        assert Api(mona).get(f"/api/reply_templates/{own.number}").status_code == 404

    def test_is_nobody_who_may_not_write_there(
        self, incident: Incident, sam: User, omar: User
    ) -> None:
        kept(sam, "Own")
        answer = browser_of(omar).get("/incidents/INC-1/template/?text=")
        assert answer.status_code == 404

    def test_is_no_team_that_one_is_not_in(self, mona: User, desk_team: Team) -> None:
        with pytest.raises(Invalid, match="You do not work in the team Desk"):
            kept(again(mona), "Mine", for_team=desk_team)

    def test_edits_it_alone(self, sam: User, mona: User, rita: User, desk_team: Team) -> None:
        shared = kept(again(sam), "Shared", for_team=desk_team)
        TeamMembership.objects.create(team=desk_team, person=mona)
        with pytest.raises(Denied, match="its owner"):
            do("reply_templates.edit")(shared, by=again(mona), text="Better")
        with pytest.raises(Denied, match="holds a role"):
            kept(rita, "Mine")

    def test_is_nobody_once_it_is_retired(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        own = kept(sam, "Own")
        do("reply_templates.retire")(own, by=sam)
        assert suggested(desk) == []
        do("reply_templates.reinstate")(ReplyTemplate.objects.get(), by=sam)
        assert suggested(desk) == ["Own"]


class TestPages:
    def test_call_it_no_work_of_the_team(self, sam: User, desk_team: Team) -> None:
        kept(again(sam), "Shared", "Thanks again", for_team=desk_team)
        assert "Thanks again" not in browser_of(again(sam)).get("/").content.decode()

    def test_offer_templates_to_those_inside(
        self, incident: Incident, desk: Client, rita: User
    ) -> None:
        assert (
            'data-templates="/incidents/INC-1/template/"'
            in desk.get("/incidents/INC-1/").content.decode()
        )
        assert "data-templates" not in browser_of(rita).get("/incidents/INC-1/").content.decode()

    def test_manage_them_as_rest_and_commands_do(self, sam: User, desk: Client) -> None:
        made = Api(sam).post(
            "/api/reply_templates", {"title": "Thanks", "text": "Hello {requester}"}
        )
        assert made.status_code == 201
        page = desk.get("/reply_templates/").content.decode()
        assert "Thanks" in page
        assert (
            "Hello {requester}"
            in desk.get(f"/reply_templates/{made.json()['number']}/").content.decode()
        )
