"""Reminders: by hand, and by themselves once in each interval, so that nobody is forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.jobs import timetable
from evenkeel.core.notices import jobs, wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import closure, escalation
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import reminding
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 4, 9, tzinfo=UTC)  # a Monday


def after(minutes: float = 0, days: int = 0) -> datetime:
    return START + timedelta(minutes=minutes, days=days)


@pytest.fixture
def grave(rita: User, sam: User) -> Incident:
    """P1, with sam."""
    made = incidents.record(Incident(), by=rita, at=START, title="Mail is down")
    incidents.classify(made, by=sam, at=START, category="Mail")
    incidents.prioritise(made, by=sam, at=START, impact=1, urgency=1)
    done: Incident = incidents.assign(made, by=sam, at=START, case_owner=sam)
    return done


@pytest.fixture
def otto() -> User:
    """Another member of process staff."""
    return holder("otto", RoleType.PROCESS_STAFF)


def do(case: Incident, verb: str, by: User, at: datetime, **inputs: Any) -> Incident:
    done: Incident = registry[f"incidents.{verb}"](case, by=by, at=at, **inputs)
    return done


def heard(person: User, entry: Entry) -> list[str]:
    jobs.spread(entry=entry.pk)
    found = Notice.objects.filter(recipient=person, entry=entry)
    return [said.sentence for said in wording.said(list(found))]


def last(case: Incident) -> Entry:
    return case.entries.select_related("actor", "record").latest("position")


@pytest.mark.row("ISRM-50")
class TestReminding:
    def test_by_hand_reaches_the_owner_and_whoever_has_a_task_and_is_logged(
        self, grave: Incident, sam: User, otto: User, mona: User
    ) -> None:
        do(grave, "add_task", sam, after(1), task="Call the supplier", assigned_to=otto)
        do(grave, "remind", mona, after(30), reason="The customer waits.")
        entry = last(grave)
        assert (entry.verb, entry.actor, entry.audience) == (
            "incidents.remind",
            mona,
            Audience.INTERNAL,
        )
        assert entry.given["reason"] == "The customer waits."
        said = [f"Mona Moen reminds you of {grave.number} “Mail is down”."]
        assert [heard(sam, entry), heard(otto, entry)] == [said, said]

    def test_is_a_button_on_the_page(self, grave: Incident, mona: User) -> None:
        browser = browser_of(mona)
        assert f"{grave.url}remind/" in browser.get(grave.url).text
        browser.post(f"{grave.url}remind/", {"reason": "By noon, please."})
        page = browser.get(grave.url).text
        assert "reminded" in page
        assert "By noon, please." in page

    def test_is_not_for_the_requester(self, grave: Incident, rita: User) -> None:
        with pytest.raises(Denied):
            do(grave, "remind", rita, after(30), reason="Hello?")


@pytest.mark.row("ISRM-11")
class TestSilence:
    def test_of_60_minutes_at_p1_reminds_the_owner(self, grave: Incident, sam: User) -> None:
        assert grave.priority == 1
        assert reminding.of_words(after(60) - timedelta(seconds=1)) == 0
        assert reminding.of_words(after(60)) == 1
        entry = last(grave)
        assert (str(entry.actor), entry.via, entry.audience) == (
            "Evenkeel",
            "job",
            Audience.INTERNAL,
        )
        assert heard(sam, entry) == [
            f"The user of {grave.number} “Mail is down” has heard nothing for 60 minutes."
        ]

    def test_is_reminded_of_once_in_each_interval(self, grave: Incident) -> None:
        for minute in (60, 61, 119, 120, 120):
            reminding.of_words(after(minute))
        assert grave.entries.filter(verb="incidents.remind_of_word").count() == 2

    def test_begins_anew_with_what_the_user_hears(self, grave: Incident, sam: User) -> None:
        do(grave, "comment", sam, after(50), text="We are looking.")
        do(grave, "note", sam, after(100), text="Disk full.")
        assert reminding.of_words(after(109)) == 0
        assert reminding.of_words(after(110)) == 1

    def test_is_not_broken_by_the_user(self, grave: Incident, rita: User) -> None:
        do(grave, "comment", rita, after(50), text="Any news?")
        assert reminding.of_words(after(60)) == 1

    def test_is_right_while_one_waits_for_the_user_and_when_it_is_solved(
        self, grave: Incident, sam: User
    ) -> None:
        held = do(grave, "put_on_hold", sam, after(10), hold_reason="user")
        assert reminding.of_words(after(200)) == 0
        do(held, "resume", sam, after(200))
        assert reminding.of_words(after(259)) == 0
        assert reminding.of_words(after(260)) == 1

    def test_that_was_reminded_of_costs_the_same_however_many_cases_are_silent(
        self, grave: Incident, rita: User, sam: User
    ) -> None:
        costs = []
        for _ in range(3):
            made = incidents.record(Incident(), by=rita, at=START, title="Mail is down")
            incidents.classify(made, by=sam, at=START, category="Mail")
            incidents.prioritise(made, by=sam, at=START, impact=1, urgency=1)
            reminding.of_words(after(60))
            with CaptureQueriesContext(connection) as made_now:
                assert reminding.of_words(after(61)) == 0
            costs.append(len(made_now))
        assert costs == [costs[0]] * 3
        assert costs[0] <= 7  # the rules, who the SMS is, and for two priorities two kinds

    def test_breaks_no_promise(self, grave: Incident) -> None:
        reminding.of_words(after(61))
        grave.refresh_from_db()
        assert not grave.is_breached

    def test_may_last_as_long_as_the_scheme_says(self, grave: Incident, sam: User) -> None:
        olga = holder("olga", RoleType.PROCESS_OWNER)
        scheme = Scheme.objects.get(scheme_kind=escalation.NAME, context="ISRM")
        content = {"reminders": {"silence": [{"priority": 1, "minutes": 30}]}}
        schemes.draft(scheme, by=olga, at=START, content=content)
        schemes.approve(scheme, by=olga, at=START)
        assert reminding.of_words(after(30)) == 1

    def test_is_looked_at_every_minute(self) -> None:
        assert timetable["incidents.remind_of_words"].cron == "* * * * *"


@pytest.mark.row("ISRM-50")
class TestLateTasks:
    @pytest.fixture
    def late(self, grave: Incident, sam: User, otto: User) -> Incident:
        """With a task of otto's that was due after an hour."""
        how: dict[str, Any] = {"assigned_to": otto, "due": after(60)}
        return do(grave, "add_task", sam, after(1), task="Call {the} supplier", **how)

    def test_are_reminded_of_once_a_day(self, late: Incident, sam: User, otto: User) -> None:
        assert reminding.of_tasks(after(59)) == 0
        assert reminding.of_tasks(after(60)) == 1
        said = [f"Past their time on {late.number} “Mail is down”: Call {{the}} supplier."]
        assert [heard(sam, last(late)), heard(otto, last(late))] == [said, said]
        assert reminding.of_tasks(after(61)) == 0
        assert reminding.of_tasks(after(60, days=1)) == 1

    def test_are_no_longer_once_they_are_done(self, late: Incident, sam: User) -> None:
        do(late, "complete_task", sam, after(61), task=late.tasks.get().pk)
        assert reminding.of_tasks(after(90)) == 0


@pytest.mark.row("ISRM-50")
class TestAnAnswer:
    def test_that_a_case_waits_for_is_asked_again(
        self, grave: Incident, sam: User, rita: User
    ) -> None:
        do(grave, "put_on_hold", sam, after(1), hold_reason="user")
        assert reminding.of_answers(after(0, days=2)) == 0
        assert reminding.of_answers(after(1, days=2)) == 1
        entry = last(grave)
        assert entry.audience == Audience.PUBLIC
        assert heard(rita, entry) == ["We still need your answer to go on with “Mail is down”."]
        assert reminding.of_answers(after(2, days=3)) == 0
        assert reminding.of_answers(after(1, days=4)) == 1
        page = browser_of(rita).get(f"/portal/cases/{grave.number}/").text
        assert "asked you again for your answer" in page

    def test_is_not_asked_for_of_who_has_answered(
        self, grave: Incident, sam: User, rita: User
    ) -> None:
        do(grave, "put_on_hold", sam, after(1), hold_reason="user")
        do(grave, "comment", rita, after(9), text="Here it is.")
        assert reminding.of_answers(after(0, days=4)) == 0

    def test_to_a_solution_is_asked_for_before_it_is_closed(
        self, grave: Incident, sam: User, rita: User
    ) -> None:
        grave = do(grave, "dismiss_major", sam, after(1), reason="No.") if grave.major else grave
        do(grave, "resolve", sam, after(2), solution="Restarted")
        assert reminding.of_answers(after(2, days=2)) == 1
        assert heard(rita, last(grave)) == [
            "Does “Mail is down” work for you now? Please tell us, else we close it."
        ]

    @pytest.mark.row("ISRM-23")
    def test_is_asked_for_as_often_as_the_closure_rule_says(
        self, grave: Incident, sam: User
    ) -> None:
        olga = holder("olga", RoleType.PROCESS_OWNER)
        scheme = Scheme.objects.get(scheme_kind=closure.NAME, context="ISRM")
        rules = [{"name": "Every case", "days": 5}]
        schemes.draft(scheme, by=olga, content={"rules": rules, "reopen_days": 14})
        done = schemes.approve(scheme, by=olga)
        do(grave, "put_on_hold", sam, datetime.now(UTC), hold_reason="user")
        later = datetime.now(UTC) + timedelta(days=20)
        assert reminding.of_answers(later) == 0
        rules = [{"name": "Every case", "days": 5, "remind_days": 9}]
        schemes.draft(done, by=olga, content={"rules": rules, "reopen_days": 14})
        schemes.approve(done, by=olga)
        assert reminding.of_answers(later) == 1


class TestAReminder:
    def test_that_is_not_due_is_refused_and_given_by_nobody_but_the_sms(
        self, grave: Incident, sam: User
    ) -> None:
        sms = User.objects.the_sms()
        for verb in ("remind_of_word", "remind_of_task", "remind_user"):
            with pytest.raises(Invalid, match="nothing to remind of"):
                do(grave, verb, sms, after(5))
            with pytest.raises(Denied):
                do(grave, verb, sam, after(5))

    def test_is_set_by_rules_that_can_be(self) -> None:
        for wrong, why in (
            ({"silence": [{"priority": 6, "minutes": 5}]}, "a priority is 1 to 5"),
            ({"silence": [{"priority": 1, "minutes": 0}]}, "the minutes are 1 to"),
            ({"silence": [{"priority": 1, "minutes": 5}] * 2}, "stands there once"),
            ({"task_hours": 999}, "the hours are 0 to 168"),
        ):
            with pytest.raises(Invalid, match=why):
                escalation.KIND.read({"reminders": wrong})
