"""Who is mentioned in what is said: found, told, made to follow, shown by name; never a leak."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory import starter
from evenkeel.core.directory.actions import person as people
from evenkeel.core.directory.models import Person
from evenkeel.core.notices import jobs, wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records import mentions
from evenkeel.core.records.comments import Comment
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.tasks import Watch
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def carl() -> User:
    """Another member of process staff, whose login has signs in it."""
    return holder("carl.berg", RoleType.PROCESS_STAFF, full_name="Carl Berg")


def say(verb: str, incident: Incident, by: User, text: str) -> Incident:
    done: Incident = registry[f"incidents.{verb}"](incident, by=by, text=text)
    return done


def last(incident: Incident) -> Entry:
    return Entry.objects.filter(record=incident).latest("position")


def told(incident: Incident) -> dict[str, str]:
    """Who is told of the last entry, as what, beside the case owner."""
    jobs.spread(entry=last(incident).pk)
    others = Notice.objects.exclude(told_as="case_owner")
    found = others.filter(entry=last(incident)).select_related("recipient")
    return {one.recipient.username: one.told_as for one in found}


def marked(text: str) -> list[str]:
    found = mentions.find(text, timezone.now()).mentions
    return [text[one.start : one.start + one.length] for one in found]


class TestText:
    def test_names_accounts_by_their_login_in_any_case(self, sam: User, carl: User) -> None:
        assert marked("@sam, ask @Carl.Berg. And @SAM again") == ["@sam", "@Carl.Berg", "@SAM"]

    def test_names_the_longest_login_that_there_is(self, carl: User) -> None:
        holder("carl", RoleType.PROCESS_STAFF)
        assert marked("@carl.berg's (@carl.bergen) @carl-") == ["@carl.berg", "@carl", "@carl"]

    def test_names_a_login_that_is_an_address(self) -> None:
        holder("ann@desk.example", RoleType.PROCESS_STAFF)
        assert marked("Ask @ann@desk.example!") == ["@ann@desk.example"]

    @pytest.mark.parametrize(
        "text",
        [
            "mail sam@sam.example",
            "https://chat.example/@sam",
            "@@sam",
            "a@sam",
            "@",
            "@nobody",
            "@ sam",
        ],
    )
    def test_names_nobody_elsewhere(self, sam: User, text: str) -> None:
        assert marked(text) == []

    def test_names_no_program_and_nobody_who_has_left(self, sam: User) -> None:
        User.objects.the_sms()
        sam.is_active = False
        sam.save()
        assert marked("@evenkeel @sam") == []

    def test_with_more_people_than_fit_is_refused(self, incident: Incident, sam: User) -> None:
        logins = [User.objects.create_user(f"p{n}").username for n in range(mentions.MOST + 1)]
        with pytest.raises(Invalid, match="at most 50 people"):
            say("comment", incident, sam, " ".join(f"@{login}" for login in logins))
        assert not Comment.objects.exists()

    def test_of_nothing_but_signs_is_read_in_one_query(
        self, sam: User, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            assert marked("@x " * 3_000) == []


class TestMentioned:
    def test_hears_of_it_and_follows(self, incident: Incident, sam: User, carl: User) -> None:
        done = say("note", incident, sam, "@carl.berg knows this server.")
        assert told(incident) == {"carl.berg": "mentioned"}
        assert Watch.objects.get(record=incident).person == carl
        assert not done.remark
        said = wording.said(wording.newest(carl, 5))[0]
        assert said.sentence == f"Sam Sorel mentioned you in {incident.number} “Mail is down”."
        assert said.quoted == "@carl.berg knows this server."

    def test_is_told_so_whatever_else_they_are(
        self, incident: Incident, sam: User, rita: User
    ) -> None:
        say("comment", incident, sam, "@rita, which mailbox?")
        assert told(incident) == {"rita": "mentioned"}
        assert not Watch.objects.exists()  # the requester hears of everything anyhow

    def test_twice_is_told_once(self, incident: Incident, sam: User, carl: User) -> None:
        say("note", incident, sam, "@carl.berg @carl.berg")
        assert told(incident) == {"carl.berg": "mentioned"}
        say("note", incident, sam, "@carl.berg, are you there?")
        assert Watch.objects.count() == 1

    def test_by_themselves_is_not_told(self, incident: Incident, sam: User) -> None:
        say("note", incident, sam, "@sam looks at it.")
        assert told(incident) == {}
        assert not Watch.objects.exists()

    def test_who_may_not_see_the_record_is_not_told_and_the_writer_is(
        self, incident: Incident, sam: User, omar: User
    ) -> None:
        done = say("comment", incident, sam, "@omar may know.")
        assert done.remark == f"Omar Odeh may not read {incident.number} and is not told."
        assert told(incident) == {"rita": "requester"}
        assert not Watch.objects.exists()

    def test_is_not_told_of_a_note_that_is_not_for_them(
        self, incident: Incident, sam: User, rita: User, omar: User
    ) -> None:
        done = say("note", incident, sam, "@rita and @omar need not know.")
        of = f"the notes of {incident.number}"
        assert done.remark == f"Rita Ruiz and Omar Odeh may not read {of} and are not told."
        assert told(incident) == {}
        assert not Watch.objects.exists()

    def test_hears_nothing_once_they_may_not_see_it(
        self, incident: Incident, sam: User, carl: User
    ) -> None:
        say("note", incident, sam, "@carl.berg knows.")
        carl.assignments.update(ends_at=timezone.now())
        assert told(incident) == {}


class TestPages:
    def test_name_people_as_they_are_called_today(
        self, incident: Incident, mona: User, sam: User, rita: User
    ) -> None:
        starter.record_roles(["ISRM"], at=timezone.now())
        sms = User.objects.the_sms()
        nina = people.record(Person(organisation=party()), by=sms, title="Nina North", login="nina")
        say("comment", incident, sam, "Hi @nina & @rita <b>!")
        people.edit(nina, by=sms, title="Nina South")
        page = browser_of(mona).get(incident.url).content.decode()
        name = f'<a class="mention" href="/people/{nina.number}/">@Nina South</a>'
        assert f'Hi {name} &amp; <span class="mention">@Rita Ruiz</span> &lt;b&gt;!' in page
        own = browser_of(rita).get(f"/portal/cases/{incident.number}/").content.decode()
        assert 'Hi <span class="mention">@Nina South</span> &amp;' in own

    def test_read_no_more_for_texts_without_mentions(
        self, incident: Incident, sam: User, carl: User, django_assert_max_num_queries: Any
    ) -> None:
        browser = browser_of(sam)
        say("note", incident, sam, "Nobody is meant.")
        browser.get(incident.url)
        with django_assert_max_num_queries(99) as plain:
            browser.get(incident.url)
        say("note", incident, sam, "@carl.berg is meant, by @sam.")
        Watch.objects.all().delete()
        with django_assert_max_num_queries(len(plain) + 1):
            browser.get(incident.url)

    def test_tell_the_writer_who_is_not_told(
        self, incident: Incident, sam: User, omar: User
    ) -> None:
        form = {"text": "@omar", "audience": "public"}
        page = browser_of(sam).post(f"{incident.url}say/", form, follow=True).content.decode()
        assert f"Omar Odeh may not read {incident.number} and is not told." in page

    def test_tell_a_user_in_the_portal_too(
        self, incident: Incident, rita: User, omar: User
    ) -> None:
        address = f"/portal/cases/{incident.number}/reply/"
        page = browser_of(rita).post(address, {"text": "@omar"}, follow=True).content.decode()
        assert f"Omar Odeh may not read {incident.number} and is not told." in page


class TestSuggestions:
    def ask(self, who: User, incident: Incident, text: str, audience: str) -> list[str]:
        asked = {"text": text, "audience": audience, "field": "say-text"}
        answer = browser_of(who).get(f"{incident.url}mention/", asked)
        assert answer.status_code == 200
        return [part.split('"')[0] for part in answer.content.decode().split('data-value="')[1:]]

    def test_are_people_who_may_read_it(
        self, incident: Incident, sam: User, carl: User, rita: User, omar: User
    ) -> None:
        assert self.ask(sam, incident, "", "public") == ["mona", "rita", "carl.berg"]
        assert self.ask(sam, incident, "", "internal") == ["mona", "carl.berg"]
        assert self.ask(sam, incident, "om", "public") == []

    def test_fit_login_or_name(self, incident: Incident, sam: User, carl: User) -> None:
        assert self.ask(sam, incident, "ber", "public") == ["carl.berg"]
        assert self.ask(sam, incident, "Carl B", "public") == ["carl.berg"]
        assert self.ask(sam, incident, "%", "public") == []

    def test_are_none_for_what_the_asker_may_not_write(
        self, incident: Incident, rita: User, sam: User, omar: User
    ) -> None:
        assert self.ask(rita, incident, "sa", "public") == ["sam"]
        assert self.ask(rita, incident, "sa", "internal") == []
        asked = browser_of(omar).get(f"{incident.url}mention/", {"text": "sa"})
        assert asked.status_code == 404
        assert Client().get(f"{incident.url}mention/").status_code == 302


class TestOtherSurfaces:
    def test_api_tells_and_shows_who_is_mentioned(
        self, incident: Incident, sam: User, carl: User, omar: User
    ) -> None:
        api = Api(sam)
        done = api.post(f"/api{incident.url}comment", {"text": "@omar, @carl.berg: @omar?"})
        assert done.json()["remark"] == f"Omar Odeh may not read {incident.number} and is not told."
        said = api.get(f"/api{incident.url}comments").json()["items"]
        assert [one["mentions"] for one in said] == [["omar", "carl.berg"]]
        silent = api.post(f"/api{incident.url}comment", {"text": "@carl.berg"})
        assert "remark" not in silent.json()
