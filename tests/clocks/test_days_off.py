"""Days off of service calendars out of files and feeds: drafted, approved, then counted."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from evenkeel.core import cli
from evenkeel.core.clocks import calendars, days_off
from evenkeel.core.clocks.feeding import CalendarFeed
from evenkeel.core.jobs.listing import not_done
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.spreading import spread
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme, in_force
from evenkeel.core.testing.api import Api
from tests.clocks.conftest import START

pytestmark = pytest.mark.django_db
NAME = "Office hours"


def ics(*days: str, more: str = "") -> bytes:
    """A file with an event on each of these days."""
    events = [
        f"BEGIN:VEVENT\r\nSUMMARY:Closed\r\nDTSTART;VALUE=DATE:{day}\r\nEND:VEVENT\r\n"
        for day in days
    ]
    return f"BEGIN:VCALENDAR\r\n{''.join(events)}{more}END:VCALENDAR\r\n".encode()


BROKEN = (
    "BEGIN:VEVENT\r\nSUMMARY:For ever\r\nDTSTART;VALUE=DATE:20260601\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=0\r\nEND:VEVENT\r\n"
)


def scheme() -> Any:
    """The service calendars, as they stand in the database."""
    return Scheme.objects.get(scheme_kind=calendars.NAME, context=calendars.CONTEXT)


def drafted() -> Any:
    """The office hours as they are drafted."""
    version = scheme().open_draft()
    return version.read.named(NAME) if version else None


def read_days(by: User, data: bytes, at: datetime = START) -> Any:
    return days_off.read_days(
        scheme(), by=by, at=at, calendar=NAME, file=ContentFile(data, "closed.ics")
    )


class TestAFileThatIsHandedIn:
    def test_is_drafted_and_counts_when_it_is_approved(self, mona: User, olga: User) -> None:
        read_days(mona, ics("20260505"))
        tuesday = date(2026, 5, 5)
        held: Any = in_force(calendars.NAME, calendars.CONTEXT, START)
        assert held.read.named(NAME).on(tuesday) != ()
        assert drafted().days == ["2026-05-05 Closed"]
        later = START + timedelta(minutes=1)
        schemes.approve(scheme(), by=olga, at=later)
        held = in_force(calendars.NAME, calendars.CONTEXT, later)
        assert held.read.named(NAME).on(tuesday) == ()

    def test_tells_what_is_new_and_what_was_not_read(self, mona: User) -> None:
        done = read_days(mona, ics("20260505", "20260506", more=BROKEN))
        assert done.remark.startswith("2 days off are new. “For ever” is not read: its INTERVAL")
        entry = done.entries.get(verb="schemes.read_days")
        assert entry.given["new_days"] == {"2026-05-05": "Closed", "2026-05-06": "Closed"}
        assert len(entry.given["not_read"]) == 1

    def test_leaves_days_that_stand_there_as_they_are(self, mona: User) -> None:
        read_days(mona, ics("20260505"))
        done = read_days(mona, ics("20260505", "20260506"))
        assert done.remark == "One day off is new, 1 stood there already."
        assert drafted().days == ["2026-05-05 Closed", "2026-05-06 Closed"]

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"days", "no whole iCalendar file"),
            (ics(), "names no day off"),
            (ics(more=BROKEN), "“For ever” is not read"),
            (ics("19990101"), "names no day off"),
        ],
    )
    def test_is_refused_where_nothing_comes_of_it(self, mona: User, data: bytes, why: str) -> None:
        with pytest.raises(Invalid, match=why):
            read_days(mona, data)
        assert scheme().open_draft() is None

    def test_is_for_service_calendars_and_for_those_who_shape_them(self, mona: User) -> None:
        with pytest.raises(Denied, match="manager of its process"):
            read_days(User.objects.create_user("rolf"), ics("20260505"))
        other = Scheme.objects.exclude(scheme_kind=calendars.NAME).first()
        assert other is not None
        answer = days_off.read_days.may(User.objects.the_sms(), other)
        assert answer.reason == "Only for service calendars."

    def test_is_handed_in_by_page_rest_and_command(
        self, mona: User, client: Client, tmp_path: Any
    ) -> None:
        number = scheme().number
        client.force_login(mona)
        page = client.get(f"/schemes/{number}/")
        assert f"/schemes/{number}/read_days/" in page.content.decode()
        sent = {"calendar": NAME, "file": ContentFile(ics("20260505"), "a.ics")}
        assert client.post(f"/schemes/{number}/read_days/", sent).status_code == 302
        told = client.get(f"/schemes/{number}/").content.decode()
        assert "“Office hours”: “5 May 2026 Closed” is new." in told
        sent = {"calendar": NAME, "file": ContentFile(ics("20260506", more=BROKEN), "b.ics")}
        answer = Api(mona).send(f"/api/schemes/{number}/read_days", sent)
        assert answer.status_code == 200
        assert "“For ever” is not read" in answer.json()["remark"]
        (path := tmp_path / "c.ics").write_bytes(ics("20260507"))
        command = ["do", "schemes.read_days", number, "--as", "mona", "--calendar", NAME]
        assert cli.main([*command, "--file", str(path)]) == 0
        assert [day[:10] for day in drafted().days] == ["2026-05-05", "2026-05-06", "2026-05-07"]


class Feed:
    """A feed that says what it is told to say."""

    def __init__(self) -> None:
        self.says: bytes | None = ics("20260505")
        feed = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(404 if feed.says is None else 200)
                self.end_headers()
                self.wfile.write(feed.says or b"")

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}/closed.ics"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def end(self) -> None:
        """Answers no more."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def feed() -> Iterator[Feed]:
    made = Feed()
    yield made
    made.end()


def name_feed(by: User, address: str, at: datetime = START) -> None:
    """Draft a version whose office hours have a feed."""
    version: Any = in_force(calendars.NAME, calendars.CONTEXT, at)
    content = {"calendars": [dict(one) for one in version.content["calendars"]]}
    next(one for one in content["calendars"] if one["name"] == NAME)["feed"] = address
    schemes.draft(scheme(), by=by, at=at, content=content, because="A feed.")


class TestAFeed:
    def test_is_read_into_the_draft_that_names_it(self, mona: User, feed: Feed) -> None:
        name_feed(mona, feed.address)
        assert "core.read_new_feeds" in {one.name for one in not_done()}
        days_off.read_feeds(START, private=True)
        assert drafted().fed == {"2026-05-05": "Closed"}
        assert not days_off.unread(scheme())
        because = scheme().open_draft().because
        assert because == f"A feed.\nThe feed of “{NAME}” names other days off."

    def test_that_changes_is_drafted_and_moves_nothing_in_force(
        self, mona: User, olga: User, feed: Feed
    ) -> None:
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=True)
        schemes.approve(scheme(), by=olga, at=START)
        feed.says = ics("20260505", "20260506")
        later = START + timedelta(days=1)
        days_off.read_feeds(later, private=True)
        held: Any = in_force(calendars.NAME, calendars.CONTEXT, later)
        assert list(held.read.named(NAME).fed) == ["2026-05-05"]
        assert list(drafted().fed) == ["2026-05-05", "2026-05-06"]
        assert scheme().open_draft().drafted_by == User.objects.the_sms()
        edits = scheme().open_draft().read.edits_of(held.read)
        assert edits == [f"“{NAME}”: “6 May 2026 Closed” is new."]

    def test_tells_who_approves_it_that_a_draft_waits(
        self, mona: User, olga: User, feed: Feed
    ) -> None:
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=True)
        entry = scheme().entries.filter(verb="schemes.draft").last()
        spread(entry, START)
        told = {notice.recipient for notice in Notice.objects.filter(entry=entry)}
        assert told == {mona, olga}
        by_hand = scheme().entries.filter(verb="schemes.draft", actor=mona).last()
        assert list(spread(by_hand, START)) == []

    def test_that_says_the_same_drafts_nothing(self, mona: User, olga: User, feed: Feed) -> None:
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=True)
        schemes.approve(scheme(), by=olga, at=START)
        days_off.read_feeds(START + timedelta(days=1), private=True)
        assert scheme().open_draft() is None

    def test_that_forgets_what_is_over_drafts_nothing(
        self, mona: User, olga: User, feed: Feed
    ) -> None:
        feed.says = ics("20260505", "20260601")
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=True)
        schemes.approve(scheme(), by=olga, at=START)
        feed.says = ics("20260601")
        days_off.read_feeds(datetime(2026, 5, 10, tzinfo=UTC), private=True)
        assert scheme().open_draft() is None
        assert "2026-05-05" in CalendarFeed.objects.get().days

    def test_whose_draft_was_discarded_is_not_drafted_again_until_it_changes(
        self, mona: User, olga: User, feed: Feed
    ) -> None:
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=True)
        schemes.approve(scheme(), by=olga, at=START)
        feed.says = ics("20260505", "20260506")
        days_off.read_feeds(START + timedelta(days=1), private=True)
        schemes.discard(scheme(), by=mona, at=START + timedelta(days=1), reason="No.")
        days_off.read_feeds(START + timedelta(days=2), private=True)
        assert scheme().open_draft() is None

    def test_that_cannot_be_read_keeps_what_it_named_and_says_so(
        self, mona: User, feed: Feed, client: Client
    ) -> None:
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=True)
        feed.says = None
        days_off.read_feeds(START + timedelta(days=1), private=True)
        assert CalendarFeed.objects.get().days == {"2026-05-05": "Closed"}
        client.force_login(mona)
        page = client.get(f"/schemes/{scheme().number}/").content.decode()
        assert "Feeds of days off" in page
        assert "127.0.0.1 answered with 404." in page

    def test_of_our_own_network_is_not_read(self, mona: User, feed: Feed) -> None:
        name_feed(mona, feed.address)
        days_off.read_feeds(START, private=False)
        assert "network of our own" in CalendarFeed.objects.get().said
        assert drafted().fed == {}

    @pytest.mark.parametrize(
        "address", ["file:///etc/passwd", "https://name:secret@example.org/a.ics", "example.org"]
    )
    def test_has_an_address_that_can_be_read_and_has_no_secret(
        self, mona: User, address: str
    ) -> None:
        with pytest.raises(Invalid, match="begins with https"):
            name_feed(mona, address)
