"""Cases go on from team to team along the paths that the process owner approved."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from evenkeel.core.directory.models import Team
from evenkeel.core.notices import jobs, wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, TeamMembership, User
from evenkeel.core.records import numbering
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import escalation
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder
from evenkeel.processes.incidents.tests.test_pages_scheme import read

pytestmark = pytest.mark.django_db
SECRET = "The supplier has not been paid"
DESK_ON = {"from_team": "Desk", "to_team": "Storage team", "category": "Storage"}


def team(title: str, *members: User) -> Team:
    known = {"of_kind": "team", "state": "in_force", "title": title}
    made: Team = Team.objects.create(number=f"TEAM-{numbering.take('team')}", **known)
    for person in members:
        TeamMembership.objects.create(team=made, person=person)
    return made


@pytest.fixture
def olga() -> User:
    """The process owner."""
    return holder("olga", RoleType.PROCESS_OWNER)


@pytest.fixture
def desk_team(sam: User) -> Team:
    return team("Desk", sam)


@pytest.fixture
def storage(omar: User) -> Team:
    return team("Storage team", omar)


def approved(olga: User, *functional: dict[str, str]) -> Scheme:
    scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
    before = scheme.versions.get(standing="in_force").content
    schemes.draft(scheme, by=olga, content=before | {"functional": list(functional)})
    done: Scheme = schemes.approve(scheme, by=olga)
    return done


@pytest.fixture
def worked_on(incident: Incident, desk_team: Team, sam: User) -> Incident:
    """With the desk, in the category Storage / Quota."""
    incidents.classify(incident, by=sam, category="Storage / Quota")
    done: Incident = incidents.assign(incident, by=sam, case_owner=sam, team=desk_team)
    return done


def escalated(case: Incident, by: User, **inputs: Any) -> Incident:
    how = {"kind": "functional", "reason": SECRET} | inputs
    done: Incident = incidents.escalate(case, by=by, **how)
    return done


@pytest.mark.row("ISRM-09")
class TestFunctionalEscalation:
    def test_goes_to_the_next_team_of_the_path_and_keeps_its_owner(
        self, worked_on: Incident, desk_team: Team, storage: Team, olga: User, sam: User
    ) -> None:
        approved(olga, DESK_ON)
        done = escalated(worked_on, sam)
        entry = done.entries.latest("position")
        assert (done.team_id, done.case_owner) == (storage.pk, sam)
        assert entry.difference["team_id"] == [desk_team.pk, storage.pk]
        assert (entry.given["kind"], entry.given["reason"]) == ("functional", SECRET)
        assert entry.given["by_path"] == "by the path Desk → Storage team (Storage)"

    def test_is_proposed_by_the_form(
        self, worked_on: Incident, storage: Team, olga: User, desk: Client
    ) -> None:
        before = desk.get(f"{worked_on.url}escalate/").text
        assert f"{storage.number} Storage team" not in before
        approved(olga, DESK_ON)
        form = desk.get(f"{worked_on.url}escalate/").text
        assert f'value="{storage.number} Storage team"' in form

    def test_keeps_the_owner_where_the_path_says_so(
        self, worked_on: Incident, storage: Team, olga: User, sam: User, omar: User
    ) -> None:
        approved(olga, DESK_ON)
        with pytest.raises(Invalid, match="stays with Sam Sorel"):
            escalated(worked_on, sam, case_owner=omar)

    def test_moves_the_owner_to_the_team_where_the_path_says_so(
        self, worked_on: Incident, storage: Team, olga: User, sam: User, omar: User
    ) -> None:
        approved(olga, DESK_ON | {"owner": "moves"})
        for nobody_of_it in (None, sam):
            with pytest.raises(Invalid, match="Storage team owns the case: name one of them"):
                escalated(worked_on, sam, case_owner=nobody_of_it)
        assert escalated(worked_on, sam, case_owner=omar).case_owner == omar

    def test_may_leave_the_paths_and_says_so(
        self, worked_on: Incident, storage: Team, olga: User, sam: User
    ) -> None:
        with pytest.raises(Invalid, match="no path names one"):
            escalated(worked_on, sam)
        done = escalated(worked_on, sam, team=storage)
        assert done.entries.latest("position").given["by_path"] == "by hand, off the paths"

    def test_informs_the_requester_and_keeps_the_reason_inside(
        self, worked_on: Incident, storage: Team, olga: User, rita: User, sam: User
    ) -> None:
        approved(olga, DESK_ON)
        registry["incidents.watch"](worked_on, by=rita)
        done = escalated(worked_on, sam)
        entry = done.entries.latest("position")
        assert entry.audience == Audience.PUBLIC
        jobs.spread(entry=entry.pk)
        (notice,) = wording.said(wording.newest(rita, 1))
        assert notice.sentence.startswith("“Mail is down” goes on to a team with other skills")
        told = [one.quoted for one in wording.said(list(Notice.objects.all()))]
        browser = browser_of(rita)
        portal = browser.get(f"/portal/cases/{done.number}/").text
        assert "handed it on to a team with other skills" in portal
        pages = [portal, browser.get(done.url).text, browser.get("/notices/").text]
        pages += [
            browser.get(f"/api/incidents/{done.number}/{part}").text for part in ("", "entries")
        ]
        assert [SECRET in page for page in pages] == [False] * 5
        assert SECRET not in told

    def test_quotes_the_reason_to_those_inside_only(
        self, worked_on: Incident, storage: Team, rita: User, omar: User, sam: User, mona: User
    ) -> None:
        """A watcher inside reads why; a requester who watches does not, however they are told."""
        registry["incidents.watch"](worked_on, by=mona)
        done = escalated(worked_on, sam, team=storage)
        entry = done.entries.latest("position")
        for reader, quoted in ((mona, SECRET), (rita, "")):
            notice = Notice(recipient=reader, record=done, entry=entry, told_as="watcher")
            assert wording.said([notice])[0].quoted == quoted
        assert SECRET in browser_of(mona).get(f"/api/incidents/{done.number}/entries").text

    def test_stays_internal_where_it_is_hierarchical(
        self, worked_on: Incident, sam: User, mona: User
    ) -> None:
        done = escalated(worked_on, sam, kind="hierarchical", case_owner=mona)
        assert Entry.objects.filter(record=done).latest("position").audience == Audience.INTERNAL


@pytest.mark.row("ISRM-21")
class TestSetUpCheck:
    def test_warns_of_categories_and_services_without_a_path(
        self, desk_team: Team, storage: Team, olga: User, desk: Client
    ) -> None:
        for number, title in enumerate(("Archive", "Batch Compute"), 1):
            apps.get_model("services", "Service").objects.create(
                number=f"SVC-{number}", of_kind="service", state="operational", title=title
            )
        scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
        assert "No functional path leads on any case." in read(desk, scheme.url)
        archive = {"to_team": "Storage team", "service": "Archive"}
        of_mail = {"to_team": "Storage team", "category": "Mail", "service": "Batch Compute"}
        approved(olga, DESK_ON, archive, of_mail | {"to_team": "Nobody's team"})
        page = read(desk, scheme.url)
        assert "Still to be set up" in page
        assert "No path leads on cases of the category “Network” in “Batch Compute”." in page
        for covered in ("“Storage”", "“Storage / Quota”", "“Mail”"):
            assert f"category {covered}" not in page
        assert "“Nobody&#39;s team” is on a path, but there is no such team." in page
        assert "“Archive”" not in page.partition("Version 2")[0]

    def test_names_a_service_once_that_no_path_concerns(self) -> None:
        paths = escalation.KIND.read({"functional": [{"to_team": "A", "service": "Archive"}]})
        found = paths.gaps(["Mail", "Network"], ["Archive", "Batch"], ["A"])
        assert found == ["No path leads on cases of the service “Batch”."]

    def test_is_silent_where_every_case_is_led_on(
        self, storage: Team, olga: User, desk: Client
    ) -> None:
        scheme = approved(olga, {"to_team": "Storage team"})
        assert "Still to be set up" not in read(desk, scheme.url)

    def test_is_made_of_the_draft_before_it_is_approved(
        self, storage: Team, olga: User, mona: User
    ) -> None:
        scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
        browser = browser_of(mona)
        sent = {
            "version": str(scheme.version),
            "path-1-to_team": "Storage team",
            "path-1-from_team": "",
            "path-1-service": "",
            "path-1-category": "Storage",
            "path-1-owner": "stays",
            "path-2-to_team": "",
            "level-1-to": "team_lead",
            "level-2-to": "process_manager",
            "level-2-is_there": "true",
            "level-2-percent": "60",
            "level-2-takes_over": "true",
            "level-3-to": "process_owner",
            "level-4-to": "sms_owner",
            "level-4-is_there": "true",
            "level-4-breach": "true",
            "level-4-priority": "1",
        }
        assert all(f'name="{name}"' in browser.get(f"{scheme.url}draft/").text for name in sent)
        assert browser.post(f"{scheme.url}draft/", sent).status_code == 302
        page = read(browser, scheme.url)
        assert (
            "“Any team → Storage team (Storage)” is new: ownership stays with the case owner"
            in page
        )
        assert "Level Process manager becomes: at 60 % of a target; takes the case over" in page
        assert "Level Process owner is taken out." in page
        last = "Level SMS owner becomes: when a target is violated, or at once at P1; is told."
        assert last in page
        assert "What it leaves to be set up" in page
        assert "No path leads on cases of the category “Network”." in page

    def test_is_refused_where_a_number_is_none(self, olga: User, mona: User) -> None:
        scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
        browser = browser_of(mona)
        sent = {
            "version": str(scheme.version),
            "level-1-to": "process_manager",
            "level-1-is_there": "true",
            "level-2-to": "sms_owner",
            "level-2-is_there": "true",
        }
        for wrong in ("-5", "soon", "1000000"):
            refused = browser.post(f"{scheme.url}draft/", sent | {"level-1-percent": wrong})
            assert refused.status_code == 422
            assert "Process manager: the share of a target is 1 to 1000 per cent." in refused.text
        assert not scheme.versions.filter(standing="draft").exists()


class TestPaths:
    def test_are_refused_where_they_lead_nowhere_or_stand_twice(self, olga: User) -> None:
        loop = {"from_team": "Desk", "to_team": "Desk"}
        for wrong, why in (
            ([loop], "leads nowhere"),
            ([DESK_ON, DESK_ON], "stands there 2 times"),
            ([DESK_ON | {"owner": "vanishes"}], "the owner is one of"),
        ):
            with pytest.raises(Invalid, match=why):
                approved(olga, *wrong)

    def test_lead_a_case_of_no_team_on_as_from_the_first(self) -> None:
        paths = escalation.KIND.read({"functional": [DESK_ON]})
        standing = escalation.Standing("", "", "Storage")
        assert paths.onward(standing) == paths.functional[0]
        assert paths.onward(standing._replace(team="Storage team")) is None
        assert paths.onward(standing._replace(category="Storages")) is None
