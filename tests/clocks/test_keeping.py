"""Clocks are kept up with what is done to a case, in its transaction, at little cost."""

from contextlib import suppress
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenkeel.core.clocks.models import Clock
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid
from evenkeel.processes.incidents.models import Incident
from tests.clocks.conftest import Agreeing, Case, after, holder

pytestmark = pytest.mark.django_db
GOLD = "P1: response 30 min, resolution 2 h, update 1 h\nP2: response 1 h, resolution 8 h"


@pytest.fixture(autouse=True)
def gold(agree: Agreeing, customer: Any) -> Any:
    return agree("Gold", GOLD, organisation=customer)


class TestACase:
    def test_has_no_clock_before_it_has_a_priority(self, case: Case) -> None:
        case.work(after(0.1))
        assert not Clock.objects.filter(record=case.record.pk).exists()
        assert case.fresh.due_at is None

    def test_is_due_from_when_it_was_recorded_however_late_it_is_prioritised(
        self, case: Case
    ) -> None:
        case.work(after(0.1)).prioritise(1, after(0.25))
        assert case.clock().due_at == after(2)
        assert case.clock("response").due_at == case.fresh.due_at == after(0.5)

    def test_is_due_with_the_promise_that_runs_out_first(self, case: Case) -> None:
        case.prioritise(1, after(0.1)).say(after(0.25))
        assert case.fresh.due_at == after(1.25)  # the next word
        case.say(after(1.2))
        assert case.fresh.due_at == after(2)  # the resolution

    def test_is_due_later_or_sooner_when_its_priority_changes(self, case: Case) -> None:
        case.prioritise(2, after(0.1)).say(after(0.2))
        assert case.fresh.due_at == after(8)
        case.prioritise(1, after(0.5))
        assert case.clock().due_at == after(2)
        case.prioritise(2, after(0.6))
        assert (case.clock().due_at, case.clock("update").target) == (after(8), None)

    def test_is_no_longer_due_when_it_is_solved(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("resolve", after(3), solution="Restarted")
        assert (case.clock().phase, case.clock().elapsed) == ("stopped", 3 * 3600)
        assert (case.fresh.due_at, case.fresh.is_breached) == (None, False)
        assert case.clock().due_at == after(8)  # it was kept, and by how much

    def test_that_is_solved_too_late_is_breached_at_once(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1))
        case.do("resolve", after(8, days=1), solution="Restarted")
        assert case.clock().breached_at == after(8)
        assert case.fresh.is_breached is True

    def test_that_is_cancelled_is_no_longer_due(self, case: Case, rita: User) -> None:
        case.prioritise(2, after(0.1)).do("cancel", after(1), by=rita, reason="By mistake")
        assert (case.clock().phase, case.fresh.due_at) == ("cancelled", None)

    def test_that_came_with_a_due_moment_and_no_clock_keeps_it(self, case: Case) -> None:
        case.work(after(0.1))
        Incident.objects.filter(pk=case.record.pk).update(priority=2, due_at=after(7))
        case.do("resolve", after(1), solution="Restarted")
        assert case.fresh.due_at == after(7)

    def test_shows_in_its_entries_how_its_due_moment_moved(self, case: Case) -> None:
        case.prioritise(2, after(0.1)).say(after(0.2))
        moved = [e.difference.get("due_at") for e in case.record.entries.order_by("position")]
        assert [bool(one) for one in moved] == [False, True, True]

    def test_is_not_edited_by_a_clock_alone(self, case: Case) -> None:
        """Whoever has the form open is not told that somebody edited it."""
        version = case.prioritise(2, after(0.1)).record.version
        assert case.say(after(0.2)).record.version == version


class TestAPause:
    def test_for_the_user_stops_the_clock(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("put_on_hold", after(1), hold_reason="user")
        assert (case.clock().phase, case.clock().due_at, case.fresh.due_at) == (
            "paused",
            None,
            None,
        )
        case.do("resume", after(4))
        assert case.clock().due_at == after(11)

    @pytest.mark.parametrize("reason", ["supplier", "change"])
    def test_for_others_does_not(self, case: Case, reason: str) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("put_on_hold", after(1), hold_reason=reason)
        assert (case.clock().phase, case.clock().due_at) == ("running", after(8))

    @pytest.mark.parametrize("answer", ["comment", "attach"])
    def test_ends_when_the_user_answers(self, case: Case, rita: User, answer: str) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("put_on_hold", after(1), hold_reason="user")
        said = {"text": "It is the blue one."}
        given = said if answer == "comment" else {"file": ContentFile(b"blue", "colour.txt")}
        case.do(answer, after(4), by=rita, **given)
        assert (case.record.state, case.record.hold_reason) == ("in_progress", "")
        assert (case.clock().phase, case.clock().due_at) == ("running", after(11))
        entry = case.record.entries.latest("position")
        assert (entry.verb, str(entry.actor), entry.at) == (
            "incidents.resume",
            "Evenkeel",
            after(4),
        )
        assert case.fresh.version == case.record.version
        assert first_fault(case.fresh) is None

    def test_goes_on_when_somebody_else_speaks(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("put_on_hold", after(1), hold_reason="user").say(after(2))
        assert case.fresh.state == "on_hold"

    def test_for_a_supplier_goes_on_when_the_user_speaks(self, case: Case, rita: User) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("put_on_hold", after(1), hold_reason="supplier").say(after(2), by=rita)
        assert case.fresh.state == "on_hold"

    def test_says_why_in_the_derivation(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1))
        case.do("put_on_hold", after(1), hold_reason="user").do("resume", after(4))
        assert [turn.why for turn in case.clock().history] == ["", "awaiting the user", ""]


@pytest.mark.row("R-11")
class TestTheFirstReply:
    def test_is_what_a_person_says_in_public(self, case: Case, rita: User) -> None:
        case.work(after(0.1)).prioritise(1, after(0.1))
        case.say(after(0.2), by=rita)
        case.do("assign", after(0.3), case_owner=case.staff, reason="Mine")
        assert case.clock("response").phase == "running"
        case.say(after(0.4))
        assert (case.clock("response").phase, case.clock("response").elapsed) == ("stopped", 1440)

    def test_stays_given_when_the_case_is_reopened(self, case: Case, rita: User) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        case.do("resolve", after(1), solution="Restarted")
        case.do("reopen", after(2), by=rita, reason="It is back")
        assert case.clock("response").phase == "stopped"

    def test_is_given_where_people_spoke_to_each_other(self, rita: User, sam: User) -> None:
        case = Case(rita, sam, channel="phone").prioritise(1, after(0.1))
        assert (case.clock("response").phase, case.clock("response").elapsed) == ("stopped", 0)


@pytest.mark.row("R-13")
class TestReopening:
    def test_adds_to_what_had_passed(self, case: Case, rita: User) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).do(
            "resolve", after(3), solution="Restarted"
        )
        case.do("reopen", after(30), by=rita, reason="It is back")
        assert case.clock().due_at == after(35)

    def test_begins_anew_where_that_is_agreed(
        self, agree: Agreeing, gold: Any, rita: User, sam: User
    ) -> None:
        agree.again(gold, GOLD, after(days=-7), reopening="anew")
        case = Case(rita, sam).work(after(0.1)).prioritise(2, after(0.1))
        case.do("resolve", after(3), solution="Restarted")
        case.do("reopen", after(30), by=rita, reason="It is back")
        assert case.clock().due_at == after(38)


class TestTheCost:
    def test_is_two_statements_where_a_clock_is_concerned(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.2))
        with CaptureQueriesContext(
            connection,
        ) as made:
            case.do("resolve", after(1), solution="Restarted")
        about = [one["sql"][:12] for one in made if "core_clock" in one["sql"]]
        assert about == ['SELECT "core', "INSERT INTO "]

    def test_is_nothing_where_none_is(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1))
        above = holder("paula", RoleType.PROCESS_MANAGER, "ISRM")
        with CaptureQueriesContext(connection) as made:
            case.do("escalate", after(1), kind="hierarchical", reason="Up", case_owner=above)
        assert not [one for one in made if "core_clock" in one["sql"]]

    def test_is_nothing_for_what_is_only_recorded(self, rita: User, sam: User) -> None:
        with CaptureQueriesContext(connection) as made:
            Case(rita, sam)
        assert not [one for one in made if "clock" in one["sql"] or "agreement_v" in one["sql"]]


STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "user": ("put_on_hold", {"hold_reason": "user"}),
    "supplier": ("put_on_hold", {"hold_reason": "supplier"}),
    "resume": ("resume", {}),
    "resolve": ("resolve", {"solution": "Done"}),
    "reopen": ("reopen", {"reason": "Back"}),
    "P1": ("prioritise", {"impact": 1, "urgency": 1}),
    "P2": ("prioritise", {"impact": 2, "urgency": 2}),
}


class TestWhatIsStored:
    @settings(
        max_examples=25, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 300)), max_size=9))
    def test_is_what_the_whole_history_gives(
        self, rita: User, sam: User, steps: list[tuple[str, int]]
    ) -> None:
        """Step by step or all at once: the rows say what the engine says of their turns."""
        case, minutes = Case(rita, sam).work(after(0)).prioritise(2, after(0)), 0
        for name, later in steps:
            minutes += later
            verb, inputs = STEPS[name]
            with suppress(Denied, Invalid):
                case.do(verb, after(minutes / 60), **inputs)
        fresh = Incident.objects.get(pk=case.record.pk)
        for clock in Clock.objects.filter(record=fresh.pk).exclude(target=None):
            told = clock.due_at, clock.phase, clock.phase != "running" and clock.breached_at
            clock.set_by(clock.read(after(minutes / 60)))
            assert told == (
                *(clock.due_at, clock.phase),
                clock.phase != "running" and clock.breached_at,
            )
        assert fresh.is_breached == any(
            one.breached_at for one in Clock.objects.filter(record=fresh.pk)
        )

    def test_is_undone_with_the_action(self, case: Case) -> None:
        case.work(after(0.1)).prioritise(2, after(0.1))
        with pytest.raises(Invalid):
            case.do("resolve", after(1), solution="Restarted", restored_at=after(9))
        assert case.clock().phase == "running"
