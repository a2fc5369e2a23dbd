"""Who with more authority hears of a case: once each, when the path says, up to the SMS owner."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.clocks import thresholds
from evenkeel.core.directory.models import Team
from evenkeel.core.notices import jobs, wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import numbering
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import escalation
from evenkeel.core.schemes.models import Scheme
from tests.clocks.conftest import START, Agreeing, Case, after, holder, verbs

pytestmark = pytest.mark.django_db
GOLD = "P1: response 1 h, resolution 2 h\nP2: response 4 h, resolution 8 h\nP3: resolution 10 h"
MANAGER = {"to": "process_manager", "percent": 75}
OWNER = {"to": "process_owner", "breach": True}
TOP = {"to": "sms_owner", "percent": 150}


@pytest.fixture
def priya() -> User:
    """The process manager of ISRM."""
    return holder("priya", RoleType.PROCESS_MANAGER, "ISRM")


@pytest.fixture
def oskar() -> User:
    """The process owner of ISRM."""
    return holder("oskar", RoleType.PROCESS_OWNER, "ISRM")


@pytest.fixture
def iris() -> User:
    """The SMS owner."""
    return holder("iris", RoleType.SMS_OWNER, "SMS")


@pytest.fixture
def running(agree: Agreeing, customer: Any, rita: User, sam: User) -> Case:
    """P2, answered at once and due eight hours after the start."""
    agree("Gold", GOLD, organisation=customer)
    case = Case(rita, sam).work(after(0.1))
    return case.prioritise(2, after(0.1)).say(after(0.1))


def path(oskar: User, *levels: dict[str, Any], at: datetime = START) -> None:
    """Put other levels in force; they hold for what is prioritised from then on."""
    scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
    schemes.draft(scheme, by=oskar, at=at, content={"hierarchical": list(levels)})
    schemes.approve(scheme, by=oskar, at=at)


def prioritised_again(case: Case, at: datetime) -> Case:
    """P2 still, by what is in force then."""
    return case.prioritise(3, at).prioritise(2, at)


def climbs(case: Case) -> list[tuple[str, str]]:
    """To whom it was escalated, and why."""
    found = Entry.objects.filter(record=case.record.pk, verb="incidents.climb")
    return [
        (one.given["to"], one.given["because"]) for one in found.order_by("position").iterator()
    ]


def heard(person: User, entry: Entry) -> list[str]:
    """What somebody was told of an entry."""
    jobs.spread(entry=entry.pk)
    mine = Notice.objects.filter(recipient=person, entry=entry)
    return [said.sentence for said in wording.said(list(mine))]


@pytest.mark.row("ISRM-10", "ISRM-22")
class TestALevel:
    def test_hears_at_75_per_cent_and_the_next_at_100(
        self, running: Case, priya: User, oskar: User, iris: User
    ) -> None:
        path(oskar, MANAGER, {"to": "process_owner", "percent": 100}, TOP)
        running.prioritise(3, after(0.2))
        thresholds.tell_all(at=after(7.5) - timedelta(seconds=1))
        assert climbs(running) == []
        thresholds.tell_all(at=after(7.5))
        first = running.record.entries.latest("position")
        assert heard(priya, first) == [
            f"{running.record.number} “Mail is down” is escalated to the process manager:"
            " 75 % of the target have passed (10 h for the resolution)."
        ]
        assert heard(oskar, first) == []
        thresholds.tell_all(at=after(10))
        second = running.record.entries.latest("position")
        assert (len(heard(oskar, second)), heard(priya, second)) == (1, [])
        thresholds.tell_all(at=after(15))
        third = running.record.entries.latest("position")
        assert len(heard(iris, third)) == 1
        assert [to for to, _ in climbs(running)] == [
            "process manager",
            "process owner",
            "SMS owner",
        ]
        assert running.clock().next_at is None

    def test_hears_by_an_entry_of_the_sms_for_those_inside(
        self, running: Case, priya: User, oskar: User
    ) -> None:
        path(oskar, MANAGER, TOP)
        prioritised_again(running, after(0.2))
        thresholds.tell_all(at=after(6))
        entry = running.record.entries.latest("position")
        assert (str(entry.actor), entry.via, entry.audience) == (
            "Evenkeel",
            "job",
            Audience.INTERNAL,
        )
        assert entry.given == {
            "rank": "process_manager",
            "to": "process manager",
            "people": "Priya",
            "clock": "resolution",
            "target": "8 h",
            "because": "75 % of the target have passed",
        }
        assert running.fresh.escalated_to == "process_manager"
        assert first_fault(running.fresh) is None

    def test_hears_when_the_target_is_violated(self, running: Case, oskar: User) -> None:
        path(oskar, OWNER, TOP)
        prioritised_again(running, after(0.2))
        thresholds.tell_all(at=after(8))
        assert climbs(running) == []
        thresholds.tell_all(at=after(8) + timedelta(seconds=1))
        assert climbs(running) == [("process owner", "the target is violated")]
        assert verbs(running.record)[-2:] == ["breach", "climb"]

    def test_hears_at_once_of_a_vip_and_of_nobody_else(
        self, running: Case, rita: User, priya: User, oskar: User
    ) -> None:
        path(oskar, {"to": "process_manager", "vip": True}, TOP)
        prioritised_again(running, after(0.2))
        thresholds.tell_all(at=after(0.3))
        assert climbs(running) == []
        User.objects.filter(pk=rita.pk).update(is_vip=True)
        prioritised_again(running, after(0.4))
        thresholds.tell_all(at=after(0.5))
        assert climbs(running) == [("process manager", "the requester is a VIP")]

    def test_hears_at_once_when_the_case_turns_out_to_be_a_vips(
        self, running: Case, sam: User, priya: User, oskar: User
    ) -> None:
        path(oskar, {"to": "process_manager", "vip": True}, TOP)
        vera = User.objects.create_user("vera", is_vip=True)
        prioritised_again(running, after(0.2))
        registry["incidents.edit"](running.record, by=sam, at=after(0.3), requester=vera)
        thresholds.tell_all(at=after(0.4))
        assert climbs(running) == [("process manager", "the requester is a VIP")]

    def test_hears_at_once_of_a_priority_and_so_do_those_below(
        self, running: Case, priya: User, oskar: User
    ) -> None:
        path(oskar, MANAGER, {"to": "process_owner", "priority": 1}, TOP)
        prioritised_again(running, after(0.2))
        thresholds.tell_all(at=after(0.3))
        assert climbs(running) == []
        running.prioritise(1, after(0.4))
        thresholds.tell_all(at=after(0.4))  # of two targets, yet it is told once
        assert climbs(running) == [
            ("process manager", "the level above it is reached"),
            ("process owner", "the priority is P1 or higher"),
        ]

    def test_hears_of_a_first_reply_that_is_not_given(
        self, running: Case, priya: User, agree: Agreeing, rita: User, sam: User
    ) -> None:
        silent = Case(rita, sam).prioritise(2, after(0.1))
        thresholds.tell_all(at=after(3))
        (entry,) = silent.record.entries.filter(verb="incidents.climb")
        assert (entry.given["clock"], entry.given["target"]) == ("response", "4 h")

    def test_hears_once_however_often_the_job_runs_or_the_target_moves(
        self, running: Case, priya: User, oskar: User
    ) -> None:
        path(oskar, MANAGER, TOP)
        prioritised_again(running, after(0.2))
        for _ in range(3):
            thresholds.tell_all(at=after(6))
        prioritised_again(running, after(6.5))
        thresholds.tell_all(at=after(7))
        assert len(climbs(running)) == 1

    def test_is_kept_through_another_version_of_the_path(
        self, running: Case, priya: User, oskar: User
    ) -> None:
        """Who heard is known by what they are, not by their place on the path."""
        thresholds.tell_all(at=after(6))
        path(oskar, {"to": "team_lead", "percent": 10}, MANAGER, OWNER, TOP, at=after(6.1))
        prioritised_again(running, after(6.3))
        thresholds.tell_all(at=after(6.5))
        assert [to for to, _ in climbs(running)] == ["process manager"]

    def test_waits_while_the_clock_is_paused(self, running: Case, oskar: User) -> None:
        running.do("put_on_hold", after(1), hold_reason="user")
        thresholds.tell_all(at=after(days=3))
        assert climbs(running) == []

    def test_that_nobody_holds_is_passed_on_to_the_next(
        self, running: Case, iris: User, oskar: User
    ) -> None:
        path(oskar, {"to": "team_lead", "percent": 50}, TOP)
        prioritised_again(running, after(0.2))
        thresholds.tell_all(at=after(4))
        assert [to for to, _ in climbs(running)] == ["process owner"]

    def test_is_the_lead_of_the_team_that_works_on_it(
        self, running: Case, sam: User, oskar: User
    ) -> None:
        number = f"TEAM-{numbering.take('team')}"
        lead = User.objects.create_user("lea", full_name="Lea")
        team = Team.objects.create(
            number=number, of_kind="team", state="in_force", title="Mail team", lead=lead
        )
        path(oskar, {"to": "team_lead", "percent": 50, "takes_over": True}, TOP)
        prioritised_again(running.do("assign", after(0.2), team=team), after(0.2))
        thresholds.tell_all(at=after(4))
        fresh = running.fresh
        assert (fresh.case_owner, fresh.escalated_from) == (lead, sam)

    def test_is_heard_by_the_deputy_too(self, running: Case, priya: User) -> None:
        dora = User.objects.create_user("dora", full_name="Dora")
        RoleAssignment.objects.filter(person=priya).update(deputy=dora)
        thresholds.tell_all(at=after(6))
        entry = running.record.entries.get(verb="incidents.climb")
        assert [len(heard(one, entry)) for one in (priya, dora)] == [1, 1]

    def test_cannot_be_reached_before_its_time_or_by_anybody(
        self, running: Case, sam: User
    ) -> None:
        with pytest.raises(Denied):
            running.do("climb", after(7), clock="resolution")
        with pytest.raises(Invalid, match="no further level"):
            running.do("climb", after(5), by=User.objects.the_sms(), clock="resolution")


@pytest.mark.row("ISRM-10")
class TestResponsibility:
    @pytest.fixture
    def taken(self, running: Case, priya: User, oskar: User) -> Case:
        """Over by the process manager."""
        path(oskar, MANAGER | {"takes_over": True}, TOP)
        prioritised_again(running, after(0.2))
        thresholds.tell_all(at=after(6))
        return running

    def test_moves_for_a_time_where_the_level_takes_over(
        self, taken: Case, sam: User, priya: User
    ) -> None:
        assert (taken.fresh.case_owner, taken.fresh.escalated_from) == (priya, sam)
        assert "hand_back" not in taken.fresh.not_now()

    def test_comes_back_with_a_reason(self, taken: Case, sam: User, priya: User) -> None:
        taken.do("hand_back", after(6.5), by=priya, reason="The supplier is on site.")
        fresh, entry = taken.fresh, taken.record.entries.latest("position")
        assert (fresh.case_owner, fresh.escalated_from, fresh.escalated_to) == (sam, None, "")
        assert entry.given["reason"] == "The supplier is on site."
        assert heard(sam, entry) == [
            f"{fresh.number} “Mail is down” is yours: Priya made you its case owner."
        ]

    def test_is_not_given_back_where_nobody_took_it(self, running: Case) -> None:
        with pytest.raises(Denied, match="Nobody with more authority"):
            running.do("hand_back", after(1), reason="?")

    def test_stays_where_somebody_is_made_owner_meanwhile(
        self, taken: Case, sam: User, priya: User
    ) -> None:
        otto = holder("otto", RoleType.PROCESS_STAFF, "ISRM")
        taken.do("assign", after(6.5), by=priya, case_owner=otto, reason="Knows the mail host.")
        assert (taken.fresh.case_owner, taken.fresh.escalated_from) == (otto, None)

    def test_moves_for_a_time_when_a_person_is_named_by_hand(
        self, running: Case, sam: User, priya: User
    ) -> None:
        running.do("escalate", after(1), kind="hierarchical", case_owner=priya, reason="A date.")
        running.do("hand_back", after(2), by=priya, reason="Agreed on Friday.")
        assert running.fresh.case_owner == sam


class TestEscalatingByHand:
    def test_goes_up_one_level_at_a_time_and_ends_with_the_sms_owner(
        self, running: Case, sam: User, priya: User, oskar: User, iris: User
    ) -> None:
        reached = []
        for hour in (1, 2, 3):
            running.do("escalate_up", after(hour), reason="We cannot decide this.")
            entry = running.record.entries.latest("position")
            reached.append(entry.given["to"])
        assert reached == ["process manager", "process owner", "SMS owner"]
        browser = Client()
        browser.force_login(sam)
        page = browser.get(running.record.url).content.decode()
        assert "escalated this to the SMS owner (Iris): We cannot decide this." in page
        assert heard(iris, entry) == [
            f"{running.record.number} “Mail is down” is escalated to the SMS owner by Sam."
        ]
        with pytest.raises(Denied, match="no level above"):
            running.do("escalate_up", after(4), reason="Still?")

    def test_is_refused_where_nothing_would_move(self, running: Case, sam: User) -> None:
        named = {"of_kind": "team", "state": "in_force", "title": "Storage team"}
        team = Team.objects.create(number=f"TEAM-{numbering.take('team')}", **named)
        running.do("escalate", after(1), kind="functional", team=team, reason="The disk is full.")
        with pytest.raises(Invalid, match=r"is with TEAM-\d+ Storage team already"):
            running.do("escalate", after(2), kind="functional", team=team, reason="Again.")
        with pytest.raises(Invalid, match="Sam owns the case already"):
            running.do("escalate", after(2), kind="hierarchical", case_owner=sam, reason="Me.")

    def test_leaves_the_clock_only_what_is_above(
        self, running: Case, priya: User, oskar: User
    ) -> None:
        running.do("escalate_up", after(1), reason="A question of money.")
        thresholds.tell_all(at=after(9))
        assert [to for to, _ in climbs(running)] == ["process owner"]


@pytest.mark.row("ISRM-33")
class TestTheHistory:
    def test_shows_functional_and_then_hierarchical_escalation(
        self, running: Case, priya: User, sam: User
    ) -> None:
        number = f"TEAM-{numbering.take('team')}"
        team = Team.objects.create(
            number=number, of_kind="team", state="in_force", title="Storage team"
        )
        running.do("escalate", after(1), kind="functional", team=team, reason="The disk is full.")
        thresholds.tell_all(at=after(6))
        client = Client()
        client.force_login(sam)
        page = client.get(running.record.url).text
        up = "escalated this to the process manager (Priya): 75 % of the target have passed"
        assert up in page
        assert page.index(up) < page.index("The disk is full.")  # the newest first


@pytest.mark.row("ROLE-25")
class TestAViolation:
    def test_is_told_to_the_manager_of_the_process(self, running: Case, priya: User) -> None:
        thresholds.tell_all(at=after(9))
        entry = running.record.entries.get(verb="incidents.breach")
        assert heard(priya, entry) == [
            f"The target of resolution for {running.record.number} “Mail is down” is over."
        ]


@pytest.mark.row("ROLE-05")
class TestThePath:
    @pytest.mark.parametrize(
        ("levels", "why"),
        [
            ([], "every escalation ends there"),
            ([MANAGER], "The last level is the SMS owner"),
            ([TOP, MANAGER], "Authority rises"),
            ([MANAGER, MANAGER, TOP], "each once"),
            ([{"to": "friend"}, TOP], "A level is one of"),
            ([TOP | {"percent": 1001}], "1 to 1000 per cent"),
            ([TOP | {"priority": 6}], "a priority is 1 to 5"),
        ],
    )
    def test_that_does_not_end_with_the_sms_owner_is_refused(
        self, levels: list[dict[str, Any]], why: str
    ) -> None:
        with pytest.raises(Invalid, match=why):
            escalation.KIND.read({"hierarchical": levels})

    def test_ends_there_even_where_nothing_was_said_of_levels(self) -> None:
        (only,) = escalation.KIND.read({"functional": []}).hierarchical
        assert (only.to, only.says) == ("sms_owner", "by hand only; is told")

    def test_of_every_process_ends_there(self) -> None:
        found: list[Any] = list(Scheme.objects.filter(scheme_kind=escalation.NAME))
        assert [one.context for one in found] == ["ISRM"]
        for scheme in found:
            version = scheme.versions.get(standing="in_force")
            assert version.read.hierarchical[-1].to == "sms_owner"

    def test_says_what_a_version_does_otherwise(self) -> None:
        old = escalation.KIND.read({"hierarchical": [MANAGER, TOP]})
        new = escalation.KIND.read(
            {"hierarchical": [OWNER | {"takes_over": True}, TOP | {"priority": 2}]}
        )
        assert new.edits_of(old) == [
            "Level Process owner is new: when a target is violated;"
            " takes the case over for a time.",
            "Level SMS owner becomes: at 150 % of a target, or at once at P1 to P2; is told.",
            "Level Process manager is taken out.",
        ]
