"""Cases are closed and reopened by the closure rules that the process owner approved."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenkeel.core.clocks.calendar import Calendar
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.models import Entry, Via
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import closure
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.actions import closing
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
CONFIRM = {"name": "Incidents", "kind": "incident", "confirmation": True, "days": 3}
EVERY = {"name": "Every case", "days": 5}


@pytest.fixture
def olga() -> User:
    """The process owner."""
    return holder("olga", RoleType.PROCESS_OWNER)


@pytest.fixture
def resolved(incident: Incident, sam: User) -> Incident:
    incidents.classify(incident, by=sam, category="Mail")
    done: Incident = incidents.resolve(incident, by=sam, solution="Restarted")
    return done


@pytest.fixture
def confirmed_only(olga: User) -> Scheme:
    """Rules by which only the user closes an incident, for three working days."""
    return approved(olga, rules=[CONFIRM, EVERY])


def approved(olga: User, **content: Any) -> Scheme:
    scheme = Scheme.objects.get(scheme_kind=closure.NAME, context="ISRM")
    schemes.draft(scheme, by=olga, content={"rules": [EVERY], "reopen_days": 14} | content)
    done: Scheme = schemes.approve(scheme, by=olga)
    return done


def due(case: Any, days: int) -> datetime:
    return closing.after_working_days(case.done_at, days, None)


class TestClosing:
    def test_says_how_it_came_about_and_by_which_rule(self, resolved: Incident, rita: User) -> None:
        closed = incidents.close(resolved, by=rita)
        assert closed.closure_code == "Confirmed by the user"
        entry = Entry.objects.get(record=closed, verb="incidents.close")
        scheme = Scheme.objects.get(scheme_kind=closure.NAME)
        assert entry.given == {"rule": "Every case", "scheme": scheme.number, "version": 1}

    @pytest.mark.row("ISRM-12")
    def test_is_refused_while_a_task_is_open(self, resolved: Incident, rita: User) -> None:
        sam = User.objects.get(username="sam")
        registry["incidents.add_task"](resolved, by=sam, task="Tell the supplier")
        with pytest.raises(Invalid, match="One task is still open here"):
            incidents.close(resolved, by=rita)
        task = Task.objects.get(record=resolved)
        registry["incidents.complete_task"](resolved, by=sam, task=task.pk)
        assert incidents.close(resolved, by=rita).state == "closed"

    def test_is_left_to_the_desk_where_no_confirmation_is_asked(
        self, incident: Incident, mona: User, desk: Client
    ) -> None:
        """Whoever works at the desk closes it, whoever owns it."""
        incidents.classify(incident, by=mona, category="Mail")
        incidents.resolve(incident, by=mona, solution="Restarted")
        assert desk.post(f"{incident.url}close/").status_code == 302
        incident.refresh_from_db()
        assert incident.case_owner == mona
        assert (incident.state, incident.closure_code) == ("closed", "By the desk")

    def test_is_left_to_the_user_where_confirmation_is_asked(
        self, confirmed_only: Scheme, resolved: Incident, mona: User, sam: User, rita: User
    ) -> None:
        for one in (sam, mona):
            with pytest.raises(Invalid, match="By “Incidents” the user confirms first"):
                incidents.close(resolved, by=one)
        browser_of(rita).post(f"/portal/cases/{resolved.number}/close/")
        resolved.refresh_from_db()
        assert (resolved.state, resolved.closure_code) == ("closed", "Confirmed by the user")

    def test_is_possible_for_the_desk_after_the_days_without_an_answer(
        self, confirmed_only: Scheme, resolved: Incident, mona: User
    ) -> None:
        closed = incidents.close(resolved, by=mona, at=due(resolved, 3))
        assert closed.state == "closed"

    def test_asks_by_kind(self, confirmed_only: Scheme, rita: User, mona: User, sam: User) -> None:
        wish = requests.record(ServiceRequest(), by=rita, title="Quota", wish="access")
        requests.classify(wish, by=sam, category="Storage / Quota")
        requests.fulfil(wish, by=sam, solution="Done")
        assert requests.close(wish, by=mona).state == "closed"


class TestCause:
    @pytest.mark.row("ISRM-12")
    def test_is_told_with_the_solution_and_shown_inside_only(
        self, incident: Incident, sam: User, rita: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        assert "Category of cause" in text(desk.get(f"{incident.url}resolve/"))
        told = {"solution": "Restarted", "resolution": "permanent", "cause": "capacity"}
        desk.post(f"{incident.url}resolve/", told)
        incident.refresh_from_db()
        assert (incident.state, incident.cause) == ("resolved", "capacity")
        shown = re.sub(r"<[^>]+>|\s+", " ", text(desk.get(incident.url)))
        assert re.search(r"Category of cause +Capacity", shown)
        assert "Capacity" not in text(browser_of(rita).get(f"/portal/cases/{incident.number}/"))

    def test_is_one_of_those_that_there_are(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        with pytest.raises(Invalid, match="cause"):
            registry["incidents.resolve"].clean({"solution": "Done", "cause": "magic"}, by=sam)

    def test_is_open_again_when_the_case_is(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        cause = Incident.Cause.SOFTWARE
        done = incidents.resolve(incident, by=sam, solution="Restarted", cause=cause)
        assert incidents.reopen(done, by=sam, reason="It is back").cause == ""


class TestSilence:
    @pytest.mark.row("ISRM-12")
    def test_closes_after_the_working_days_and_the_log_says_so(
        self, resolved: Incident, rita: User
    ) -> None:
        when = due(resolved, 5)
        assert closing.close_unanswered(at=when - timedelta(minutes=1)) == 0
        assert closing.close_unanswered(at=when) == 1
        resolved.refresh_from_db()
        assert (resolved.state, resolved.closure_code) == ("closed", "No answer of the user")
        entry = Entry.objects.get(record=resolved, verb="incidents.close")
        assert entry.actor is not None
        assert (entry.actor.is_system, entry.via) == (True, Via.JOB)
        page = text(browser_of(rita).get(f"/portal/cases/{resolved.number}/"))
        assert "The service desk" in page
        assert "closed it" in page

    def test_closes_what_was_fulfilled_too(self, rita: User, mona: User, sam: User) -> None:
        wish = requests.record(ServiceRequest(), by=rita, title="Quota", wish="access")
        requests.classify(wish, by=sam, category="Storage / Quota")
        done = requests.fulfil(wish, by=sam, solution="Done")
        assert closing.close_unanswered(at=due(done, 5)) == 1

    def test_does_not_close_what_has_an_open_task_or_was_reopened(
        self, resolved: Incident, rita: User, sam: User
    ) -> None:
        later = due(resolved, 5)
        registry["incidents.add_task"](resolved, by=sam, task="Tell the supplier")
        assert closing.close_unanswered(at=later) == 0
        incidents.reopen(resolved, by=rita, reason="No")
        assert closing.close_unanswered(at=later) == 0

    def test_cannot_be_hurried_by_the_software(self, resolved: Incident) -> None:
        with pytest.raises(Invalid, match="without an answer it is closed by itself on"):
            incidents.close(resolved, by=User.objects.the_sms())


class TestClosedCase:
    WRITES = (
        ("comment", {"text": "One more thing"}),
        ("note", {"text": "One more thing"}),
        ("attach", {"file": SimpleUploadedFile("log.txt", b"words")}),
        ("add_task", {"task": "Tell the supplier"}),
        ("edit", {"title": "Another"}),
        ("classify", {"category": "Network"}),
        ("prioritise", {"impact": 1, "urgency": 1}),
    )

    @pytest.mark.row("ISRM-35")
    @pytest.mark.parametrize(("verb", "inputs"), WRITES)
    def test_is_read_only_until_it_is_reopened(
        self, resolved: Incident, rita: User, sam: User, verb: str, inputs: dict[str, Any]
    ) -> None:
        closed = incidents.close(resolved, by=rita)
        with pytest.raises(Denied, match="Not possible while it is closed"):
            registry[f"incidents.{verb}"](closed, by=sam, **inputs)
        again = incidents.reopen(closed, by=sam, reason="It is back")
        registry[f"incidents.{verb}"](again, by=sam, **inputs)

    def test_shows_no_composer(self, resolved: Incident, rita: User, desk: Client) -> None:
        assert "Public reply" in text(desk.get(resolved.url))
        incidents.close(resolved, by=rita)
        assert "Public reply" not in text(desk.get(resolved.url))


class TestReopening:
    @pytest.mark.row("ISRM-35")
    def test_keeps_number_and_history_within_the_window(
        self, resolved: Incident, rita: User
    ) -> None:
        closed = incidents.close(resolved, by=rita)
        before = closed.chain_length
        again = incidents.reopen(
            closed, by=rita, reason="Back", at=closed.closed_at + timedelta(days=13)
        )
        assert (again.number, again.state) == (resolved.number, "in_progress")
        assert (again.closure_code, again.closed_at) == ("", None)
        assert again.chain_length == before + 1

    @pytest.mark.row("ISRM-35")
    def test_is_refused_after_the_window_with_what_to_do_instead(
        self, resolved: Incident, rita: User
    ) -> None:
        closed = incidents.close(resolved, by=rita)
        with pytest.raises(Invalid, match=f"Report it anew and name {closed.number}"):
            incidents.reopen(
                closed, by=rita, reason="Back", at=closed.closed_at + timedelta(days=15)
            )

    def test_has_the_window_that_the_owner_approved(
        self, resolved: Incident, rita: User, olga: User
    ) -> None:
        approved(olga, reopen_days=0)
        closed = incidents.close(resolved, by=rita)
        with pytest.raises(Invalid, match="more than 0 days ago"):
            incidents.reopen(closed, by=rita, reason="Back")


class TestWorkingDays:
    FRIDAY = datetime(2026, 12, 18, 15, 0, tzinfo=UTC)

    def test_pass_over_the_weekend(self) -> None:
        assert closing.after_working_days(self.FRIDAY, 1, None).day == 21

    def test_pass_over_the_closed_days_of_the_calendar(self) -> None:
        office = Calendar("Office", "Mon-Fri 08:00-18:00", days=["2026-12-21 Closed"])
        end = closing.after_working_days(self.FRIDAY, 1, office)
        assert end == datetime(2026, 12, 22, 15, 0, tzinfo=UTC)

    def test_end_with_a_calendar_that_never_opens(self) -> None:
        never = Calendar("Never", "", days=[])
        never.__dict__["week"] = ((),) * 7
        assert closing.after_working_days(self.FRIDAY, 1, never) > self.FRIDAY


class TestRules:
    def test_of_which_the_first_that_fits_decides(self) -> None:
        rules = closure.KIND.read({"rules": [CONFIRM, EVERY], "reopen_days": 14})
        assert rules.rule_for("incident", 2).name == "Incidents"
        assert rules.rule_for("service_request", None).name == "Every case"

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ({"rules": [CONFIRM], "reopen_days": 14}, "The last rule is for every kind"),
            ({"rules": [], "reopen_days": 14}, "The last rule is for every kind"),
            ({"rules": [{**EVERY, "days": 0}], "reopen_days": 14}, "the days are 1 to 365"),
            ({"rules": [{**EVERY, "priority": 6}], "reopen_days": 14}, "a priority is 1 to 5"),
            ({"rules": [EVERY], "reopen_days": -1}, "are 0 to 365"),
        ],
    )
    def test_are_refused_where_a_case_would_have_none(
        self, content: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(Invalid, match=why):
            closure.KIND.read(content)

    def test_are_drafted_on_a_page_and_tell_what_they_edit(self, olga: User) -> None:
        scheme = Scheme.objects.get(scheme_kind=closure.NAME)
        page: Client = browser_of(olga)
        assert "without an answer it is closed after 5 working days" in text(page.get(scheme.url))
        assert "One more rule" in text(page.get(f"{scheme.url}draft/"))
        sent = {"reopen_days": "7", "calendar": "", "version": ""}
        for number, rule in enumerate((CONFIRM, EVERY), 1):
            sent |= {f"rule-{number}-{name}": str(value) for name, value in rule.items()}
        sent["rule-1-confirmation"] = "true"
        assert page.post(f"{scheme.url}draft/", sent).status_code == 302
        said = text(page.get(scheme.url))
        assert "“Incidents” is new: the user confirms;" in said
        assert "A case is reopened within 7 days after its closure." in said


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


class TestResolution:
    @pytest.mark.row("ISRM-34")
    def test_via_a_change_names_the_change(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        said = {"solution": "New settings.", "resolution": "via_change"}
        refused = desk.post(f"{incident.url}resolve/", said)
        assert refused.status_code == 422
        assert "Name the change by which it was resolved." in refused.content.decode()
        assert desk.post(f"{incident.url}resolve/", said | {"change": "RFC-7"}).status_code == 302
        incident.refresh_from_db()
        assert (incident.state, incident.resolution) == ("resolved", "via_change")
        assert incident.restored_at == incident.resolved_at
        shown = desk.get(incident.url).content.decode()
        assert "Resolved by change" in shown
        assert "RFC-7" in shown

    @pytest.mark.row("ISRM-34")
    @pytest.mark.parametrize("kind", ["permanent", "workaround", "no_fault"])
    def test_of_another_kind_has_no_change(self, incident: Incident, sam: User, kind: str) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        with pytest.raises(Invalid, match="not resolved via a change"):
            incidents.resolve(
                incident,
                by=sam,
                solution="Done.",
                resolution=Incident.Resolution(kind),
                change="RFC-7",
            )
        done = incidents.resolve(
            incident, by=sam, solution="Done.", resolution=Incident.Resolution(kind)
        )
        assert done.resolution == kind
