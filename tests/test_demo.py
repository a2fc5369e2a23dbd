"""The demonstration: what a newcomer finds in it, and that it is as sound as real work."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.clocks.models import Clock
from evenkeel.core.demo.people import GUIDES, PASSWORD
from evenkeel.core.demo.working_time import DAY, WorkingTime
from evenkeel.core.directory.models import Organisation, Role
from evenkeel.core.people.models import User
from evenkeel.core.records.models import Attachment, Audience, Comment, Entry, Link, Record, Task
from evenkeel.core.records.sealing import broken
from evenkeel.core.schemes.kinds import gaps
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.demo import alike
from evenkeel.processes.incidents.lifecycle import IncidentState, RequestState
from evenkeel.processes.incidents.models import Contact, Incident, ServiceRequest
from evenkeel.processes.services import queries as portfolio
from evenkeel.processes.services.models import Agreement, Service, ServiceComponent, Violation
from evenkeel.project.prepare import greet

# Nobody works at night or at weekends, but the demonstration can be loaded then: what the extras
# do comes minutes after the last working minute.
TASK_AND_FILES = (
    "attach",
    "link",
    "watch",
    "add_task",
    "tick_step",
    "escalate",
    "resume",
    "escalate_up",
    "hand_back",
    "choose_model",
)


@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_has_several_hundred_cases_in_every_state(self) -> None:
        kinds: list[tuple[Any, Any]] = [(Incident, IncidentState), (ServiceRequest, RequestState)]
        for model, states in kinds:
            found = {state: model.objects.filter(state=state).count() for state in states.values}
            assert min(found.values()) > 0, found
            assert sum(found.values()) > 150
        assert Contact.objects.count() > 50

    def test_has_open_incidents_of_every_priority(self) -> None:
        is_open = Incident.objects.filter(is_open=True)
        assert {1, 2, 3, 4} <= set(is_open.values_list("priority", flat=True))

    def test_has_requests_of_every_wish(self) -> None:
        requests: list[Any] = list(ServiceRequest.objects.all())
        asked = {request.wish for request in requests}
        assert asked == set(ServiceRequest.Wish.values)

    def test_has_what_hangs_on_cases(self) -> None:
        said = Comment.objects
        assert said.filter(audience=Audience.PUBLIC).exists()
        assert said.filter(audience=Audience.INTERNAL).exists()
        for model in (Attachment, Task, Link):
            assert model.objects.exists()
        done = set(Entry.objects.values_list("verb", flat=True))
        verbs = {"escalate", "put_on_hold", "resume", "reopen", "cancel", "close", "note"}
        assert {f"incidents.{verb}" for verb in verbs} <= done

    def test_has_escalation_paths_whose_set_up_check_finds_something(self) -> None:
        scheme = Scheme.objects.get(scheme_kind="escalation_paths", context="ISRM")
        (version,) = scheme.versions.filter(standing="in_force")
        assert (version.number, str(version.approved_by)) == (2, "Oskar Lindqvist")
        found = gaps["escalation_paths", "ISRM"](version.read, timezone.now())
        assert found == [
            "No path leads on cases of the category “Hardware”.",
            "No path leads on cases of the category “Other”.",
        ]

    def test_has_cases_that_were_escalated_upwards_and_leaves_nothing_to_be_told_late(self) -> None:
        """What lies in the past was told when it was passed, not when the first job runs."""
        open_ones: list[Any] = list(Incident.objects.filter(is_open=True))
        assert {"process_manager", "sms_owner"} <= {one.escalated_to for one in open_ones}
        verbs = set(Entry.objects.values_list("verb", flat=True))
        assert {f"incidents.{verb}" for verb in ("climb", "escalate_up", "hand_back")} <= verbs
        loaded = Entry.objects.latest("written_at").written_at - timedelta(minutes=1)
        assert not Clock.objects.filter(next_at__lte=loaded).exists()

    @pytest.mark.row("BASE-06")
    def test_has_a_federation_with_services_of_several_sorts(self) -> None:
        organisations: list[Any] = list(Organisation.objects.all())
        parts = [one.part for one in organisations]
        assert (parts.count("federator"), parts.count("member")) == (1, 3)
        services = set(Record.objects.filter(of_kind="service").values_list("title", flat=True))
        assert {"Batch Compute", "Research Storage & Archive", "Data Transfer"} <= services
        assert Service.objects.filter(state="live").count() == 7
        phases = set(Service.objects.values_list("state", flat=True))
        assert phases == {"proposed", "planned", "live", "retiring"}
        tomas = User.objects.get(username="tomas")
        bare = {one.title for one, _ in portfolio.lacking(tomas, timezone.now())}
        assert bare == {"Old File Share"}
        components: Any = ServiceComponent.objects.filter(service__title="Batch Compute")
        assert components.filter(part_of__title="Scheduler").count() == 2
        overdue = {one.title for one in portfolio.due(tomas, timezone.now())}
        assert {"Old File Share", "Data Transfer"} <= overdue

    def test_has_one_major_incident_with_the_reports_that_belong_to_it(self) -> None:
        (main,) = {
            link.target for link in Link.objects.filter(kind="part_of", source__is_open=False)
        }
        assert (main.priority, main.links_in.count(), main.is_open) == (1, 22, False)
        majors: Any = Incident.objects.filter(major="declared")
        (today,) = majors.filter(is_open=True)
        assert today.links_in.count() == 5
        assert Incident.objects.filter(major="proposed", is_open=True).exists()

    def test_takes_a_major_incident_the_whole_way_to_its_approved_review(self) -> None:
        majors: Any = Incident.objects.filter(major="declared")
        main = majors.get(is_open=False)
        verbs = {entry.verb.split(".")[1] for entry in main.entries.all()}
        assert {"declare_major", "name_coordinator", "complete_task", "resolve", "close"} <= verbs
        assert main.coordinator != main.case_owner
        review = main.review
        assert (review.state, review.approved_by.username) == ("approved", "oskar")
        assert review.approved_at < main.closed_at
        assert len(review.timeline) > 30
        assert review.tasks.filter(done_at=None).count() == 1
        assert [one.state for one in main.announcements.all()] == ["over"]

    @pytest.mark.row("ISRM-06")
    def test_promises_each_customer_something_else(self) -> None:
        alike: Any = Incident.objects.filter(priority=3)
        held = set(alike.values_list("organisation__title", "agreement__title"))
        assert ("Coastal Genomics Consortium", "Gold") in held
        assert ("Sky Survey Collaboration", "Silver") in held
        assert ("Regional Climate Office", "What we promise everybody") in held
        within = {
            title: Clock.objects.filter(
                kind="resolution",
                agreement=None,
                record__in=alike.filter(agreement__title=title),
            ).values_list("target", flat=True)[0]
            for title in ("Gold", "Silver", "What we promise everybody")
        }
        assert list(within.values()) == [30 * 3600, 36 * 3600, 40 * 3600]

    @pytest.mark.row("IF-01")
    def test_has_one_incident_of_three_customers_due_at_three_moments(self) -> None:
        found: Any = Incident.objects.filter(title=alike.TITLE).order_by("due_at")
        assert len({(one.recorded_at, one.priority, one.service_id) for one in found}) == 1
        assert [one.agreement.title for one in found] == [
            "Gold",
            "Silver",
            "What we promise everybody",
        ]
        assert len({one.due_at for one in found}) == 3
        assert not [one for one in found if one.is_breached]

    @pytest.mark.row("R-09")
    def test_has_a_case_that_waits_for_a_supplier_and_some_with_members(self) -> None:
        case: Any = Incident.objects.get(state="on_hold", waits_for__title="NetSpan")
        phases = dict(case.clocks.filter(kind="resolution").values_list("agreement", "phase"))
        assert phases.pop(None) == "running"
        assert "running" in phases.values()
        kinds: Any = Agreement.objects.filter(pk__in=Clock.objects.values("agreement"))
        assert set(kinds.values_list("agreement_kind", flat=True)) == {"ola", "ua"}

    def test_breaks_about_every_twelfth_promise_and_says_so(self) -> None:
        breached = Incident.objects.filter(is_breached=True)
        assert 0.06 <= breached.count() / Incident.objects.count() <= 0.10
        told: Any = Entry.objects.filter(verb="incidents.breach").exclude(given__has_key="of")
        assert set(told.values_list("record", flat=True)) == set(
            breached.values_list("pk", flat=True)
        )

    def test_records_what_was_violated_lately_and_leaves_some_customers_to_be_told(self) -> None:
        found: Any = Violation.objects.all()
        assert set(found.values_list("level", flat=True)) == {"potential", "actual"}
        assert {"recorded", "waived"} <= set(found.values_list("state", flat=True))
        assert not found.filter(text__contains="{").exists()
        late = Clock.objects.filter(breached_at__gte=timezone.now() - timedelta(days=25))
        told = late.filter(told=2, target__gt=0).values_list("record", "kind")
        actual = found.filter(level="actual", passed_at__gte=timezone.now() - timedelta(days=25))
        assert set(actual.values_list("about", "target")) >= set(told)

    def test_holds_every_chain_with_moments_in_order_and_none_to_come(self) -> None:
        assert list(broken()) == []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM core_entry a JOIN core_entry b ON a.record_id = b.record_id"
                " AND b.position = a.position + 1 WHERE b.at < a.at"
            )
            assert cursor.fetchone() == (0,)
        assert not Entry.objects.filter(at__gt=timezone.now()).exists()

    def test_happens_in_working_hours(self) -> None:
        cases = Entry.objects.filter(
            verb__regex=r"^(incidents|service_requests|contacts)\.", actor__is_system=False
        )
        extras = "|".join(TASK_AND_FILES)
        # The day of loading goes on until that moment, whenever it is.
        today = timezone.localdate(cases.latest("at").at)
        cases = cases.filter(at__date__lt=today)
        assert cases.count() > 1000
        at_night = [
            entry
            for entry in cases.exclude(verb__regex=rf"\.({extras})$")
            if not 8 <= timezone.localtime(entry.at).hour < 18 or entry.at.weekday() > 4
        ]
        assert at_night == []

    def test_has_work_for_whoever_is_named_to_visitors(self) -> None:
        for login in GUIDES.keys() - {"greta"}:
            user = User.objects.get(username=login)
            waits = (
                Record.objects.filter(case_owner=user, is_open=True).exists()
                or Task.objects.filter(assigned_to=user, done_at=None).exists()
                or Record.objects.filter(requester=user, is_open=True).exists()
            )
            assert waits, login

    def test_lets_its_people_sign_in(self) -> None:
        for login in GUIDES:
            assert User.objects.get(username=login).check_password(PASSWORD)

    def test_leaves_no_role_in_use_without_a_holder(self) -> None:
        roles: list[Any] = list(Role.objects.all())
        unassigned = [one.title for one in roles if one.standing == "unassigned"]
        assert unassigned == ["Process staff of SPM"]

    def test_is_loaded_once(self, capsys: Any) -> None:
        before = Record.objects.count()
        assert cli.main(["demo", "--if-empty"]) == 0
        assert cli.main(["demo"]) == 1
        assert "for an empty database" in capsys.readouterr().err
        assert Record.objects.count() == before


class TestWorkingTime:
    def test_counts_minutes_of_working_days_only(self) -> None:
        friday_noon = timezone.make_aware(datetime(2026, 5, 29, 12))
        time = WorkingTime(friday_noon, 14)
        assert len(time.dates) == 10
        assert time.until == 9 * DAY + 240
        first = timezone.localtime(time.moment(0))
        assert (first.weekday(), first.hour) == (0, 8)

    @pytest.mark.parametrize("hours", range(0, 168, 5))
    def test_never_leads_past_now(self, hours: int) -> None:
        now = timezone.make_aware(datetime(2026, 5, 25)) + timedelta(hours=hours)
        time = WorkingTime(now, 30)
        assert time.moment(time.until - 1) < now
        assert time.moment(time.until - 1) > now - timedelta(days=3)
        assert time.moment(time.until + 10 * DAY) == time.moment(time.until - 1)


class TestGreeting:
    def test_names_nobody_of_the_demonstration_who_has_a_password_of_their_own(
        self, db: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        User.objects.create_user("ingrid", "four green boats sail")
        User.objects.create_user("nils", PASSWORD)
        greet()
        said = capsys.readouterr().out
        assert "nils" in said
        assert "ingrid" not in said
