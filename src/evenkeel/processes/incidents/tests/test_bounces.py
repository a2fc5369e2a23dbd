"""Mail that comes back: read as mail servers write it, believed of our own mails alone."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.directory.actions import person as people
from evenkeel.core.directory.models import Person
from evenkeel.core.notices import addresses, alarms, bouncing, jobs, letters, links, names
from evenkeel.core.notices.letters import Letter
from evenkeel.core.notices.models import Bounce, Notice
from evenkeel.core.notices.returned import LARGEST, NotRead, read
from evenkeel.core.people import trail
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.records.entry import Entry
from evenkeel.core.rules import registry
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.mail import Post
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
WHY = "550 5.1.1 <rita@users.example>: Recipient address rejected: User unknown"
POSTFIX = """\
Date: Fri, 27 Nov 2026 10:15:02 +0100 (CET)
From: MAILER-DAEMON@mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: evenkeel@localhost
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F1A2.1795/mail.example"

This is a MIME-encapsulated message.

--4F1A2.1795/mail.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4F1A2.1795/mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
X-Postfix-Queue-ID: 4F1A2
Arrival-Date: Fri, 27 Nov 2026 10:15:01 +0100 (CET)

Final-Recipient: rfc822; rita@users.example
Original-Recipient: rfc822;rita@users.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.users.example
Diagnostic-Code: smtp; 550 5.1.1 <rita@users.example>: Recipient address
    rejected: User unknown

--4F1A2.1795/mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <evenkeel@localhost>
From: evenkeel@localhost
To: rita@users.example
Message-ID: NAME
Subject: INC-1 is solved
MIME-Version: 1.0
Content-Type: text/plain

Restarted it.

--4F1A2.1795/mail.example--
"""
SENDMAIL = """\
From: Mail Delivery Subsystem <MAILER-DAEMON@relay.example>
To: <evenkeel@localhost>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="tB0.1"
Subject: Returned mail: see transcript for details

--tB0.1

   ----- The following addresses had permanent fatal errors -----
<rita@users.example>

--tB0.1
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
Received-From-MTA: DNS; desk.example

Final-Recipient: RFC822; rita@users.example
Action: failed
Status: 5.2.2

--tB0.1
Content-Type: text/rfc822-headers

From: evenkeel@localhost
To: rita@users.example
Message-ID:
 NAME

--tB0.1--
"""
EXCHANGE = """\
From: <postmaster@users.example>
To: <evenkeel@localhost>
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_0b6f"
Subject: Undeliverable: INC-1
In-Reply-To: NAME
References: NAME

--_0b6f
Content-Type: multipart/alternative; differences=Content-Type; boundary="_1b6f"

--_1b6f
Content-Type: text/html; charset="us-ascii"

<html><h2>Your message to rita@users.example couldn't be delivered.</h2></html>

--_1b6f--

--_0b6f
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR.users.example
Arrival-Date: Fri, 27 Nov 2026 09:15:01 +0000

Final-Recipient: rfc822;rita@users.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
X-Display-Name: rita

--_0b6f--
"""
REASONS = {
    POSTFIX: WHY,
    SENDMAIL: "5.2.2",
    EXCHANGE: "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
}


@pytest.fixture
def rita() -> User:
    """The requester, who reads mail."""
    return User.objects.create_user("rita", full_name="Rita Ruiz", email="rita@users.example")


@pytest.fixture
def owner() -> User:
    """The SMS, who keeps the directory."""
    return User.objects.the_sms()


@pytest.fixture
def ingrid() -> User:
    """The SMS owner."""
    return holder("ingrid", RoleType.SMS_OWNER, context="SMS", full_name="Ingrid")


@pytest.fixture
def told(incident: Incident, rita: User, sam: User, post: Post) -> Notice:
    """A notice to the requester, whose mail was taken; twice was she told in it."""
    incidents.classify(incident, by=sam, category="Mail")
    incidents.put_on_hold(incident, by=sam, hold_reason="supplier")
    incidents.resume(incident, by=sam)
    for entry in Entry.objects.filter(record=incident):
        jobs.spread(entry=entry.pk)
    jobs.send_mail()
    assert [mail["To"] for mail in post.taken] == ["rita@users.example"]
    return Notice.objects.filter(recipient=rita).earliest("pk")


def report(shape: str, told: Notice) -> bytes:
    return shape.replace("NAME", names.message_id(names.NOTICE, told.pk)).encode()


def hand_in(raw: bytes) -> str:
    return bouncing.hand_in(raw, timezone.now())


class TestReport:
    @pytest.mark.parametrize("shape", [POSTFIX, SENDMAIL, EXCHANGE])
    def test_is_read_as_mail_servers_write_it(self, told: Notice, rita: User, shape: str) -> None:
        reason = REASONS[shape]
        assert hand_in(report(shape, told)) == f"Noted: mail to Rita Ruiz came back: {reason}"
        together = Notice.objects.filter(recipient=rita)
        assert together.count() == 2
        assert {(n.mail, n.mail_fault) for n in together} == {(Notice.Mail.BOUNCED, reason)}
        bounce = addresses.of(rita)
        assert bounce
        assert (bounce.address, bounce.reason) == ("rita@users.example", reason)

    def test_that_comes_twice_changes_nothing(self, told: Notice) -> None:
        hand_in(report(POSTFIX, told))
        first = Bounce.objects.get()
        assert hand_in(report(SENDMAIL, told)).startswith("Noted")
        assert Bounce.objects.get().reason == first.reason

    def test_is_of_the_name_that_the_mail_had(self, told: Notice, post: Post) -> None:
        assert post.taken[0]["Message-ID"] == names.message_id(names.NOTICE, told.pk)

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
    def test_of_a_mail_that_may_still_arrive_notes_nothing(self, told: Notice, action: str) -> None:
        raw = report(POSTFIX.replace("Action: failed", f"Action: {action}"), told)
        assert hand_in(raw).startswith("Nothing to note")
        told.refresh_from_db()
        assert told.mail == Notice.Mail.SENT

    def test_of_a_letter_shows_at_the_letter(self, incident: Incident) -> None:
        entry, party_of = incident.entries.earliest("pk"), party("Cables Ltd", "supplier")
        letter = Letter.objects.create(
            entry=entry, record=incident, organisation=party_of, address="noc@cables.example",
            subject="We wait", text="For you.", made_at=timezone.now(), due_at=timezone.now(),
            mail=Letter.Mail.SENT,
        )  # fmt: skip
        name = letters._message(letter).extra_headers["Message-ID"]
        said = hand_in(SENDMAIL.replace("NAME", name).encode())
        assert said == "Noted: mail to noc@cables.example came back: 5.2.2"
        letter.refresh_from_db()
        assert (letter.mail, letter.fault) == (Letter.Mail.BOUNCED, "5.2.2")

    def test_of_an_invitation_shows_at_the_account(self, rita: User, post: Post) -> None:
        links.send_link(rita.pk, "invite")
        links.send_link(rita.pk, "reset")
        first, second = (mail["Message-ID"] for mail in post.taken)
        assert first != second
        hand_in(SENDMAIL.replace("NAME", first).encode())
        bounce = addresses.of(rita)
        assert bounce
        assert bounce.reason == "5.2.2"


class TestHostileReport:
    @pytest.mark.parametrize(
        ("spoil", "why"),
        [
            (lambda raw: b"", "multipart/report"),
            (lambda raw: b"\x00\xff" * 5000, "multipart/report"),
            (lambda raw: raw + b"x" * LARGEST, "larger than"),
            (lambda raw: raw.replace(b"multipart/report", b"multipart/mixed"), "multipart/report"),
            (lambda raw: raw.replace(b"message/delivery-status", b"text/plain"), "no delivery"),
            (lambda raw: raw.replace(b"@localhost>\nSubject", b">\nSubject"), "names no mail"),
            (lambda raw: raw.replace(b"<notice-", b"<notice-1"), "names no mail"),
            (lambda raw: raw.replace(b"<notice-", b"<letter-"), "names no mail"),
            (lambda raw: raw.split(b"Message-ID")[0], "names no mail"),
        ],
    )
    def test_is_refused_in_a_sentence(
        self, told: Notice, spoil: Callable[[bytes], bytes], why: str
    ) -> None:
        with pytest.raises(NotRead, match=why):
            hand_in(spoil(report(POSTFIX, told)))
        told.refresh_from_db()
        assert told.mail == Notice.Mail.SENT
        assert not Bounce.objects.exists()

    def test_of_parts_in_parts_in_parts_is_refused_or_read_in_no_time(self) -> None:
        deep = b"".join(
            b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (n, n)
            for n in range(20_000)
        )
        began = timezone.now()
        with pytest.raises(NotRead):
            read(deep)
        assert timezone.now() - began < timedelta(seconds=20)

    def test_writes_no_line_and_no_mark_of_its_own(
        self, told: Notice, incident: Incident, sam: User
    ) -> None:
        evil = "smtp; 550 <script>alert(1)</script>\n X-Evil: \x00\x1b[31m" + "y" * 5000
        raw = report(SENDMAIL.replace("Status: 5.2.2", f"Diagnostic-Code: {evil}"), told)
        hand_in(raw)
        told.refresh_from_db()
        assert len(told.mail_fault) == 200
        assert told.mail_fault.isprintable()
        page = browser_of(sam).get(incident.url).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page

    def test_with_letters_of_no_alphabet_is_read(self, told: Notice) -> None:
        raw = report(SENDMAIL, told).replace(
            b"Status: 5.2.2", b"Diagnostic-Code: smtp; \xff\xfe no"
        )
        assert "no" in hand_in(raw)


class TestAddress:
    @pytest.fixture
    def person(self, owner: User) -> Person:
        at = party("Users Ltd", "customer")
        given: dict[str, Any] = {
            "login": "rosa",
            "title": "Rosa Rey",
            "email": "rosa@users.example",
        }
        made: Person = people.record(Person(organisation=at), by=owner, **given)
        return made

    def test_says_that_mail_does_not_arrive_until_it_is_another(
        self, person: Person, owner: User, ingrid: User
    ) -> None:
        addresses.keep(person.user, "Rosa@users.example", WHY, timezone.now())
        page = browser_of(ingrid).get(person.url).content.decode()
        assert "did not arrive" in page
        assert "Recipient address rejected" in page
        mine = browser_of(person.user).get("/notices/settings/").content.decode()
        assert "A mail to Rosa@users.example did not arrive" in mine
        people.edit(person, by=owner, email="rosa.rey@users.example")
        assert "did not arrive" not in browser_of(ingrid).get(person.url).content.decode()

    def test_that_the_server_refuses_at_once_is_noted_too(
        self, incident: Incident, rita: User, sam: User, post: Post
    ) -> None:
        post.to_recipient = "550 5.1.1 no such mailbox"
        incidents.classify(incident, by=sam, category="Mail")
        incidents.resolve(incident, by=sam, solution="Restarted it.")
        jobs.spread(entry=incident.entries.latest("position").pk)
        jobs.send_mail()
        assert Notice.objects.get(recipient=rita).mail == Notice.Mail.FAILED
        bounce = addresses.of(rita)
        assert bounce
        assert bounce.reason == "550 5.1.1 no such mailbox"

    def test_that_is_refused_for_now_or_whose_mail_is_refused_is_not_noted(
        self, incident: Incident, rita: User, sam: User, post: Post
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.resolve(incident, by=sam, solution="Restarted it.")
        jobs.spread(entry=incident.entries.latest("position").pk)
        post.to_recipient = "451 come later"
        jobs.send_mail()
        post.to_recipient, post.to_text = "250 fine", "554 looks like spam"
        Notice.objects.update(mail_due_at=timezone.now() - timedelta(minutes=5))
        jobs.send_mail()
        assert Notice.objects.get(recipient=rita).mail_fault == "554 looks like spam"
        assert addresses.of(rita) is None

    def test_of_an_invitation_that_is_refused_is_noted_and_not_tried_again(
        self, rita: User, post: Post
    ) -> None:
        post.to_recipient = "550 5.1.1 no such mailbox"
        links.send_link(rita.pk, "invite")
        assert addresses.of(rita)

    def test_is_noted_for_no_longer_than_notices_are_kept(self, person: Person) -> None:
        addresses.keep(person.user, "rosa@users.example", WHY, timezone.now())
        jobs.remove_old_notices()
        assert Bounce.objects.exists()
        Bounce.objects.update(at=timezone.now() - timedelta(days=367))
        jobs.remove_old_notices()
        assert not Bounce.objects.exists()

    def test_goes_with_the_erasure_of_its_person(self, person: Person, owner: User) -> None:
        addresses.keep(person.user, "rosa@users.example", WHY, timezone.now())
        people.retire(person, by=owner, reason="Left.")
        registry["people.erase"](person, by=owner, reason="Asked to be forgotten.")
        assert not Bounce.objects.exists()


class TestDoors:
    def test_of_the_command_line_reads_a_file_or_what_is_piped_to_it(
        self, told: Notice, tmp_path: Path, monkeypatch: Any, capsys: Any
    ) -> None:
        file = tmp_path / "report.eml"
        file.write_bytes(report(POSTFIX, told))
        assert cli.main(["mail", "bounced", str(file)]) == 0
        assert capsys.readouterr().out == f"Noted: mail to Rita Ruiz came back: {WHY}\n"
        piped = SimpleNamespace(buffer=io.BytesIO(report(POSTFIX, told)))
        monkeypatch.setattr(sys, "stdin", piped)
        assert cli.main(["mail", "bounced"]) == 0
        assert cli.main(["mail", "bounced", str(tmp_path / "none")]) == 1
        file.write_text("Subject: Out of office\n\nI am away.\n")
        assert cli.main(["mail", "bounced", str(file)]) == 1
        assert "Not done. It is no report about a mail" in capsys.readouterr().err

    def test_of_the_api_takes_the_same_and_refuses_the_same(self, told: Notice, omar: User) -> None:
        api = Api(omar)
        said = api.post("/api/mail/bounced", {"mail": report(POSTFIX, told).decode()})
        assert said.status_code == 200
        assert said.json() == {"said": f"Noted: mail to Rita Ruiz came back: {WHY}"}
        for wrong in ({}, {"mail": 7}, {"mail": "Hello"}, {"mail": "", "more": ""}):
            assert api.post("/api/mail/bounced", wrong).status_code == 422

    def test_of_the_worker_tells_of_a_new_device_under_a_name_of_ours(
        self, rita: User, post: Post
    ) -> None:
        trail.append(Kind.SIGNED_IN, Visitor("192.0.2.7", "Firefox/1"), person=rita)
        entry = trail.AccessEntry.objects.latest("position")
        alarms.tell_of_device(entry.pk)
        assert next(names.found(post.taken[0]["Message-ID"])) == (names.ACCOUNT, rita.pk)
