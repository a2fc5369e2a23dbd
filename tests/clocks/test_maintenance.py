"""Agreed maintenance pauses what is promised to customers, for as long as it was agreed (R-09)."""

from datetime import timedelta
from typing import Any

import pytest

from evenkeel.core.clocks import maintenance
from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.actions import holding
from evenkeel.processes.incidents.tests.conftest import browser_of
from evenkeel.processes.services import queries
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.models import Agreement
from tests.clocks.conftest import Agreeing, Case, after, verbs

pytestmark = pytest.mark.django_db
OURS = "P1: resolution 8 h, update 2 h\nP2: resolution 12 h"
AGREED = "Mon 10:00-12:00\n2026-05-06 20:00-24:00"  # the calendar is in UTC


@pytest.fixture
def gold(agree: Agreeing, customer: Organisation) -> Agreement:
    return agree("Gold", OURS, organisation=customer, maintenance=AGREED)


@pytest.fixture
def case(gold: Agreement, rita: User, sam: User) -> Case:
    """P1, in progress."""
    return Case(rita, sam).prioritise(1, after(0)).work(after(0))


def maintained(case: Case, at: Any, **more: Any) -> Case:
    return case.do("put_on_hold", at, hold_reason="maintenance", **more)


class TestAgreedMaintenance:
    @pytest.mark.row("R-09")
    def test_pauses_the_clock_of_the_customer_while_it_lasts_and_no_longer(
        self, case: Case
    ) -> None:
        maintained(case, after(1.5))
        clock = case.clock()
        assert (clock.phase, clock.elapsed, clock.due_at) == ("paused", 1.5 * 3600, None)
        assert (case.fresh.maintained_from, case.fresh.hold_until) == (after(1), after(3))
        assert holding.end_all(after(3) - timedelta(seconds=1)) == 0
        assert holding.end_all(after(3)) == 1
        clock = case.clock()
        assert (case.fresh.state, clock.phase) == ("in_progress", "running")
        assert clock.due_at == after(8 + 1.5)
        assert verbs(case.record)[-1] == "lapse"

    @pytest.mark.row("R-09")
    def test_is_over_when_it_is_over_though_that_is_noticed_late(self, case: Case) -> None:
        maintained(case, after(1.5))
        case.say(after(4))  # the software that tells it was off, and somebody answered meanwhile
        assert holding.end_all(after(5)) == 1
        assert case.clock().due_at == after(9.5)
        update = case.clock("update")
        assert (update.phase, update.due_at) == ("running", after(6))

    def test_is_named_with_its_version_where_the_agreement_has_it(
        self, case: Case, gold: Agreement
    ) -> None:
        maintained(case, after(2))
        assert case.fresh.entries.latest("position").given["agreed"] == f"{gold.number}, version 1"

    def test_that_was_agreed_on_besides_is_named_from_until_and_with_whom(self, case: Case) -> None:
        when = {"begins": after(0), "ends": after(6)}
        with pytest.raises(Invalid, match="with whom it was agreed"):
            maintained(case, after(0.5), **when)
        maintained(case, after(0.5), **when, note="Agreed with Ms Ruiz on Friday.")
        assert (case.fresh.maintained_from, case.fresh.hold_until) == (after(0), after(6))
        assert "agreed" not in case.fresh.entries.latest("position").given

    @pytest.mark.parametrize(
        ("at", "when", "why"),
        [
            (0.5, {}, "no agreement has it now"),
            (0.5, {"begins": after(0)}, "no agreement has it now"),
            (0.5, {"begins": after(1), "ends": after(3)}, "goes on now"),
            (3, {"begins": after(1), "ends": after(3)}, "goes on now"),
            (1, {"begins": after(1), "ends": after(days=9)}, "until 7 May 2026, 10:00"),
        ],
    )
    def test_is_refused_where_it_is_not_now_or_lasts_too_long(
        self, case: Case, at: float, when: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(Invalid, match=why):
            maintained(case, after(at), **when, note="Agreed by telephone.")

    def test_is_of_no_other_wait(self, case: Case) -> None:
        with pytest.raises(Invalid, match="only where it waits for maintenance"):
            case.do("put_on_hold", after(1), hold_reason="user", ends=after(3))

    def test_does_not_end_with_an_answer_of_the_user(self, case: Case, rita: User) -> None:
        maintained(case, after(1.5)).say(after(2), by=rita)
        assert case.fresh.state == "on_hold"

    def test_stands_in_the_derivation_and_on_the_page(self, case: Case, sam: User) -> None:
        maintained(case, after(1.5)).do("resume", after(2.5))
        browser = browser_of(sam)
        steps = browser.get(f"{case.record.url}clock/resolution/").text
        assert "10:30–11:30 paused during agreed maintenance, 1 h 00 not counted" in steps
        maintained(case, after(2.6))
        page = browser.get(case.record.url).text
        assert "During agreed maintenance" in page
        assert "Maintenance since" in page


class TestTheTerms:
    def test_are_drafted_shown_and_gone_on_from(self, gold: Agreement, mona: User) -> None:
        assert gold.begun("draft")["maintenance"] == AGREED
        page = browser_of(mona).get(gold.url).text
        assert "Agreed maintenance: Mon 10:00-12:00; 2026-05-06 20:00-24:00" in page

    def test_have_windows_by_weekday_and_by_day(self, gold: Agreement) -> None:
        terms = queries.read(gold.pk, 1)
        assert maintenance.window_at(terms, after(1)) == (after(1), after(3))
        assert maintenance.window_at(terms, after(3)) is None
        assert maintenance.window_at(terms, after(12, days=2)) == (
            after(11, days=2),
            after(15, days=2),
        )

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("Sun", "its hours are named"),
            ("24x7", "no day that differs"),
            ("2026-12-24 Christmas", "names no hours"),
        ],
    )
    def test_are_refused_where_they_are_unclear(
        self, gold: Agreement, mona: User, text: str, why: str
    ) -> None:
        with pytest.raises(Unclear, match=why):
            maintenance.read(text)
        terms: dict[str, Any] = {"calendar": "Always", "targets": OURS, "maintenance": text}
        with pytest.raises(Invalid, match=why):
            agreements.draft(gold, by=mona, at=after(0), **terms)
