"""Being on hold has a reason, a start, an end and a limit, and goes on by itself (R-10).

No test here proves that row in full: it speaks of the user's mail, and no mail is taken in yet.
An answer on the page, by REST and by command is what resumes.
"""

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
from evenkeel.core.schemes import closure
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.actions import holding
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 4, 9, tzinfo=UTC)  # a Monday
SECOND = timedelta(seconds=1)
LIMITS = {"user": 14, "supplier": 7, "change": 28}  # days of the week for 10, 5, 20 working days


def after(days: float = 0, minutes: float = 0) -> datetime:
    return START + timedelta(days=days, minutes=minutes)


@pytest.fixture
def worked(rita: User, sam: User) -> Incident:
    """In progress, with sam."""
    made = incidents.record(Incident(), by=rita, at=START, title="Mail is down")
    incidents.classify(made, by=sam, at=START, category="Mail")
    done: Incident = incidents.assign(made, by=sam, at=START, case_owner=sam)
    return done


def do(case: Any, verb: str, by: User, at: datetime, **inputs: Any) -> Any:
    return registry[f"{case.collection}.{verb}"](case, by=by, at=at, **inputs)


def last(case: Any) -> Entry:
    found: Entry = case.entries.select_related("actor", "record").latest("position")
    return found


def heard(person: User, entry: Entry) -> list[str]:
    jobs.spread(entry=entry.pk)
    found = Notice.objects.filter(recipient=person, entry=entry)
    return [said.sentence for said in wording.said(list(found))]


def fresh(case: Any) -> Any:
    return type(case).objects.get(pk=case.pk)


def _kept(case: Any, **columns: Any) -> None:
    """As it came from elsewhere: no verb leaves it so."""
    type(case).objects.filter(pk=case.pk).update(**columns)


class TestAHold:
    @pytest.mark.parametrize(("reason", "days"), LIMITS.items())
    def test_has_reason_start_and_limit_by_the_scheme_in_force(
        self, worked: Incident, sam: User, reason: str, days: int
    ) -> None:
        held = do(worked, "put_on_hold", sam, after(0, 5), hold_reason=reason)
        assert (held.hold_reason, held.held_at) == (reason, after(0, 5))
        assert held.hold_until == after(days, 5)
        scheme = Scheme.objects.get(scheme_kind=closure.NAME, context="ISRM")
        given = last(held).given
        assert (given["scheme"], given["version"]) == (scheme.number, 1)

    def test_ends_when_it_is_resumed_solved_or_cancelled(
        self, worked: Incident, sam: User, rita: User
    ) -> None:
        ends: tuple[tuple[str, User, dict[str, Any]], ...] = (
            ("resume", sam, {}),
            ("resolve", sam, {"solution": "Restarted"}),
            ("cancel", rita, {"reason": "Never mind."}),
        )
        for verb, by, inputs in ends:
            case = worked
            if fresh(case).state == "resolved":
                case = do(case, "reopen", rita, after(1), reason="No.")
            do(case, "put_on_hold", sam, after(1), hold_reason="supplier")
            case = do(case, verb, by, after(1, 1), **inputs)
            shown = (case.hold_reason, case.held_at, case.hold_until, case.hold_told_at)
            assert shown == ("", None, None, None)
            was, becomes = last(case).difference["hold_until"]
            assert becomes is None
            assert was.startswith("2026-05-12")

    def test_shows_its_limit_on_the_page_and_over_rest(self, worked: Incident, sam: User) -> None:
        held = do(worked, "put_on_hold", sam, after(), hold_reason="supplier")
        browser = browser_of(sam)
        page = browser.get(held.url).text
        assert "On hold since" in page
        assert "On hold at most until" in page
        assert "11 May 2026" in page
        shown = browser.get(f"/api/incidents/{held.number}").json()
        assert (shown["hold_reason"], shown["hold_until"][:16]) == ("supplier", "2026-05-11T09:00")
        assert shown["held_at"].startswith("2026-05-04T09:00")

    def test_keeps_the_limit_it_began_with_and_the_next_has_the_new_one(
        self, worked: Incident, sam: User
    ) -> None:
        do(worked, "put_on_hold", sam, after(), hold_reason="user")
        olga = holder("olga", RoleType.PROCESS_OWNER)
        scheme = Scheme.objects.get(scheme_kind=closure.NAME, context="ISRM")
        rules = [{"name": "Every case", "days": 5}]
        limits = [{"reason": "user", "days": 2}]
        content = {"rules": rules, "reopen_days": 14, "holds": limits}
        schemes.draft(scheme, by=olga, at=after(1), content=content)
        edits = scheme.open_draft().read.edits_of(scheme.versions.get(number=1).read)  # type: ignore[union-attr]
        assert "“Awaiting the user” ends after 2 working days; it was 10 working days." in edits
        schemes.approve(scheme, by=olga, at=after(1))
        assert fresh(worked).hold_until == after(14)
        do(worked, "resume", sam, after(1))
        do(worked, "put_on_hold", sam, after(1), hold_reason="user")
        assert fresh(worked).hold_until == after(3)
        do(worked, "resume", sam, after(1))
        do(worked, "put_on_hold", sam, after(1), hold_reason="change")
        assert fresh(worked).hold_until == after(15)  # the rules name none: 10 working days

    def test_has_a_limit_that_can_be(self) -> None:
        rules = {"rules": [{"name": "Every case", "days": 5}], "reopen_days": 14}
        for days in (0, 366):
            wrong = rules | {"holds": [{"reason": "user", "days": days}]}
            with pytest.raises(Invalid, match="“Awaiting the user” has a limit of 1 to 365"):
                closure.KIND.read(wrong)

    def test_has_a_limit_that_the_owner_of_the_process_sets_on_the_page(self) -> None:
        scheme = Scheme.objects.get(scheme_kind=closure.NAME, context="ISRM")
        browser = browser_of(holder("olga", RoleType.PROCESS_OWNER))
        assert "Awaiting a supplier: 5 working days at most" in browser.get(scheme.url).text
        form = browser.get(f"{scheme.url}draft/").text
        assert 'name="hold-supplier" value="5"' in form
        sent = {"rule-1-name": "Every case", "rule-1-days": "5", "reopen_days": "14"}
        browser.post(f"{scheme.url}draft/", sent | {"hold-supplier": "3", "hold-user": "9"})
        drafted = scheme.open_draft()
        assert drafted is not None
        assert drafted.read.limit_of("supplier") == 3
        assert "Awaiting a supplier” ends after 3 working days" in browser.get(scheme.url).text


class TestAtItsLimit:
    def test_what_waits_for_the_user_goes_on_by_itself_once_and_says_so(
        self, worked: Incident, sam: User, rita: User
    ) -> None:
        do(worked, "put_on_hold", sam, after(), hold_reason="user")
        assert holding.end_all(after(14) - SECOND) == 0
        assert holding.end_all(after(14)) == 1
        assert holding.end_all(after(14)) == 0
        case = fresh(worked)
        assert (case.state, case.hold_reason, case.hold_until) == ("in_progress", "", None)
        entry = last(case)
        assert (entry.verb, str(entry.actor), entry.via) == (
            "incidents.lapse",
            "Evenkeel",
            "job",
        )
        assert entry.given == {"held": "user", "until": after(14).isoformat()}
        assert heard(rita, entry) == [
            "We go on with “Mail is down” without your answer. You can still write to us."
        ]
        assert heard(sam, entry) == [
            f"{case.number} “Mail is down” has waited for as long as it may, and goes on."
        ]
        assert "has waited for as long as it may" in browser_of(sam).get(case.url).text

    @pytest.mark.parametrize(
        ("reason", "whom"), [("supplier", "a supplier"), ("change", "a change")]
    )
    def test_of_what_waits_for_others_the_owner_is_reminded_once(
        self, worked: Incident, sam: User, rita: User, reason: str, whom: str
    ) -> None:
        do(worked, "put_on_hold", sam, after(), hold_reason=reason)
        limit = after(LIMITS[reason])
        assert [holding.end_all(at) for at in (limit - SECOND, limit, limit + SECOND)] == [0, 1, 0]
        assert holding.end_all(limit + timedelta(days=30)) == 0
        case, entry = fresh(worked), last(worked)
        assert (case.state, case.hold_reason, case.hold_told_at) == ("on_hold", reason, limit)
        assert (entry.verb, entry.audience) == ("incidents.remind_of_hold", Audience.INTERNAL)
        assert heard(sam, entry) == [
            f"{case.number} “Mail is down” waits for {whom}, longer than it may."
        ]
        assert heard(rita, entry) == []

    def test_is_told_once_after_the_software_was_off_for_long(
        self, worked: Incident, sam: User
    ) -> None:
        do(worked, "put_on_hold", sam, after(), hold_reason="user")
        assert [holding.end_all(after(40)), holding.end_all(after(40, 1))] == [1, 0]
        do(worked, "put_on_hold", sam, after(41), hold_reason="supplier")
        assert [holding.end_all(after(90)), holding.end_all(after(91))] == [1, 0]
        verbs = list(worked.entries.order_by("position").values_list("verb", flat=True))
        assert verbs.count("incidents.lapse") == verbs.count("incidents.remind_of_hold") == 1

    def test_is_never_told_of_what_the_user_answered(
        self, worked: Incident, sam: User, rita: User
    ) -> None:
        do(worked, "put_on_hold", sam, after(), hold_reason="user")
        do(worked, "comment", rita, after(3), text="Here it is.")
        case = fresh(worked)
        assert (case.state, case.hold_until) == ("in_progress", None)
        assert holding.end_all(after(30)) == 0

    def test_holds_of_service_requests_too(self, mona: User, rita: User, sam: User) -> None:
        made = requests.record(
            ServiceRequest(), by=rita, at=START, title="More space", wish="change"
        )
        requests.classify(made, by=sam, at=START, category="Storage / Quota")
        requests.assign(made, by=sam, at=START, case_owner=sam)
        requests.put_on_hold(made, by=sam, at=START, hold_reason="user")
        assert holding.end_all(after(14)) == 1
        assert fresh(made).state == "in_progress"

    def test_what_nobody_took_on_is_the_process_managers(
        self, mona: User, rita: User, sam: User
    ) -> None:
        made = incidents.record(Incident(), by=rita, at=START, title="Mail is down")
        incidents.classify(made, by=sam, at=START, category="Mail")
        _kept(made, case_owner=None)
        now = datetime.now(UTC)  # she holds her role since yesterday
        incidents.put_on_hold(made, by=sam, at=now, hold_reason="user")
        do(made, "comment", rita, now + SECOND, text="Here it is.")
        assert (fresh(made).state, fresh(made).case_owner) == ("in_progress", mona)

    def test_of_what_came_on_hold_from_elsewhere_counts_from_when_it_was_seen(
        self, worked: Incident, sam: User
    ) -> None:
        do(worked, "put_on_hold", sam, after(), hold_reason="user")
        _kept(worked, held_at=None, hold_until=None)
        assert [holding.end_all(after(30)), holding.end_all(after(30, 1))] == [1, 0]
        case = fresh(worked)
        assert (case.state, case.hold_until) == ("on_hold", after(44))
        assert last(worked).verb == "incidents.limit_hold"
        assert holding.end_all(after(44)) == 1

    def test_is_looked_for_every_minute_at_the_same_cost_however_many_wait(
        self, worked: Incident, rita: User, sam: User
    ) -> None:
        assert timetable["incidents.end_holds"].cron == "* * * * *"
        costs = []
        for _ in range(3):
            made = incidents.record(Incident(), by=rita, at=START, title="Mail is down")
            incidents.classify(made, by=sam, at=START, category="Mail")
            incidents.put_on_hold(made, by=sam, at=START, hold_reason="supplier")
            with CaptureQueriesContext(connection) as made_now:
                assert holding.end_all(after(1)) == 0
            costs.append(len(made_now))
        assert costs == [4, 4, 4]  # of two kinds: what is due, what has no limit

    def test_is_ended_by_nobody_but_the_sms_and_not_before_its_time(
        self, worked: Incident, sam: User
    ) -> None:
        sms = User.objects.the_sms()
        do(worked, "put_on_hold", sam, after(), hold_reason="user")
        for verb in ("lapse", "remind_of_hold", "limit_hold"):
            with pytest.raises(Invalid):
                do(worked, verb, sms, after(1))
            with pytest.raises(Denied):
                do(worked, verb, sam, after(30))
