"""Who is told of what: on the page, by mail, and what becomes of it when the mail server fails."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.actions import person as people
from evenkeel.core.directory.models import Person
from evenkeel.core.jobs import listing
from evenkeel.core.notices import jobs, posting, spreading
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.spreading import mail_due
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.rules import registry
from evenkeel.core.testing.mail import Post
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
WAITING, SENT, FAILED = Notice.Mail.WAITING, Notice.Mail.SENT, Notice.Mail.FAILED


@pytest.fixture
def rita() -> User:
    """The requester, who reads mail."""
    return User.objects.create_user("rita", full_name="Rita Ruiz", email="rita@users.example")


def spread(record: Incident) -> None:
    """What the worker does with the last entry of a record."""
    jobs.spread(entry=Entry.objects.filter(record=record).latest("position").pk)


def do(verb: str, incident: Incident, **how: Any) -> None:
    """One of the verbs that all kinds share."""
    registry[f"incidents.{verb}"](incident, **how)


def told() -> list[tuple[str, str]]:
    return [(n.recipient.username, n.told_as) for n in Notice.objects.order_by("pk")]


def resolve(incident: Incident, by: User, solution: str = "Restarted it.") -> Incident:
    """Classified and resolved, so that the requester hears of it."""
    incidents.classify(incident, by=by, category="Mail")
    incidents.resolve(incident, by=by, solution=solution)
    spread(incident)
    return incident


class TestHearing:
    def test_asks_for_a_job_in_the_transaction_of_the_action(
        self, incident: Incident, sam: User
    ) -> None:
        with transaction.atomic():
            do("comment", incident, by=sam, text="Which mailbox?")
            assert listing.not_done()[0].name == "core.spread"
            asked = len(listing.not_done())
            transaction.set_rollback(True)
        assert len(listing.not_done()) == asked - 1

    def test_asks_for_none_where_nobody_is_told(self, incident: Incident, rita: User) -> None:
        before = len(listing.not_done())
        incidents.classify(incident, by=incident.case_owner or rita, category="Mail")
        assert len(listing.not_done()) == before
        do("watch", incident, by=rita)
        incidents.classify(incident, by=incident.case_owner or rita, category="Mail")
        assert len(listing.not_done()) == before + 1

    def test_is_deaf_to_what_is_brought_in(self, incident: Incident, sam: User) -> None:
        before = len(listing.not_done())
        do("comment", incident, by=sam, text="Long ago.", via=Via.IMPORT)
        assert len(listing.not_done()) == before


class TestNotice:
    def test_tells_nobody_of_what_they_did_themselves(
        self, incident: Incident, rita: User, mona: User
    ) -> None:
        spread(incident)  # rita recorded it; the process manager became its owner
        assert told() == [("mona", "new_owner")]
        do("comment", incident, by=rita, text="It is still down.")
        spread(incident)
        assert told()[1:] == [("mona", "case_owner")]

    def test_is_made_once_however_often_its_job_runs(self, incident: Incident, mona: User) -> None:
        spread(incident)
        spread(incident)
        assert told() == [("mona", "new_owner")]
        mona.refresh_from_db()
        assert mona.unseen_notices == 1

    def test_counts_what_is_unseen_no_further_than_the_bell_says(
        self, mona: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(spreading, "COUNTED", 2)
        for number in range(4):
            spread(incidents.record(Incident(), by=sam, title=f"Trouble {number}"))
        mona.refresh_from_db()
        assert mona.unseen_notices == 2
        assert mona.notices.filter(seen_at=None).count() == 4

    def test_tells_the_requester_public_things_only(
        self, incident: Incident, rita: User, sam: User
    ) -> None:
        do("watch", incident, by=rita)
        do("note", incident, by=sam, text="She forgot her password, I think.")
        spread(incident)
        incidents.classify(incident, by=sam, category="Mail")
        spread(incident)
        assert "rita" not in dict(told())

    def test_tells_a_new_case_owner_who_is_not_of_the_process(
        self, incident: Incident, sam: User, omar: User
    ) -> None:
        incidents.assign(incident, by=sam, case_owner=omar, reason="He knows the machine.")
        spread(incident)
        page = browser_of(omar).get("/notices/").content.decode()
        assert ("omar", "new_owner") in told()
        assert "is yours: Sam Sorel made you its case owner." in page
        assert "He knows the machine" not in page

    def test_tells_the_requester_that_it_goes_on_but_not_after_their_own_answer(
        self, incident: Incident, rita: User, sam: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        for verb, given in (("put_on_hold", {"hold_reason": "supplier"}), ("resume", {})):
            do(verb, incident, by=sam, **given)
        spread(incident)
        said = Notice.objects.get(recipient=rita)
        assert "We go on with “Mail is down”." in browser_of(rita).get("/notices/").content.decode()
        do("put_on_hold", incident, by=sam, hold_reason="user")
        do("comment", incident, by=rita, text="It is the blue one.")
        assert incident.entries.latest("position").verb == "incidents.resume"
        spread(incident)
        assert Notice.objects.get(recipient=rita) == said

    def test_is_gone_with_the_right_to_see_the_record(self, incident: Incident, sam: User) -> None:
        do("watch", incident, by=sam)
        do("comment", incident, by=incident.requester or sam, text="Secret matters.")
        spread(incident)
        assert "Secret matters." in browser_of(sam).get("/notices/").content.decode()
        RoleAssignment.objects.filter(person=sam).update(ends_at=timezone.now())
        notice = Notice.objects.get(recipient=sam)
        assert "Secret matters." not in browser_of(sam).get("/notices/").content.decode()
        assert browser_of(sam).get(f"/notices/{notice.pk}/").status_code == 404

    def test_is_told_in_words_for_every_verb_that_declares_it(self, incident: Incident) -> None:
        entry = Entry.objects.select_related("actor", "record").filter(record=incident).latest("pk")
        from evenkeel.core.notices.telling import tellings

        assert set(tellings) <= set(registry)
        entry.given = {"clock": "resolution", "target": "8 h", "to": "process owner"}
        entry.given |= {"who": "Emi Sato", "because": "it is major"}
        for tells in tellings.values():
            for tell in tells:
                assert "Mail is down" in tell.sentence(entry, entry.record)


class TestPageOfNotices:
    def test_counts_shows_and_marks_as_read(
        self, incident: Incident, rita: User, sam: User
    ) -> None:
        resolve(incident, sam, "We <b>restarted</b> it.")
        browser = browser_of(rita)
        page = browser.get("/notices/").content.decode()
        assert 'aria-label="Notices: 1 new"' in page
        assert "“Mail is down” is solved, we think." in page
        assert "We &lt;b&gt;restarted&lt;/b&gt; it." in page
        assert browser.post("/notices/").status_code == 302
        page = browser.get("/notices/").content.decode()
        assert 'aria-label="Notices"' in page
        assert "Mark all as read" not in page

    def test_leads_each_to_the_page_that_is_theirs(
        self, incident: Incident, rita: User, mona: User, sam: User, desk: Client
    ) -> None:
        spread(incident)
        resolve(incident, sam)
        mine = Notice.objects.get(recipient=rita)
        assert browser_of(rita).get(f"/notices/{mine.pk}/")["Location"] == (
            f"/portal/cases/{incident.number}/"
        )
        assert desk.get(f"/notices/{mine.pk}/").status_code == 404
        owned = Notice.objects.filter(recipient=mona).first()
        assert owned
        assert browser_of(mona).get(f"/notices/{owned.pk}/")["Location"] == incident.url
        rita.refresh_from_db()
        assert rita.unseen_notices == 0

    def test_is_for_those_who_are_signed_in(self) -> None:
        for address in ("/notices/", "/notices/1/", "/notices/settings/"):
            assert Client().get(address)["Location"].startswith("/accounts/login/")


class TestRecordPage:
    def test_tells_those_inside_what_became_of_the_mail(
        self, incident: Incident, sam: User, desk: Client, post: Post
    ) -> None:
        resolve(incident, sam)
        post.to_recipient = "550 no such mailbox"
        jobs.send_mail()
        page = desk.get(incident.url).content.decode()
        assert "Who was told" in page
        assert "E-mail failed" in page
        assert "550 no such mailbox" in page


class TestMail:
    def test_reaches_the_requester_in_plain_words(
        self, incident: Incident, rita: User, sam: User, post: Post
    ) -> None:
        resolve(incident, sam, "Restarted <b>it</b>.")
        jobs.send_mail()
        [mail] = post.taken
        assert mail["To"] == "rita@users.example"
        assert mail["Subject"].strip().startswith("“Mail is down” is solved, we think.")
        assert mail["Auto-Submitted"] == "auto-generated"
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text
        assert html
        notice = Notice.objects.get(recipient=rita)
        assert "Restarted <b>it</b>." in text.get_content()
        assert f"http://localhost:8000/notices/{notice.pk}/" in text.get_content()
        assert "Restarted &lt;b&gt;it&lt;/b&gt;." in html.get_content()
        assert (notice.mail, notice.mail_tries) == (SENT, 1)
        jobs.send_due_mail()
        assert len(post.taken) == 1

    def test_cannot_be_given_a_header_by_a_title(
        self, mona: User, rita: User, sam: User, post: Post
    ) -> None:
        title = "Down\r\nBcc: all@users.example\r\n\r\nPay here"
        record = incidents.record(Incident(), by=rita, title=title)
        resolve(record, sam)
        jobs.send_mail()
        [mail] = post.taken
        assert mail["Bcc"] is None
        assert "\n" not in mail["Subject"]
        assert "Bcc: all@users.example" in mail["Subject"]

    def test_is_not_sent_of_what_one_may_no_longer_see(
        self, incident: Incident, sam: User, post: Post
    ) -> None:
        User.objects.filter(pk=sam.pk).update(email="sam@desk.example")
        do("watch", incident, by=sam)
        do("comment", incident, by=incident.requester or sam, text="Secret matters.")
        spread(incident)
        RoleAssignment.objects.filter(person=sam).update(ends_at=timezone.now())
        jobs.send_mail()
        assert post.taken == []
        assert Notice.objects.get(recipient=sam).mail == Notice.Mail.WITHHELD

    def test_is_not_kept_waiting_where_there_is_no_mail_server(
        self, incident: Incident, sam: User
    ) -> None:
        resolve(incident, sam)
        assert Notice.objects.get(told_as="requester").mail == Notice.Mail.NONE


class TestMailServerThatFails:
    @pytest.fixture
    def waiting(self, incident: Incident, sam: User, post: Post) -> Notice:
        resolve(incident, sam)
        return Notice.objects.get(told_as="requester")

    def test_delays_a_mail_and_loses_none(self, waiting: Notice, post: Post) -> None:
        now, pauses = timezone.now(), []
        post.to_text = ""  # it hears the mail and hangs up
        for _ in range(6):
            posting.send_due(now)
            waiting.refresh_from_db()
            assert waiting.mail == WAITING
            assert waiting.mail_due_at
            pauses.append((waiting.mail_due_at - now) // timedelta(minutes=1))
            now = waiting.mail_due_at
        assert pauses == [1, 4, 16, 64, 240, 240]
        post.to_text = "250 taken"
        posting.send_due(now)
        waiting.refresh_from_db()
        assert (waiting.mail, len(post.taken)) == (SENT, 1)

    def test_is_not_asked_again_and_again(
        self, waiting: Notice, post: Post, incident: Incident, sam: User
    ) -> None:
        now = timezone.now()
        post.to_text = ""
        posting.send_due(now)
        do("comment", incident, by=sam, text="Does it?")
        spread(incident)
        calls = post.calls
        posting.send_due(now + timedelta(seconds=5))
        assert post.calls == calls
        posting.send_due(now + timedelta(seconds=61))
        assert post.calls > calls

    def test_that_is_not_there_stops_nothing(
        self, incident: Incident, sam: User, post: Post, settings: Any
    ) -> None:
        settings.EMAIL_PORT = 1
        resolve(incident, sam)
        jobs.send_mail()
        notice = Notice.objects.get(told_as="requester")
        assert notice.mail == WAITING
        assert notice.mail_fault.startswith("No mail server: ")

    @pytest.mark.parametrize(
        ("answer", "state"), [("550 no such mailbox", FAILED), ("451 come later", WAITING)]
    )
    def test_that_refuses_a_recipient_is_taken_at_its_word(
        self, waiting: Notice, post: Post, answer: str, state: str
    ) -> None:
        post.to_recipient = answer
        jobs.send_mail()
        waiting.refresh_from_db()
        assert (waiting.mail, waiting.mail_fault) == (state, answer)

    def test_is_given_up_after_five_days(self, waiting: Notice, post: Post) -> None:
        post.to_text = ""
        posting.send_due(timezone.now() + timedelta(days=5, minutes=1))
        waiting.refresh_from_db()
        assert waiting.mail == FAILED


class TestChoiceOfMail:
    ZONE = ZoneInfo("Europe/Berlin")

    def at(self, hour: int, day: int = 10) -> datetime:
        return datetime(2026, 6, day, hour, 30, tzinfo=self.ZONE)

    def due(self, hour: int, **choice: Any) -> datetime | None:
        return mail_due(Person(time_zone=self.ZONE.key, **choice), self.at(hour))

    def test_lets_mail_wait_through_the_night(self) -> None:
        night = {"quiet_from": 22, "quiet_until": 6}
        six = datetime(2026, 6, 11, 6, tzinfo=self.ZONE)
        assert self.due(23, **night) == six
        assert self.due(5, **night) == six - timedelta(days=1)
        assert self.due(12, **night) == self.at(12)
        assert self.due(6, **night) == self.at(6)

    def test_goes_by_the_clock_of_the_place_where_nobody_chose_another(self, settings: Any) -> None:
        settings.TIME_ZONE = "Asia/Tokyo"
        noon_there = datetime(2026, 6, 10, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
        seven_there = datetime(2026, 6, 11, 7, tzinfo=ZoneInfo("Asia/Tokyo"))
        assert mail_due(Person(mail_notices="daily"), noon_there) == seven_there

    def test_gathers_mail_for_the_morning(self) -> None:
        seven = datetime(2026, 6, 11, 7, tzinfo=self.ZONE)
        assert self.due(12, mail_notices="daily") == seven
        assert self.due(5, mail_notices="daily") == seven - timedelta(days=1)

    def test_can_be_never(self) -> None:
        assert self.due(12, mail_notices="never") is None

    def test_brings_what_waited_in_one_mail(
        self, incident: Incident, rita: User, sam: User, post: Post
    ) -> None:
        Person.objects.create(
            number="PER-77", of_kind="person", title="Rita", state="active", user=rita,
            requester=rita, mail_notices="daily",
        )  # fmt: skip
        do("comment", incident, by=sam, text="Which mailbox?")
        spread(incident)
        resolve(incident, sam)
        jobs.send_due_mail()
        assert post.taken == []
        posting.send_due(timezone.now() + timedelta(days=1))
        [mail] = post.taken
        assert mail["Subject"] == "2 notices from Evenkeel"
        text = mail.get_body(("plain",))
        assert text
        assert "Which mailbox?" in text.get_content()
        assert "Restarted it." in text.get_content()

    def test_is_made_on_its_page_and_kept_as_evidence(self, rita: User) -> None:
        zoe = Person(title="Zoe", organisation=party())
        made = people.record(zoe, by=User.objects.the_sms(), login="zoe")
        browser = browser_of(made.user)
        answer = browser.post(
            "/notices/settings/",
            {"mail_notices": "daily", "quiet_from": "22", "quiet_until": "0"},
        )
        made.refresh_from_db()
        assert answer.status_code == 302
        assert (made.mail_notices, made.quiet_from, made.quiet_until) == ("daily", 22, 0)
        assert Entry.objects.filter(record=made).latest("pk").verb == "people.choose_notices"
        page = browser.post("/notices/settings/", {"mail_notices": "daily", "quiet_from": "22"})
        assert page.status_code == 422
        assert "Name both hours, or neither." in page.content.decode()
        assert 'value="22" selected' in page.content.decode()

    def test_is_told_where_the_directory_does_not_know_one(self, rita: User) -> None:
        page = browser_of(rita).get("/notices/settings/").content.decode()
        assert "no record in the directory" in page
