"""What is nearly late and what is late is told: once each, on time, and never twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from evenkeel.core.clocks import thresholds
from evenkeel.core.jobs import timetable
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid
from evenkeel.processes.incidents.models import Incident
from tests.clocks.conftest import Agreeing, Case, after, verbs

GOLD = "P1: resolution 2 h\nP2: resolution 8 h"


def told(case: Case, at: datetime) -> list[str]:
    """What the job tells of a case when it runs at a moment."""
    before = len(verbs(case.record))
    count = thresholds.tell_all(at=at)
    found = verbs(case.record)[before:]
    assert count == len(found)
    return found


@pytest.fixture
def running(agree: Agreeing, customer: Any, rita: User, sam: User) -> Case:
    """P2, due eight hours after the start."""
    agree("Gold", GOLD, organisation=customer)
    return Case(rita, sam).work(after(0.1)).prioritise(2, after(0.1))


@pytest.mark.django_db
@pytest.mark.row("R-15")
class TestAThreshold:
    def test_is_told_when_it_is_passed(self, running: Case) -> None:
        assert told(running, after(6) - timedelta(seconds=1)) == []
        assert told(running, after(6)) == ["warn", "climb"]
        assert told(running, after(8) - timedelta(seconds=1)) == []
        assert told(running, after(8)) == ["climb"]
        assert told(running, after(8) + timedelta(seconds=1)) == ["breach"]

    def test_is_told_once_however_often_the_job_runs(self, running: Case) -> None:
        for _ in range(3):
            thresholds.tell_all(at=after(9))
        expected = ["prioritise", "warn", "climb", "breach", "climb"]
        assert verbs(running.record)[-5:] == expected

    def test_is_told_after_nobody_looked_for_days(self, running: Case) -> None:
        assert told(running, after(days=5)) == ["warn", "climb", "breach", "climb", "climb"]

    def test_is_an_entry_by_the_sms_that_says_what_and_when(self, running: Case) -> None:
        thresholds.tell_all(at=after(7))
        thresholds.tell_all(at=after(9))
        entry = running.record.entries.get(verb="incidents.breach")
        assert (str(entry.actor), entry.via, entry.audience) == (
            "Evenkeel",
            "job",
            Audience.INTERNAL,
        )
        assert entry.given == {"clock": "resolution", "target": "8 h", "due": str(after(8))}
        assert entry.difference == {"is_breached": [False, True]}
        assert first_fault(running.fresh) is None

    def test_makes_the_case_breached(self, running: Case) -> None:
        thresholds.tell_all(at=after(6))
        assert not running.fresh.is_breached
        thresholds.tell_all(at=after(9))
        clock = running.clock()
        assert (running.fresh.is_breached, clock.breached_at) == (True, after(8))
        assert clock.next_at == after(12)  # the next level of authority
        thresholds.tell_all(at=after(12))
        assert running.clock().next_at is None

    def test_is_not_told_of_what_was_solved_in_time(self, running: Case) -> None:
        running.do("resolve", after(7), solution="Restarted")
        assert told(running, after(9)) == []

    def test_is_told_of_what_was_solved_too_late_before_anybody_looked(self, running: Case) -> None:
        running.do("resolve", after(8.01), solution="Restarted")
        assert told(running, after(8.02)) == ["warn", "breach"]  # what is over concerns nobody new
        assert told(running, after(9)) == []

    def test_waits_while_the_clock_is_paused(self, running: Case) -> None:
        running.do("put_on_hold", after(1), hold_reason="user")
        assert told(running, after(days=3)) == []
        running.do("resume", after(days=3))
        assert told(running, after(5, days=3)) == ["warn", "climb"]

    def test_of_another_target_is_told_again(self, running: Case) -> None:
        assert told(running, after(6)) == ["warn", "climb"]
        running.prioritise(1, after(6.1))
        # The manager has heard; the process owner has not, nor the SMS owner, at 150 %.
        assert told(running, after(6.2)) == ["warn", "breach", "climb", "climb"]

    def test_at_closing_time_is_breached_when_it_opens_again(
        self, agree: Agreeing, rita: User, sam: User
    ) -> None:
        """Nothing is late that may still be kept; over a weekend no second counts."""
        agree(
            "Office", "P2: resolution 9 h", calendar="Office hours", organisation=rita.organisation
        )
        case = Case(rita, sam, at=after(days=4)).work(after(0.1, days=4))
        case.prioritise(2, after(0.1, days=4))
        assert case.clock().due_at == after(9, days=4)  # Friday, 18:00
        thresholds.tell_all(at=after(9, days=4))
        assert told(case, after(22, days=6)) == []
        assert told(case, after(-1, days=7) + timedelta(seconds=1)) == ["breach"]

    def test_is_told_by_nobody_but_the_sms(self, running: Case, sam: User) -> None:
        with pytest.raises(Denied):
            running.do("breach", after(9), clock="resolution")

    def test_that_is_not_passed_cannot_be_told(self, running: Case) -> None:
        sms = User.objects.the_sms()
        for verb, at in (("warn", after(5)), ("breach", after(7))):
            with pytest.raises(Invalid, match="nothing to tell"):
                running.do(verb, at, by=sms, clock="resolution")
        with pytest.raises(Invalid, match="Nothing is promised"):
            running.do("warn", after(9), by=sms, clock="update")


class TestTheTimetable:
    def test_looks_three_times_a_minute(self) -> None:
        assert timetable["core.tell_thresholds"].cron == "* * * * * */20"


@pytest.mark.django_db
class TestTwoWorkers:
    def test_that_see_the_same_threshold_tell_it_once(self, running: Case) -> None:
        """The second waits for the lock on the record, and then finds it told."""
        seen = (Incident, running.record.pk, "resolution", "warn", after(6.1))
        sms = User.objects.the_sms()
        assert thresholds.tell(*seen, by=sms) is True
        assert thresholds.tell(*seen, by=sms) is False
        assert verbs(running.record).count("warn") == 1
