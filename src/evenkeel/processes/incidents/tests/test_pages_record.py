"""The page of an incident as people meet it in a browser."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.clocks import derivation
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.links import Origin, Reference
from evenkeel.core.records.models import Attachment, Audience, Comment
from evenkeel.core.rules import registry
from evenkeel.core.web.screen import Group, Screen, screens
from evenkeel.core.web.verbs import bar
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/incidents/INC-1/"
# Session, account with its rights, record, entries, what hangs off it, names of accounts, comments.
QUERIES = 7
# Files, tasks, steps, links, records at their other ends, watchers, references, origins.
QUERIES_OF_WHAT_HANGS = 8


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def page(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def plain(text: str) -> str:
    """What is read, without markup."""
    body = text.split("<main", 1)[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as made:
        page(client)
    return len(made)


def hang(incident: Incident, by: User) -> None:
    """One of everything that can hang off a record."""
    name = by.username
    file = SimpleUploadedFile(f"{name}.txt", name.encode())
    registry["incidents.attach"](incident, by=by, file=file)
    registry["incidents.add_task"](incident, by=by, task=f"Ask {name}", steps="One\nTwo")
    registry["incidents.watch"](incident, by=by)
    other = incidents.record(Incident(), by=by, title=f"Seen by {name}")
    registry["incidents.link"](incident, by=by, target=other)
    Reference.objects.create(
        record=incident, relation="affected CI", system="old", outside_name=name
    )
    Origin.objects.create(
        record=incident,
        system="old",
        outside_id=name,
        fingerprint=b"",
        row={"Worker": "W. Orker"},
        imported_at=timezone.now(),
    )


class TestRecordPage:
    def test_is_not_there_for_those_who_may_not_see_the_record(
        self, incident: Incident, omar: User
    ) -> None:
        assert browser_of(omar).get(PAGE).status_code == 404

    def test_tells_what_was_done_by_whom_and_what_it_changed(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam)
        text = plain(page(desk))
        assert "Sam Sorel classified this" in text
        assert "Category: Mail" in text
        assert "Case owner: Mona Moen Sam Sorel" in text
        assert text.index("assigned this") < text.index("classified this")
        assert text.index("classified this") < text.index("Rita Ruiz recorded this")

    def test_says_how_long_a_service_was_gone_as_people_say_it(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        incidents.edit(incident, by=sam, started_at=incident.recorded_at - timedelta(days=7))
        down_for = incidents.resolve(incident, by=sam, solution="Restarted").down_for or 0
        assert down_for > 60
        text = plain(page(desk))
        assert f"Down for: {derivation.duration(down_for)}" in text
        assert f"Down for: {down_for}" not in text

    def test_tells_which_way_a_deed_came_that_was_done_on_no_page(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail", via=Via.REST)
        incidents.assign(incident, by=sam, case_owner=sam, via=Via.PAGE)
        lines = plain(page(desk)).split("Sam Sorel ")
        told = {line.split(" this ")[0]: "through the API" in line for line in lines[1:]}
        assert (told["classified"], told["assigned"]) == (True, False)

    def test_tells_the_reason_that_was_given(
        self, incident: Incident, rita: User, desk: Client
    ) -> None:
        incidents.cancel(incident, by=rita, reason="It was my own cable")
        assert "Reason: It was my own cable" in plain(page(desk))

    def test_costs_the_same_however_long_the_history_is(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam)
        registry["incidents.note"](incident, by=sam, text="Look at the queue")
        page(desk)
        assert queries(desk) == QUERIES
        for number in range(10):
            registry["incidents.note"](incident, by=sam, text=f"Note {number}")
            registry["incidents.edit"](incident, by=sam, title=f"Mail is down {number}")
        assert queries(desk) == QUERIES

    def test_costs_the_same_however_much_hangs_off_it(
        self, incident: Incident, sam: User, mona: User, desk: Client
    ) -> None:
        hang(incident, sam)
        page(desk)
        once = queries(desk)
        assert once <= QUERIES + QUERIES_OF_WHAT_HANGS
        hang(incident, mona)
        assert queries(desk) == once

    def test_shows_a_long_history_piece_by_piece(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        for number in range(30):
            registry["incidents.edit"](incident, by=sam, title=f"Mail is down {number}")
        text = page(desk)
        assert "recorded this" not in text
        older = re.search(r'hx-get="(\?before=\d+)"', text)
        assert older
        piece = desk.get(PAGE + older[1], headers={"HX-Request": "true"}).content.decode()
        assert "recorded this" in piece
        assert "<html" not in piece
        assert "recorded this" in page(desk, PAGE + older[1])

    def test_opens_why_a_priority_is_what_it_is(
        self, incident: Incident, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(screens, "incidents", screens["incidents"])  # put back afterwards
        Screen(
            Incident,
            ("number", "title"),
            (),
            (Group("Classification", ("priority",)),),
            because={"priority": "priority_because"},
        )
        Incident.objects.update(
            priority=2,
            priority_because={
                "text": "Impact 2 × urgency 2 gives P2.",
                "inputs": {"Impact": "2 · Department"},
                "scheme": "SCH-1",
                "version": 3,
            },
        )
        text = plain(page(desk))
        assert "Why P2? Impact 2 × urgency 2 gives P2. Impact 2 · Department" in text
        assert "SCH-1 , version 3" in text

    def test_keeps_what_is_internal_from_the_requester(
        self, incident: Incident, sam: User, rita: User, desk: Client
    ) -> None:
        registry["incidents.comment"](incident, by=sam, text="We look into it")
        registry["incidents.note"](incident, by=sam, text="The disk is full")
        incidents.classify(incident, by=sam, category="Mail")
        secret = SimpleUploadedFile("secret.txt", b"internal")
        registry["incidents.attach"](incident, by=sam, file=secret, audience=Audience.INTERNAL)
        registry["incidents.add_task"](incident, by=sam, task="Call the vendor")
        hang(incident, sam)
        inside, outside = plain(page(desk)), plain(page(browser_of(rita)))
        assert "We look into it" in outside
        for hidden in (
            "The disk is full",
            "secret.txt",
            "classified this",
            "Call the vendor",
            "W. Orker",
            "Affected CI",
        ):
            assert hidden in inside
            assert hidden not in outside

    def test_shows_links_from_both_sides_and_only_to_what_one_may_see(
        self, incident: Incident, sam: User, rita: User, desk: Client
    ) -> None:
        other = incidents.record(Incident(), by=sam, title="The server room is hot")
        registry["incidents.link"](incident, by=sam, target=other, kind="caused_by")
        assert "is caused by INC-2 The server room is hot" in plain(page(desk))
        assert "is the cause of INC-1 Mail is down" in plain(page(desk, "/incidents/INC-2/"))
        assert "server room" not in page(browser_of(rita))

    def test_shows_text_as_text(self, incident: Incident, sam: User, desk: Client) -> None:
        registry["incidents.comment"](incident, by=sam, text="<img src=x onerror=alert(1)>")
        assert "<img src=x" not in page(desk)


class TestMethods:
    def test_that_a_page_does_not_know_are_refused(self, incident: Incident, desk: Client) -> None:
        assert desk.post(PAGE).status_code == 405
        assert desk.put(f"{PAGE}classify/").status_code == 405
        assert desk.delete("/incidents/").status_code == 405


class TestVerbsOnThePage:
    def test_offer_the_next_step_and_say_why_others_are_refused(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        text = page(desk)
        primary = re.search(r'class="btn btn-primary" href="([^"]+)" hx-get', text)
        assert primary
        assert primary[1] == "/incidents/INC-1/assign/"
        assert "Reopen Not possible while it is classified." in plain(text)
        assert "Cancel Only the requester or the process manager" in plain(text)

    def test_offer_to_resolve_what_is_in_progress(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.assign(incident, by=sam, case_owner=sam)
        step = bar(Incident.objects.get(), sam).primary
        assert step
        assert step.verb == "resolve"

    def test_never_offer_to_reopen_as_the_next_step(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.resolve(incident, by=sam, solution="Restarted")
        primary = bar(Incident.objects.get(), sam).primary
        assert primary
        assert primary.verb == "close"

    def test_are_disabled_for_whom_they_are_refused(self, incident: Incident, rita: User) -> None:
        text = page(browser_of(rita))
        button = re.search(r"<button[^>]*aria-disabled=\"true\"[^>]*>Classify.*?</button>", text)
        assert button
        assert "Only the process staff" in button[0]

    def test_that_ask_nothing_are_done_at_once(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.put_on_hold(incident, by=sam, hold_reason="user")
        assert 'action="/incidents/INC-1/resume/"' in page(desk)
        response = desk.post("/incidents/INC-1/resume/", {"version": "3"}, follow=True)
        assert "INC-1 resumed." in response.content.decode()
        incident.refresh_from_db()
        assert incident.state == "in_progress"


class TestComposer:
    def test_sends_a_reply_with_files(self, incident: Incident, rita: User, desk: Client) -> None:
        files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")]
        sent = {"audience": "public", "text": "Please try again", "files": files}
        response = desk.post(f"{PAGE}say/", sent, follow=True)
        assert "Your reply is sent." in response.content.decode()
        comment = Comment.objects.get()
        assert {file.comment_id for file in Attachment.objects.all()} == {comment.pk}
        text = plain(page(browser_of(rita)))
        assert "Sam Sorel replied" in text
        assert "Please try again a.txt 1 kB b.txt" in text

    def test_keeps_a_note_and_its_files_inside(
        self, incident: Incident, rita: User, desk: Client
    ) -> None:
        file = SimpleUploadedFile("log.txt", b"one")
        desk.post(f"{PAGE}say/", {"audience": "internal", "text": "Look", "files": [file]})
        assert Attachment.objects.get().audience == "internal"
        assert "log.txt" not in page(browser_of(rita))

    def test_takes_a_form_once_however_often_it_is_sent(
        self, incident: Incident, desk: Client
    ) -> None:
        once = re.search(r'name="once" value="([^"]+)"', page(desk))
        assert once
        for _ in range(2):
            response = desk.post(
                f"{PAGE}say/", {"audience": "public", "text": "Hello", "once": once[1]}, follow=True
            )
        assert Comment.objects.count() == 1
        assert "stands here once" in response.content.decode()

    def test_keeps_what_was_typed_when_a_file_is_refused(
        self, incident: Incident, desk: Client
    ) -> None:
        file = SimpleUploadedFile("run.exe", b"MZ")
        sent = {"audience": "internal", "text": "Look at this", "files": [file]}
        response = desk.post(f"{PAGE}say/", sent)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Files that end in .exe are not taken" in text
        assert ">Look at this</textarea>" in text
        assert Comment.objects.count() == 0

    def test_says_how_large_a_file_may_be(
        self, incident: Incident, desk: Client, settings: Any
    ) -> None:
        settings.ATTACHMENT_LIMIT = 1_000_000
        file = SimpleUploadedFile("core.dump", b"x" * 1_000_001)
        response = desk.post(f"{PAGE}say/", {"audience": "public", "text": "", "files": [file]})
        assert response.status_code == 422
        assert "larger than 1 MB, the most that is taken" in response.content.decode()

    def test_lets_nobody_write_a_note_from_outside(self, incident: Incident, rita: User) -> None:
        client = browser_of(rita)
        assert 'value="internal"' not in page(client)
        response = client.post(f"{PAGE}say/", {"audience": "internal", "text": "Hm"})
        assert response.status_code == 403
        assert Comment.objects.count() == 0


class TestAttachment:
    def attached(self, incident: Incident, sam: User, name: str, **more: Any) -> str:
        file = SimpleUploadedFile(name, b"<script>alert(1)</script>")
        registry["incidents.attach"](incident, by=sam, file=file, **more)
        return f"/attachments/{Attachment.objects.latest('pk').pk}/"

    def test_is_saved_never_run(self, incident: Incident, sam: User, desk: Client) -> None:
        response = desk.get(self.attached(incident, sam, "page.html"))
        assert b"".join(response) == b"<script>alert(1)</script>"
        assert response["Content-Disposition"] == 'attachment; filename="page.html"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]

    def test_is_looked_at_in_place_if_it_is_a_picture(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        response = desk.get(self.attached(incident, sam, "shot.png"))
        assert response["Content-Disposition"].startswith("inline")
        assert desk.get(self.attached(incident, sam, "a.svg"))["Content-Disposition"].startswith(
            "attachment"
        )

    def test_is_not_there_for_others(
        self, incident: Incident, sam: User, rita: User, omar: User
    ) -> None:
        public = self.attached(incident, sam, "a.txt")
        internal = self.attached(incident, sam, "b.txt", audience=Audience.INTERNAL)
        answers = [
            browser_of(user).get(url).status_code
            for user in (rita, omar)
            for url in (public, internal)
        ]
        assert answers == [200, 404, 404, 404]


class TestTasks:
    def test_are_ticked_step_by_step_and_completed(
        self, incident: Incident, sam: User, desk: Client
    ) -> None:
        desk.post(f"{PAGE}add_task/", {"task": "Swap the disk", "steps": "Order\nMount"})
        steps = re.findall(r'name="step" value="(\d+)"', page(desk))
        assert len(steps) == 2
        refused = desk.post(f"{PAGE}complete_task/", {"task": task_of(page(desk))})
        assert refused.status_code == 422
        assert "Tick its open steps first." in refused.content.decode()
        for step in steps:
            desk.post(f"{PAGE}tick_step/", {"step": step})
        desk.post(f"{PAGE}complete_task/", {"task": task_of(page(desk))})
        text = plain(page(desk))
        assert "completed the task Swap the disk" in text
        assert "ticked Mount" in text


class TestWatching:
    def test_begins_and_ends_with_a_button(self, incident: Incident, desk: Client) -> None:
        desk.post(f"{PAGE}watch/")
        assert "Stop watching Sam Sorel" in plain(page(desk))
        desk.post(f"{PAGE}unwatch/")
        assert "Stop watching" not in plain(page(desk))


def task_of(text: str) -> str:
    found = re.search(r'name="task" value="(\d+)"', text)
    assert found
    return found[1]
