"""Request models: what is ordered from the catalogue, approved or refused, and fulfilled."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.clocks.models import Clock
from evenkeel.core.directory.models import Organisation, Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.models import Entry, Task
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import request_model as models
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import RequestModel, ServiceRequest, questions
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
ASKED = """\
Which project? | text | needed | help: As it stands in the list of projects.
How much? | choice: 1 TB, 5 TB, more | needed
How many TB? | number | needed | only if How much? = more
Until when? | date"""
TERMS: dict[str, Any] = {
    "offer": "More space for your project, within two working days.",
    "wish": "change",
    "questions": ASKED,
    "steps": "Check the share of the customer\nRaise the quota\nTell the user",
    "set_category": "Storage / Quota",
    "set_impact": 4,
    "set_urgency": 3,
}
ENOUGH = {"q1": "Tidewater", "q2": "5 TB"}


@pytest.fixture
def storage() -> Any:
    """A service, whichever process keeps services."""
    known = {"number": "SRV-1", "of_kind": "service", "title": "Storage", "state": "live"}
    return kinds()["service"].objects.create(**known)


@pytest.fixture
def wanda(storage: Any) -> User:
    """The owner of the service, who does nothing else."""
    user = User.objects.create_user("wanda", full_name="Wanda Wood")
    known = {"number": "ROLE-W", "of_kind": "role", "title": "Owner", "state": "in_force"}
    role = Role.objects.create(role_type=RoleType.SERVICE_OWNER, context="SRV-1", **known)
    since = timezone.now() - timedelta(days=1)
    RoleAssignment.objects.create(role=role, person=user, starts_at=since)
    return user


def in_force(sam: User, mona: User, service: Any, **terms: Any) -> Any:
    fields = {name: terms.pop(name) for name in ("title", "organisation") if name in terms}
    fields.setdefault("title", "Storage quota")
    made = models.record(RequestModel(), by=sam, service=service, **fields)
    models.draft(made, by=sam, **TERMS | terms)
    return models.approve(made, by=mona)


@pytest.fixture
def quota(sam: User, mona: User, storage: Any) -> Any:
    return in_force(sam, mona, storage)


def ordered(model: Any, by: User, **answers: str) -> Any:
    done = models.order(model, by=by, answers=ENOUGH | answers)
    return ServiceRequest.objects.get(number=done.told)


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


class TestQuestions:
    def test_are_written_as_they_are_read(self) -> None:
        read = questions.read(ASKED)
        assert [one["name"] for one in read] == ["q1", "q2", "q3", "q4"]
        assert questions.read(questions.written(read)) == read

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("How? | picture", "“picture” is not known"),
            ("How? | only if Where? = here", "names no question before it"),
            ("How?\nHow?", "asked twice"),
        ],
    )
    def test_say_what_they_do_not_understand(self, line: str, why: str) -> None:
        with pytest.raises(questions.Unclear, match=why):
            questions.read(line)

    def test_hear_only_what_is_asked(self) -> None:
        read = questions.read(ASKED)
        said, wrong = questions.answered(read, {**ENOUGH, "q3": "12", "q9": "?"})
        assert (said, wrong) == ([["Which project?", "Tidewater"], ["How much?", "5 TB"]], {})

    def test_need_what_is_needed_under_its_condition(self) -> None:
        read = questions.read(ASKED)
        _, wrong = questions.answered(read, {"q2": "more", "q4": "soon"})
        assert set(wrong) == {"q1", "q3", "q4"}
        _, wrong = questions.answered(read, {"q1": "x", "q2": "2 TB"})
        assert wrong == {"q2": ["Please choose: 1 TB, 5 TB, more."]}


class TestOrder:
    @pytest.mark.parametrize("answers", [0.5, [], "q1", None])
    def test_is_refused_where_the_answers_are_no_object(
        self, quota: Any, rita: User, answers: Any
    ) -> None:
        with pytest.raises(Invalid, match="answers: "):
            models.order(quota, by=rita, answers=answers)

    @pytest.mark.row("ISRM-27")
    def test_becomes_a_request_with_answers_steps_and_the_target_of_the_agreement(
        self, quota: Any, rita: User, mona: User
    ) -> None:
        request = ordered(quota, rita)
        assert (request.state, request.title, request.wish) == (
            "classified", "Storage quota", "change",
        )  # fmt: skip
        assert (request.requester, request.channel) == (rita, "portal")
        assert request.answers == [["Which project?", "Tidewater"], ["How much?", "5 TB"]]
        assert (request.category, request.request_model) == ("Storage / Quota", quota)
        assert "description" not in request.quality_because["lacks"]  # the answers are one
        task = Task.objects.get(record=request)
        steps = [step.text for step in task.steps.order_by("position")]
        assert steps == TERMS["steps"].splitlines()
        clock = Clock.objects.get(record=request, kind="fulfilment")
        agreed = request.agreement.in_full().versions.get(number=1).targets
        assert clock.target == agreed["fulfilment", request.priority]
        assert request.due_at

    def test_is_due_by_the_stricter_of_model_and_agreement(
        self, sam: User, mona: User, rita: User, storage: Any
    ) -> None:
        quick = ordered(in_force(sam, mona, storage, within="2 h"), rita)
        slow = ordered(in_force(sam, mona, storage, within="900 h"), rita)
        targets: list[Any] = [
            Clock.objects.get(record=one, kind="fulfilment").target for one in (quick, slow)
        ]
        assert targets[0] == 7200
        assert targets[1] < 900 * 3600

    def test_is_refused_with_its_reasons_and_nothing_is_made(self, quota: Any, rita: User) -> None:
        with pytest.raises(Invalid) as refused:
            models.order(quota, by=rita, answers={"q2": "more"})
        assert set(refused.value.errors) == {"q1", "q3"}
        assert not ServiceRequest.objects.exists()

    def test_can_be_made_for_somebody_who_calls(self, quota: Any, sam: User, rita: User) -> None:
        done = models.order(quota, by=sam, answers=ENOUGH, requester=rita)
        request = ServiceRequest.objects.get(number=done.told)
        assert (request.requester, request.channel) == (rita, "phone")

    def test_is_counted_and_no_edit_of_the_model(self, quota: Any, rita: User) -> None:
        before = RequestModel.objects.get(pk=quota.pk).version
        ordered(quota, rita)
        found = RequestModel.objects.get(pk=quota.pk)
        assert (found.uses, found.version) == (1, before)

    def test_cites_the_version_that_held(
        self, quota: Any, rita: User, sam: User, mona: User
    ) -> None:
        first = ordered(quota, rita)
        models.draft(quota, by=sam, **TERMS | {"questions": "", "steps": "Do it"})
        models.approve(quota, by=mona)
        second = ordered(quota, rita)
        versions = [one.model_because["version"] for one in (first, second)]
        assert (versions, second.answers) == ([1, 2], [])


class TestApproval:
    @pytest.fixture
    def guarded(self, sam: User, mona: User, storage: Any) -> Any:
        return in_force(sam, mona, storage, approval="service_owner")

    def test_is_asked_of_the_role_and_nothing_is_done_before(
        self, guarded: Any, rita: User, wanda: User, sam: User, mona: User
    ) -> None:
        request = ordered(guarded, rita)
        assert (request.state, request.approval_by) == ("approval", "service_owner")
        assert not Task.objects.filter(record=request).exists()
        assert queries.approvers(request, timezone.now()) == [wanda.pk]
        for other in (rita, sam, mona):
            with pytest.raises(Denied):
                requests.approve(request, by=other)
        with pytest.raises(Denied):
            requests.assign(request, by=sam, case_owner=sam)
        assert browser_of(wanda).get(request.url).status_code == 200
        request = requests.approve(request, by=wanda, note="Within the share.")
        assert (request.state, request.decided_by) == ("classified", wanda)
        assert Task.objects.get(record=request).title == "Storage quota"

    def test_is_never_given_by_who_ordered(self, guarded: Any, wanda: User, mona: User) -> None:
        request = ordered(guarded, wanda)
        with pytest.raises(Denied, match="did not order it"):
            requests.approve(request, by=wanda)
        assert queries.approvers(request, timezone.now()) == []

    def test_refused_ends_it_and_the_requester_reads_why(
        self, guarded: Any, rita: User, wanda: User
    ) -> None:
        request = ordered(guarded, rita)
        requests.refuse(request, by=wanda, reason="The project has ended.")
        found = ServiceRequest.objects.get(pk=request.pk)
        assert (found.state, found.is_open) == ("refused", False)
        page = text(browser_of(rita).get(f"/portal/cases/{request.number}/"))
        assert "Refused" in page
        assert "The project has ended." in page
        clock = Clock.objects.get(record=request, kind="fulfilment")
        assert not clock.due_at or not found.due_at

    def test_waits_for_it_on_the_portal(self, guarded: Any, rita: User, wanda: User) -> None:
        request = ordered(guarded, rita)
        page = text(browser_of(rita).get(f"/portal/cases/{request.number}/"))
        assert "Waits for approval" in page
        assert "asked for approval" in page


class TestCatalogue:
    def test_shows_what_one_may_order_and_nothing_else(
        self, quota: Any, sam: User, mona: User, rita: User, storage: Any
    ) -> None:
        theirs = Organisation.objects.create(
            number="ORG-1", of_kind="organisation", title="Theirs", state="in_force",
            part="customer",
        )  # fmt: skip
        special = in_force(sam, mona, storage, title="Tape robot", organisation=theirs)
        models.record(RequestModel(), by=sam, title="Not yet", service=storage)
        retired = in_force(sam, mona, storage, title="Floppy disk")
        models.retire(retired, by=mona, reason="Gone")
        page = text(browser_of(rita).get("/portal/catalogue/"))
        assert "Storage quota" in page
        assert [word for word in ("Tape robot", "Not yet", "Floppy disk") if word in page] == []
        assert browser_of(rita).get(f"/portal/catalogue/{special.number}/").status_code == 404
        assert browser_of(rita).get(special.url).status_code == 404
        with pytest.raises(Denied):
            models.order(special, by=rita, answers=ENOUGH)
        one = User.objects.create_user("one", organisation=theirs)
        assert "Tape robot" in text(browser_of(one).get("/portal/catalogue/"))

    def test_is_ordered_from_in_a_form_and_kept_when_something_is_missing(
        self, quota: Any, rita: User
    ) -> None:
        browser, address = browser_of(rita), f"/portal/catalogue/{quota.number}/"
        form = text(browser.get(address))
        assert 'data-when="q2" data-answer="more"' in form
        assert "As it stands in the list of projects." in form
        page = text(browser.post(address, {"q1": "Tidewater", "q2": "more"}), 422)
        assert 'value="Tidewater"' in page
        assert '<a href="#q3">How many TB? – Please answer this.</a>' in page
        once = re.search(r'name="once" value="(.+?)"', form)
        assert once
        sent = {**ENOUGH, "once": once[1]}
        first, second = browser.post(address, sent), browser.post(address, sent)
        request = ServiceRequest.objects.get()
        assert first["Location"] == second["Location"] == f"/portal/cases/{request.number}/"
        case = text(browser.get(first["Location"]))
        assert "Which project?" in case
        assert "Tidewater" in case

    def test_shows_users_nothing_internal(self, quota: Any, rita: User, desk: Client) -> None:
        for address in (quota.url, f"/portal/catalogue/{quota.number}/", "/portal/catalogue/"):
            page = text(browser_of(rita).get(address))
            hidden = ("Check the share", "Storage / Quota")
            assert [word for word in hidden if word in page] == []
        assert "Check the share" in text(desk.get(quota.url))

    def test_shows_the_desk_what_was_answered(self, quota: Any, rita: User, desk: Client) -> None:
        page = text(desk.get(ordered(quota, rita).url))
        assert "Tidewater" in page
        assert quota.number in page

    def test_says_so_where_there_is_nothing(self, rita: User) -> None:
        assert "nothing in the catalogue" in text(browser_of(rita).get("/portal/catalogue/"))


class TestFulfilment:
    def test_follows_the_steps_until_the_user_confirms(
        self, quota: Any, rita: User, sam: User
    ) -> None:
        request = ordered(quota, rita)
        request = requests.assign(request, by=sam, case_owner=sam)
        request = requests.fulfil(request, by=sam, solution="5 TB are yours.")
        with pytest.raises(Invalid, match="One task is still open"):
            requests.close(request, by=rita)
        task = Task.objects.get(record=request)
        for step in task.steps.all():
            registry["service_requests.tick_step"](request, by=sam, step=step.pk)
        registry["service_requests.complete_task"](request, by=sam, task=task.pk)
        request = requests.close(request, by=rita)
        verbs = [entry.verb.split(".")[1] for entry in Entry.objects.filter(record=request)]
        assert (request.state, verbs.count("apply_model")) == ("closed", 1)
