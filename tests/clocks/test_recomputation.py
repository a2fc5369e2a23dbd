"""Clocks are read anew by later hours only when somebody asked for it and read what would move."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.clocks import thresholds
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.records.sealing import first_fault
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.services.actions import recomputation as verbs
from evenkeel.processes.services.actions import recomputing
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.models import (
    MovedClock,
    Progress,
    Recomputation,
    Service,
    ServiceReport,
    Violation,
)
from tests.clocks.conftest import Agreeing, Case, after, holder
from tests.clocks.conftest import verbs as all_done

pytestmark = pytest.mark.django_db
DAY = "Day"
COMPARED, CONFIRMED = after(1.5), after(1.6)
JUNE = datetime(2026, 6, 2, 8, tzinfo=UTC)


def done(record: Record) -> list[str]:
    """What was done to it, but for whom it climbed to."""
    return [verb for verb in all_done(record) if verb != "climb"]


class Hours:
    """The calendar "Day", whose hours its owner changes."""

    def __init__(self, mona: User, olga: User) -> None:
        self.mona, self.olga = mona, olga

    def are(self, hours: str, at: datetime, days: tuple[str, ...] = ()) -> None:
        """From then on."""
        scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
        one = {"name": DAY, "hours": hours, "zone": "UTC", "days": list(days)}
        others = [
            each
            for each in scheme.versions.order_by("-number")[0].content["calendars"]
            if each["name"] != DAY
        ]
        content = {"calendars": [*others, one]}
        schemes.draft(scheme, by=self.mona, at=at, content=content, because="New hours")
        schemes.approve(scheme, by=self.olga, at=at)


@pytest.fixture
def hours(mona: User, olga: User) -> Hours:
    scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
    scheme.versions.update(approved_at=after(days=-99))  # not when the tests began
    made = Hours(mona, olga)
    made.are("Mon-Fri 08:00-18:00", after(days=-30))
    return made


@pytest.fixture
def gold(agree: Agreeing, hours: Hours, customer: Any) -> Any:
    return agree("Gold", "P2: resolution 8 h", calendar=DAY, organisation=customer)


@pytest.fixture
def running(gold: Any, rita: User, sam: User) -> Case:
    """P2, recorded on Monday at nine, so due at 17:00."""
    return Case(rita, sam).work(after(0.1)).prioritise(2, after(0.1))


@pytest.fixture
def lunch(hours: Hours) -> None:
    """At ten it is found that nobody works from twelve to one."""
    hours.are("Mon-Fri 08:00-12:00 13:00-18:00", after(1))


def compared(by: User, at: datetime = COMPARED, **given: Any) -> Recomputation:
    """What the worker makes of it."""
    made = verbs.record(Recomputation(), by=by, at=at, because="Lunch was forgotten", **given)
    recomputing.go_on(made.pk, at)
    found: Recomputation = Recomputation.objects.get(pk=made.pk)
    return found


def applied(made: Recomputation, by: User, at: datetime = CONFIRMED) -> Recomputation:
    """Confirmed, and done by the worker."""
    verbs.confirm(made, by=by, at=at)
    recomputing.go_on(made.pk, at)
    found: Recomputation = Recomputation.objects.get(pk=made.pk)
    return found


class TestALaterCalendar:
    def test_moves_nothing_by_itself(self, running: Case, lunch: None) -> None:
        running.do("put_on_hold", after(1.2), hold_reason="user").do("resume", after(1.3))
        assert running.clock().calendar.number == 2
        assert running.fresh.due_at == after(8.1)


class TestADifference:
    def test_says_what_would_move_and_moves_nothing(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        made = compared(olga)
        assert (made.state, made.figures["looked"], made.figures["cases"]) == ("compared", 1, 1)
        assert (made.figures["due"], made.figures["breached"], made.figures["kept"]) == (1, 0, 0)
        line = made.moved.get()
        assert (line.due_before, line.due_after) == (after(8), after(9))
        assert running.fresh.due_at == after(8)
        assert done(running.record)[-1] == "prioritise"

    def test_names_verdicts_that_flip(
        self, running: Case, hours: Hours, olga: User, rita: User, sam: User
    ) -> None:
        thresholds.tell_all(at=after(8.5))  # at 17:30 it is breached
        hours.are("Mon-Fri 08:00-12:00 13:00-18:00", after(8.6))
        made = compared(olga, after(8.7))
        assert (made.figures["kept"], made.figures["breached"]) == (1, 0)

    def test_finds_nothing_where_the_hours_say_the_same(
        self, running: Case, hours: Hours, olga: User
    ) -> None:
        hours.are("Mon-Fri 08:00-18:00; Sun 08:00-09:00", after(1))
        made = compared(olga)
        assert (made.figures["looked"], made.figures["clocks"]) == (1, 0)

    def test_can_be_discarded(self, running: Case, lunch: None, olga: User) -> None:
        made = verbs.discard(compared(olga), by=olga, at=after(2), reason="Not needed")
        recomputing.go_on(made.pk, after(2.1))
        assert (made.state, running.fresh.due_at) == ("discarded", after(8))

    def test_of_calendars_that_were_changed_since_is_not_confirmed(
        self, running: Case, lunch: None, hours: Hours, olga: User
    ) -> None:
        made = compared(olga)
        hours.are("Mon-Fri 08:00-16:00", after(2))
        with pytest.raises(Invalid, match="compare anew"):
            verbs.confirm(made, by=olga, at=after(2.1))

    def test_is_asked_for_and_confirmed_by_those_who_answer_for_calendars(
        self, running: Case, lunch: None, mona: User, sam: User
    ) -> None:
        with pytest.raises(Denied):
            verbs.record(Recomputation(), by=sam, at=after(2), because="So")
        with pytest.raises(Denied):
            verbs.confirm(compared(mona), by=mona, at=after(2))

    def test_is_of_a_calendar_that_is_in_force(self, olga: User) -> None:
        with pytest.raises(Invalid, match="no service hours called “Never”"):
            compared(olga, calendar="Never")


class TestARecomputation:
    def test_moves_what_was_compared_with_an_entry_on_each_case(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        made = applied(compared(olga), olga)
        assert (made.state, running.fresh.due_at) == ("applied", after(9))
        entry = running.record.entries.latest("position")
        assert (entry.verb, str(entry.actor), entry.via) == (
            "incidents.recompute",
            "Evenkeel",
            "job",
        )
        assert entry.difference == {"due_at": [after(8).isoformat(), after(9).isoformat()]}
        assert entry.given == {
            "recomputation": made.number,
            "calendar": "all calendars, version 3",
            "confirmed_by": "Olga",
            "resolution": "due 4 May 2026 17:00 → 4 May 2026 18:00",
        }
        assert first_fault(running.fresh) is None

    def test_lets_the_clock_go_by_the_later_hours_from_then_on(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        applied(compared(olga), olga)
        running.record = running.fresh
        running.prioritise(4, after(2)).prioritise(2, after(2))
        assert (running.clock().calendar.number, running.fresh.due_at) == (3, after(9))

    def test_done_twice_moves_nothing_the_second_time(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        applied(compared(olga), olga)
        again = applied(compared(olga, after(2)), olga, after(2.1))
        assert again.figures["clocks"] == 0
        assert done(running.record).count("recompute") == 1

    def test_moves_only_the_clocks_of_its_calendar(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        made = applied(compared(olga, calendar="Always"), olga)
        assert (made.figures["looked"], running.fresh.due_at) == (0, after(8))

    def test_reads_a_case_as_it_is_when_it_is_applied(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        made = compared(olga)
        running.do("resolve", after(1.55), solution="Restarted")
        assert applied(made, olga).figures["clocks"] == 1  # it would have been due later
        assert (running.clock().phase, running.fresh.due_at) == ("stopped", None)
        assert running.clock().due_at == after(9)

    def test_takes_back_what_was_told_too_early(
        self, running: Case, hours: Hours, olga: User
    ) -> None:
        thresholds.tell_all(at=after(8.5))
        assert running.fresh.is_breached
        hours.are("Mon-Fri 08:00-12:00 13:00-18:00", after(8.6))
        applied(compared(olga, after(8.7)), olga, after(8.8))
        assert not running.fresh.is_breached
        told: Any = Violation.objects.order_by("pk")
        assert [(one.level, one.state) for one in told] == [
            ("potential", "recorded"),
            ("actual", "withdrawn"),
        ]
        thresholds.tell_all(at=after(10, days=1))
        assert running.fresh.is_breached
        assert done(running.record)[-3:] == ["breach", "recompute", "breach"]

    def test_lets_be_told_what_is_late_by_it(
        self, gold: Any, hours: Hours, olga: User, rita: User, sam: User
    ) -> None:
        case = Case(rita, sam, at=after(8)).prioritise(2, after(8))  # due on Tuesday at 15:00
        hours.are("24x7", after(9))  # at 01:00
        made = compared(olga, after(17))
        assert made.figures["breached"] == 1
        assert thresholds.tell_all(at=after(17)) == 0
        applied(made, olga, after(17.1))
        assert case.fresh.is_breached
        thresholds.tell_all(at=after(17.2))
        assert done(case.record)[-3:] == ["recompute", "warn", "breach"]

    def test_takes_up_closed_cases_where_it_is_asked_to(
        self, running: Case, lunch: None, olga: User, rita: User
    ) -> None:
        running.do("resolve", after(8.5), solution="Restarted")
        running.do("close", after(8.6), by=rita)
        assert compared(olga, after(9)).figures["looked"] == 0
        made = compared(olga, after(9), closed_since=date(2026, 5, 1))
        assert made.figures["kept"] == 1
        applied(made, olga, after(9.1))
        assert not running.fresh.is_breached


class TestASealedReport:
    @pytest.fixture
    def sealed(self, running: Case, gold: Any, mona: User, rita: User) -> ServiceReport:
        running.do("resolve", after(8.5), solution="Restarted")
        running.do("close", after(8.6), by=rita)
        made = reports.record(ServiceReport(), by=mona, at=JUNE, organisation=gold.organisation)
        found: ServiceReport = reports.approve(made, by=mona, at=JUNE)
        return found

    def test_keeps_its_cases_as_they_were_decided(
        self, sealed: ServiceReport, running: Case, hours: Hours, olga: User
    ) -> None:
        digest = reports.digest(sealed)
        hours.are("Mon-Fri 08:00-12:00 13:00-18:00", JUNE)
        made = applied(compared(olga, JUNE, closed_since=date(2026, 5, 1)), olga, JUNE)
        assert (made.figures["sealed"], made.figures["clocks"]) == (1, 0)
        assert running.fresh.is_breached
        assert "recompute" not in done(running.record)
        assert reports.digest(sealed) == digest

    def test_about_another_service_keeps_nothing_else(
        self, sealed: ServiceReport, mail: Service, hours: Hours, olga: User
    ) -> None:
        ServiceReport.objects.filter(pk=sealed.pk).update(service=mail)
        hours.are("Mon-Fri 08:00-12:00 13:00-18:00", JUNE)
        made = compared(olga, JUNE, closed_since=date(2026, 5, 1))
        assert (made.figures["sealed"], made.figures["kept"]) == (0, 1)


class TestAWorkerThatIsKilled:
    def test_leaves_what_it_had_done_and_another_goes_on(
        self,
        running: Case,
        lunch: None,
        olga: User,
        rita: User,
        sam: User,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        cases = [running, *(Case(rita, sam).prioritise(2, after(0.1)) for _ in range(4))]
        monkeypatch.setattr(recomputing, "AT_ONCE", 1)
        made = compared(olga)
        verbs.confirm(made, by=olga, at=after(1.6))
        made.refresh_from_db()
        for _ in range(2):
            assert recomputing._batch(made, [], after(1.6)) is True
        assert Progress.objects.get(pk=made.pk).done == 2
        assert sum(one.fresh.due_at == after(9) for one in cases) == 2
        recomputing.go_on(made.pk, after(1.7))
        assert all(done(one.record).count("recompute") == 1 for one in cases)
        assert MovedClock.objects.filter(recomputation=made.pk, is_applied=True).count() == 5
        assert Recomputation.objects.get(pk=made.pk).state == "applied"


class TestItsPages:
    def test_show_the_difference_and_every_clock_that_moves(
        self, running: Case, lunch: None, olga: User
    ) -> None:
        made = compared(olga)
        client = Client()
        client.force_login(olga)
        text = client.get(made.url).content.decode()
        assert "To be confirmed" in text
        assert "Kept so far, breached by these hours" in text
        text = client.get(f"{made.url}report/cases/?what=due").content.decode()
        assert running.record.number in text
        lines = client.get(f"{made.url}report/cases/?what=due&format=csv").content.decode()
        assert lines.count("\n") == 2
        assert client.get(f"{made.url}report/cases/?what=colour").status_code == 404

    def test_show_how_far_it_is(self, running: Case, lunch: None, olga: User) -> None:
        made = verbs.record(Recomputation(), by=olga, at=after(2), because="Lunch")
        client = Client()
        client.force_login(olga)
        assert "0 of 1 clocks" in client.get(made.url).content.decode()

    def test_begin_at_the_calendars(self, hours: Hours, olga: User, sam: User) -> None:
        scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
        for user, may in ((olga, True), (holder("tim", RoleType.AUDITOR, "SMS"), False)):
            client = Client()
            client.force_login(user)
            text = client.get(scheme.url).content.decode()
            assert ("/recomputations/record/" in text.split("<main")[1]) is may
