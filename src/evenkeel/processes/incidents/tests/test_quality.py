"""How good the record of a case is: judged when it is written, listed, looked at by sample."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records import bulk
from evenkeel.core.records.links import Reference
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import Denied, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import quality as rules
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.schemes.quality import Expectation, RecordQuality
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import quality
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Any:
    return Team.objects.create(number="TEAM-9", of_kind="team", title="Desk", state="active")


@pytest.fixture
def service() -> Any:
    made: Any = kinds()["service"].objects.create(
        number="SRV-9", of_kind="service", title="Mail", state="live"
    )
    return made


@pytest.fixture
def documented(incident: Incident, sam: User, team: Any, service: Any) -> Incident:
    """An incident that is documented as far as can be before its solution."""
    incidents.edit(incident, by=sam, description="No mail arrives.", service=service)
    incidents.classify(incident, by=sam, category="Mail")
    incidents.prioritise(incident, by=sam, impact=3, urgency=3)
    done: Incident = incidents.assign(incident, by=sam, case_owner=sam, team=team)
    return done


def closed(incident: Incident, sam: User, rita: User, **said: Any) -> Incident:
    incidents.resolve(incident, by=sam, solution="Restarted it.", **said)
    done: Incident = incidents.close(incident, by=rita)
    return done


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


class TestRecordQuality:
    RULES = RecordQuality(
        [
            Expectation("service", 40),
            Expectation("cause", 60, kind="incident", done=True),
        ]
    )

    def test_weighs_what_is_expected_of_such_a_case_then(self) -> None:
        nothing = self.RULES.judge("incident", lambda fact: False, is_done=True)
        assert nothing == (0, ["service", "cause"], False)
        early = self.RULES.judge("incident", lambda fact: fact == "service", is_done=False)
        assert early == (100, [], True)
        late = self.RULES.judge("incident", lambda fact: fact == "service", is_done=True)
        assert late == (40, ["cause"], False)
        other = self.RULES.judge("service_request", lambda fact: fact == "service", is_done=True)
        assert other == (100, [], True)

    @pytest.mark.parametrize(
        ("expected", "good", "fault"),
        [
            ([], 80, "at least one expectation"),
            ([Expectation("team", 0)], 80, "the weight is 1 to 100"),
            ([Expectation("team", 1), Expectation("team", 2)], 80, "expected twice"),
            ([Expectation("team", 1)], 0, "from 1 to 100 %"),
        ],
    )
    def test_refuses_what_is_unsound(
        self, expected: list[Expectation], good: int, fault: str
    ) -> None:
        assert any(fault in one for one in RecordQuality(expected, good).faults())

    def test_says_what_a_draft_does_otherwise(self) -> None:
        later = RecordQuality([Expectation("service", 50), Expectation("team", 5)], good=90)
        assert later.edits_of(self.RULES) == [
            "“team” with weight 5 is expected.",
            "“cause” of incidents, once done, with weight 60 is no longer expected.",
            "“service” with weight 50 replaces 40.",
            "A record is good from 90 % on.",
        ]


class TestCase:
    @pytest.mark.row("ISRM-52")
    def test_says_how_complete_it_is_and_bears_the_badge_from_80_per_cent_on(
        self, documented: Incident, sam: User, rita: User, desk: Client
    ) -> None:
        assert (documented.completeness, documented.is_good_record) == (100, True)
        lacking = closed(documented, sam, rita)
        assert (lacking.completeness, lacking.is_good_record) == (75, False)
        said = page(desk, lacking.url)
        assert "Missing: category of cause." in said
        assert "75 %" in said
        assert "Good record</span>" not in said
        assert lacking.number in page(desk, "/quality/")
        incidents.reopen(lacking, by=rita, reason="Again.")
        whole = closed(lacking, sam, rita, cause=Incident.Cause.SOFTWARE)
        assert (whole.completeness, whole.is_good_record) == (100, True)
        assert "Good record</span>" in page(desk, whole.url)
        assert whole.number not in page(desk, "/quality/").split("Closed, and something")[1]

    @pytest.mark.row("BASE-02")
    def test_without_a_service_is_flagged_in_the_quality_list(
        self, incident: Incident, sam: User, rita: User, desk: Client, team: Any
    ) -> None:
        incidents.edit(incident, by=sam, description="No mail arrives.")
        incidents.classify(incident, by=sam, category="Mail")
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        incidents.assign(incident, by=sam, case_owner=sam, team=team)
        bare = closed(incident, sam, rita, cause=Incident.Cause.SOFTWARE)
        assert bare.lacks == ["service"]
        flagged = page(desk, "/quality/").split("Closed, and something")[-1]
        (row,) = [one for one in flagged.split("<tr>") if bare.number in one]
        assert ">Service</td>" in row

    def test_is_judged_by_each_verb_that_completes_it(self, incident: Incident, sam: User) -> None:
        assert (incident.completeness, incident.lacks) == (None, [])
        sorted_out = incidents.classify(incident, by=sam, category="Mail")
        assert sorted_out.completeness == 20
        assert sorted_out.quality_because["lacks"] == ["description", "service", "priority", "team"]

    def test_gets_no_new_version_by_being_judged(
        self, incident: Incident, sam: User, rita: User
    ) -> None:
        Incident.objects.update(completeness=None)
        before = incident.version
        registry["incidents.comment"](incident, by=sam, text="We look.")
        incident.refresh_from_db()
        assert (incident.completeness, incident.version) == (0, before)

    def test_hides_from_its_requester_how_good_its_record_is(
        self, documented: Incident, sam: User, rita: User
    ) -> None:
        lacking = closed(documented, sam, rita)
        browser = browser_of(rita)
        assert "Missing:" not in page(browser, lacking.url)
        said = browser.get(f"/api/incidents/{lacking.number}").json()
        assert "completeness" not in str(said)
        assert browser.get("/quality/").status_code == 403

    @pytest.mark.row("ISRM-46")
    def test_is_listed_when_closed_without_cause_and_without_what_is_affected(
        self, documented: Incident, sam: User, rita: User, mona: User
    ) -> None:
        expect(rules.Expectation("affected", 10, kind="incident", done=True))
        lacking = closed(documented, sam, rita)
        assert lacking.lacks == ["category of cause", "what is affected"]
        said = page(browser_of(mona), "/quality/")
        assert f'href="{lacking.url}"' in said
        assert "Category of cause, what is affected" in said

    def test_names_what_is_affected_by_a_link_or_by_its_name_elsewhere(
        self, documented: Incident, sam: User, rita: User, service: Any
    ) -> None:
        expect(rules.Expectation("affected", 10, kind="incident", done=True))
        incidents.resolve(documented, by=sam, solution="Restarted.", cause=Incident.Cause.SOFTWARE)
        documented.refresh_from_db()
        assert documented.lacks == ["what is affected"]
        registry["incidents.link"](documented, by=sam, target=service, kind="affects")
        documented.refresh_from_db()
        assert documented.lacks == []
        registry["incidents.unlink"](documented, by=sam, target=service, kind="affects")
        Reference.objects.create(
            record=documented, relation="affected CI", system="hp", outside_name="SUB1"
        )
        done = incidents.close(documented, by=rita)
        assert done.lacks == []


def expect(more: Expectation) -> None:
    """Approve a version that expects one thing more."""
    owner = holder("olga", RoleType.PROCESS_OWNER)
    scheme = Scheme.objects.get(scheme_kind=rules.NAME, context="ISRM")
    content = scheme.versions.get(standing="in_force").content
    line = {"fact": more.fact, "weight": more.weight, "kind": more.kind, "done": more.done}
    content = {**content, "expected": [*content["expected"], line]}
    schemes.draft(scheme, by=owner, content=content, because="We want to know.")
    schemes.approve(scheme, by=owner)


class TestRest:
    """What no verb of ours has written."""

    def test_is_judged_by_a_job_and_once(self, mona: User) -> None:
        now = timezone.now()
        values = {"title": "Old", "state": "closed", "is_open": False, "closed_at": now}
        entry = bulk.NewEntry("incidents.imported", now)
        bulk.write(Incident, [bulk.NewRecord(dict(values), [entry])])
        assert quality.judge_rest() == 1
        assert quality.judge_rest() == 0
        old = Incident.objects.get(title="Old")
        assert (old.completeness, old.counted_at) == (0, now)
        edit = bulk.Addition([bulk.NewEntry("incidents.imported_edit", now)], {"solution": "Done."})
        bulk.append(Incident, {old.pk: edit})
        assert quality.judge_rest() == 1
        old.refresh_from_db()
        assert old.completeness == 25


class TestSample:
    @pytest.mark.row("ISRM-46")
    def test_is_the_same_all_week_and_each_case_is_looked_at(
        self, documented: Incident, sam: User, rita: User, mona: User
    ) -> None:
        one = closed(documented, sam, rita, cause=Incident.Cause.SOFTWARE)
        now = timezone.now()
        records: Any = Incident.objects
        records.filter(pk=one.pk).update(counted_at=now - timedelta(days=7))
        assert queries.sample(mona, Incident, 10, now) == [one]
        assert queries.sample(mona, Incident, 0, now) == []
        browser = browser_of(mona)
        assert "Not yet" in page(browser, "/quality/")
        sent = {"record_review": "wanting", "remark": "Nobody will understand the solution."}
        browser.post(f"{one.url}review_record/", sent)
        one.refresh_from_db()
        assert one.record_review == "wanting"
        assert "Wanting" in page(browser, "/quality/")
        assert "Nobody will understand the solution." in page(browser, one.url)
        again = incidents.reopen(one, by=rita, reason="Again.")
        assert again.record_review == ""

    def test_is_looked_at_by_those_who_answer_for_it_only(
        self, documented: Incident, sam: User, rita: User
    ) -> None:
        one = closed(documented, sam, rita)
        with pytest.raises(Denied):
            incidents.review_record(one, by=sam, record_review="sound")

    def test_is_drawn_from_the_last_that_were_closed_before_the_week(self, mona: User) -> None:
        now = timezone.now()
        entry = bulk.NewEntry("service_requests.imported", now)
        made = [
            bulk.NewRecord(
                {
                    "title": f"Wish {day}",
                    "wish": "access",
                    "state": "closed",
                    "is_open": False,
                    "closed_at": now - timedelta(days=day),
                },
                [entry],
            )
            for day in range(60)
        ]
        bulk.write(ServiceRequest, made)
        quality.judge_rest()
        first = queries.sample(mona, ServiceRequest, 5, now)
        assert len(first) == 5
        assert first == queries.sample(mona, ServiceRequest, 5, now)
        assert first != queries.sample(mona, ServiceRequest, 5, now + timedelta(days=7))


class TestList:
    def test_goes_on_where_a_page_ends(self, mona: User) -> None:
        now = timezone.now()
        entry = bulk.NewEntry("incidents.imported", now)
        made = [
            bulk.NewRecord(
                {
                    "title": f"Case {place:03}",
                    "state": "closed",
                    "is_open": False,
                    "closed_at": now - timedelta(minutes=place),
                },
                [entry],
            )
            for place in range(60)
        ]
        bulk.write(Incident, made)
        quality.judge_rest()
        browser = browser_of(mona)
        first = browser.get("/quality/")
        lacking = first.content.decode().split("Closed, and something")[-1]
        assert "Case 049" in lacking
        assert "Case 050" not in lacking
        last = queries.lacking(mona, Incident, None, 50)[-1].counted_at
        assert last
        second = browser.get("/quality/", {"before": last.isoformat()}).content.decode()
        assert "Case 049" not in second
        assert "Case 059" in second
        assert browser.get("/quality/", {"before": "yesterday"}).status_code == 200

    def test_shows_each_kind(self, mona: User, rita: User) -> None:
        made = requests.record(ServiceRequest(), by=rita, title="Access", wish="access")
        requests.classify(made, by=mona, category="Access")
        requests.fulfil(made, by=mona, solution="Given.")
        requests.close(made, by=rita)
        said = page(browser_of(mona), "/quality/?of=service_requests")
        assert f'href="{made.url}"' in said
        assert made.number not in page(browser_of(mona), "/quality/")
