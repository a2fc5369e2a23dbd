"""The review of a major incident: begun by itself, written, approved; closing waits for it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.jobs import listing
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.models import Attachment, Entry, Task
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.web import pdf
from evenkeel.core.web.reports import Report, Section
from evenkeel.processes.incidents import jobs
from evenkeel.processes.incidents.actions import announcement as announcements
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import review as reviews
from evenkeel.processes.incidents.models import Announcement, Incident, MajorIncidentReview
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
WRITTEN = {
    "effect": "Nobody read mail for two hours.",
    "cause": "The pool of connections was too small.",
    "went_well": "It was declared within five minutes.",
    "went_badly": "Nobody tested the new version under load.",
}


@pytest.fixture
def olga() -> User:
    """The process owner."""
    return holder("olga", RoleType.PROCESS_OWNER, full_name="Olga Orsini")


def do(verb: str, record: Any, **how: Any) -> Any:
    return registry[f"{record.collection}.{verb}"](record, **how)


@pytest.fixture
def resolved(incident: Incident, sam: User, mona: User, omar: User) -> Incident:
    """A major incident with a report of another, resolved; its tasks are done."""
    incident = incidents.classify(incident, by=sam, category="Mail")
    incidents.prioritise(incident, by=sam, impact=1, urgency=1)
    report = incidents.record(Incident(), by=omar, title="No mail either")
    incidents.join_parent(report, by=sam, parent=incident)
    incidents.declare_major(incident, by=sam, headline="Mail is down")
    incidents.name_coordinator(incident, by=sam, coordinator=mona, reason="She is here.")
    do("note", incident, by=sam, text="The limit was lowered last night.")
    announcements.update(Announcement.objects.get(), by=mona, text="Found, an hour yet.")
    incidents.resolve(incident, by=sam, solution="Raised the limit.")
    for task in Task.objects.filter(record=incident):
        for step in task.steps.all():
            do("tick_step", incident, by=sam, step=step.pk)
        do("complete_task", incident, by=sam, task=task.pk)
    return Incident.objects.get(pk=incident.pk)


@pytest.fixture
def review(resolved: Incident) -> MajorIncidentReview:
    return MajorIncidentReview.objects.get(about=resolved)


@pytest.fixture
def submitted(review: MajorIncidentReview, mona: User) -> MajorIncidentReview:
    do("edit", review, by=mona, **WRITTEN)
    agree_on(review, mona)
    done: MajorIncidentReview = reviews.submit(review, by=mona)
    return done


def agree_on(review: MajorIncidentReview, person: User) -> None:
    """An action, with who does it and by when."""
    due = timezone.now() + timedelta(days=9)
    do("add_task", review, by=person, task="Test under load", assigned_to=person, due=due)


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


class TestBeginning:
    def test_comes_with_the_resolution_and_is_the_coordinators_work(
        self, review: MajorIncidentReview, resolved: Incident, mona: User
    ) -> None:
        assert (review.state, review.case_owner) == ("draft", mona)
        assert review.title == "Review of INC-1 Mail is down"
        assert resolved.resolved_at
        assert review.due_at
        assert timedelta(days=13) <= review.due_at - resolved.resolved_at <= timedelta(days=30)

    def test_is_of_major_incidents_only_and_one_of_each(
        self, review: MajorIncidentReview, sam: User, omar: User
    ) -> None:
        with pytest.raises(Invalid, match="has a review already"):
            reviews.record(MajorIncidentReview(), by=sam, incident=review.about)
        minor = incidents.record(Incident(), by=omar, title="No light")
        with pytest.raises(Invalid, match="is no major incident"):
            reviews.record(MajorIncidentReview(), by=sam, incident=minor)


class TestTimeline:
    @pytest.mark.row("ISRM-40")
    def test_is_taken_from_the_entries_to_the_minute(
        self, submitted: MajorIncidentReview, desk: Client
    ) -> None:
        said = [what for _, _, what in submitted.timeline]
        wanted = [
            "recorded this",
            "joined: INC-2",
            "declared major",
            "announced: We know of it",
            "named coordinator: She is here.",
            "wrote an internal note: The limit was lowered last night.",
            "announced: Found, an hour yet.",
            "resolved this: Raised the limit.",
            "announced that it is over",
        ]
        places = [next(p for p, what in enumerate(said) if w in what) for w in wanted]
        assert places == sorted(places)
        stamps = [at for at, _, _ in submitted.timeline]
        assert stamps == sorted(stamps)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d\+\d\d:\d\d", at) for at in stamps)
        assert "The limit was lowered last night." in page(desk, submitted.url)

    def test_is_kept_as_it_was_approved(
        self, submitted: MajorIncidentReview, olga: User, sam: User
    ) -> None:
        approved = reviews.approve(submitted, by=olga)
        kept = approved.timeline
        do("note", approved.about, by=sam, text="An afterthought.")
        approved.refresh_from_db()
        assert approved.timeline == kept
        assert "An afterthought." not in page(browser_of(sam), approved.url)


class TestApproval:
    @pytest.mark.row("R-20")
    def test_needs_all_that_a_review_says_and_an_action(
        self, review: MajorIncidentReview, mona: User
    ) -> None:
        agree_on(review, mona)
        with pytest.raises(Invalid) as refused:
            reviews.submit(review, by=mona)
        assert set(refused.value.errors) == set(WRITTEN)
        do("edit", review, by=mona, **WRITTEN)
        Task.objects.filter(record=review).delete()
        with pytest.raises(Invalid, match="Agree on an action first"):
            reviews.submit(review, by=mona)

    @pytest.mark.parametrize("lacking", ["assigned_to", "due"])
    def test_needs_somebody_and_a_date_for_each_action(
        self, review: MajorIncidentReview, mona: User, lacking: str
    ) -> None:
        do("edit", review, by=mona, **WRITTEN)
        agree_on(review, mona)
        known = {"assigned_to": mona, "due": timezone.now()}
        del known[lacking]
        do("add_task", review, by=mona, task="Watch the disks", **known)
        with pytest.raises(Invalid, match="Say who does it and by when: “Watch the disks”"):
            reviews.submit(review, by=mona)

    @pytest.mark.row("ISRM-41", "R-20")
    def test_comes_before_the_incident_is_closed(
        self, review: MajorIncidentReview, resolved: Incident, mona: User, olga: User, rita: User
    ) -> None:
        with pytest.raises(Invalid, match=f"its review {review.number} is approved"):
            incidents.close(resolved, by=mona)
        with pytest.raises(Invalid, match=r"Thank you\. We close it when we have reviewed"):
            incidents.close(resolved, by=rita)
        do("edit", review, by=mona, **WRITTEN)
        agree_on(review, mona)
        reviews.submit(review, by=mona)
        with pytest.raises(Invalid, match="is approved"):
            incidents.close(resolved, by=mona)
        reviews.approve(review, by=olga)
        closed = incidents.close(resolved, by=rita)
        assert closed.state == "closed"

    def test_is_given_by_somebody_else_than_who_submitted_it(
        self, submitted: MajorIncidentReview, mona: User, olga: User, sam: User
    ) -> None:
        for who in (mona, sam):
            with pytest.raises(Denied):
                reviews.approve(submitted, by=who)
        approved = reviews.approve(submitted, by=olga)
        assert (approved.approved_by, approved.is_open) == (olga, False)
        with pytest.raises(Denied):
            do("edit", approved, by=mona, cause="Somebody else.")

    def test_is_refused_with_a_reason_that_leads_back(
        self, submitted: MajorIncidentReview, olga: User
    ) -> None:
        back = reviews.send_back(submitted, by=olga, reason="Why was it not tested?")
        assert back.state == "draft"
        last = Entry.objects.filter(record=back).latest("position")
        assert last.given == {"reason": "Why was it not tested?"}

    def test_is_asked_for_anew_when_the_incident_comes_back(
        self, submitted: MajorIncidentReview, resolved: Incident, olga: User, sam: User
    ) -> None:
        reviews.approve(submitted, by=olga)
        incidents.reopen(resolved, by=sam, reason="It is down again.")
        incidents.resolve(resolved, by=sam, solution="Replaced the gateway.")
        submitted.refresh_from_db()
        assert (submitted.state, submitted.approved_by) == ("draft", None)


class TestReport:
    def test_says_all_on_one_sheet(
        self, submitted: MajorIncidentReview, olga: User, desk: Client
    ) -> None:
        reviews.approve(submitted, by=olga)
        sheet = page(desk, f"{submitted.url}report/")
        for words in (*WRITTEN.values(), "Test under load", "Olga Orsini", "declared major"):
            assert words in sheet

    def test_is_a_file_that_can_be_sent(
        self,
        submitted: MajorIncidentReview,
        mona: User,
        desk: Client,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        draft = reviews.send_back(submitted, by=mona, reason="Names are missing.")
        do("edit", draft, by=mona, cause="Łukasz Novák’s – “pool”. " * 400)
        answer = desk.get(f"{submitted.url}report.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert f'filename="{submitted.number}.pdf"' in answer["Content-Disposition"]
        assert answer.content.startswith(b"%PDF-")
        assert answer.content.count(b"/Type /Page\n") > 2
        assert "missing" not in caplog.text  # every sign is in the typeface
        assert desk.get(f"{submitted.about.url}report.pdf").status_code == 404

    def test_says_why_it_was_not_drawn(self) -> None:
        unwritten: Any = [Section("Timeline", heads=("At",), rows=[(3,)])]  # type: ignore[list-item]
        with pytest.raises(RuntimeError, match=r"(?s)The report MIR-1 was not drawn: .*TypeError"):
            pdf.drawn(Report("Review", [], unwritten), "MIR-1")

    def test_is_attached_to_the_review_once_it_is_approved(
        self, submitted: MajorIncidentReview, olga: User
    ) -> None:
        reviews.approve(submitted, by=olga)
        assert "incidents.file_report" in [job.name for job in listing.not_done()]
        jobs.file_report(review=submitted.pk)
        jobs.file_report(review=submitted.pk)
        (file,) = Attachment.objects.filter(record=submitted)
        assert (file.filename, file.media_type) == (f"{submitted.number}.pdf", "application/pdf")
        assert file.audience == "internal"

    def test_is_for_those_inside(self, review: MajorIncidentReview, rita: User) -> None:
        assert browser_of(rita).get(f"{review.url}report/").status_code == 404

    def test_is_of_what_has_one(self, resolved: Incident, desk: Client) -> None:
        assert desk.get(f"{resolved.url}report/").status_code == 404
