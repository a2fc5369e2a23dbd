"""The board by time to breach: its order, its parts and figures, its filters, its readers."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.clocks import board, thresholds
from evenkeel.core.clocks.board import Board
from evenkeel.core.clocks.models import Clock
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.testing.api import Api
from tests.clocks.conftest import Agreeing, Case, holder

pytestmark = pytest.mark.django_db
TARGETS = "P1: resolution 2 h\nP2: resolution 10 h\nP3: response 8 h, resolution 20 h, update 9 h"
QUERIES = 11  # of the page, whatever it shows; it may only fall


def before(now: datetime, hours: float) -> datetime:
    """So many hours ago."""
    return now - timedelta(hours=hours)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture(autouse=True)
def gold(agree: Agreeing, customer: Any, now: datetime) -> Any:
    """What is promised to the customer, in hours of 24x7."""
    return agree("Gold", TARGETS, before(now, 500), organisation=customer)


@pytest.fixture
def priya() -> User:
    return holder("priya", RoleType.PROCESS_MANAGER, "ISRM")


@pytest.fixture
def desk(priya: User) -> Client:
    client = Client()
    client.force_login(priya)
    return client


class Cases:
    """Cases that began so many hours ago, told of their thresholds up to now."""

    def __init__(self, rita: User, sam: User, now: datetime) -> None:
        self.rita, self.sam, self.now = rita, sam, now

    def begun(self, hours: float, priority: int, **fields: Any) -> Case:
        at = before(self.now, hours)
        return Case(self.rita, self.sam, at=at, **fields).work(at).prioritise(priority, at)

    def waiting(self, hours: float, priority: int) -> Case:
        """On hold for the user since an hour ago."""
        case = self.begun(hours, priority)
        return case.do("put_on_hold", before(self.now, 1), hold_reason="user")

    def told(self) -> None:
        thresholds.tell_all(at=self.now)


@pytest.fixture
def cases(rita: User, sam: User, now: datetime) -> Cases:
    return Cases(rita, sam, now)


def numbers(client: Client, query: str = "") -> list[str]:
    """The cases of the board, in its order."""
    page = client.get(f"/board/{query}").text
    return [part.split("<")[0] for part in page.split('<td class="number">')[1:]]


def tallies(client: Client, query: str = "") -> dict[str, tuple[str, str]]:
    """Part -> its figure and where that leads."""
    found = {}
    for part in client.get(f"/board/{query}").text.split('<a class="tally ')[1:]:
        name, url = part.split('"')[0].split()[0], part.split('href="')[1].split('"')[0]
        found[name] = part.split("<b>")[1].split("<")[0], url.replace("&amp;", "&")
    return found


class TestTheBoard:
    @pytest.mark.row("ISRM-47")
    def test_shows_a_case_at_80_per_cent_of_its_target_at_the_top(
        self, cases: Cases, desk: Client
    ) -> None:
        fresh = cases.begun(1, 2)
        nearly = cases.begun(8, 2)
        cases.told()
        assert numbers(desk) == [nearly.record.number, fresh.record.number]
        page = desk.get("/board/?within=4h").text
        assert page.index("80 % of the target used, 120 % by") < page.index("10 % of the target")

    def test_goes_by_the_clock_of_a_case_that_runs_out_first(
        self, cases: Cases, desk: Client
    ) -> None:
        """The first reply after 8 h, the next word after 9 h, the solution after 20 h."""
        case = cases.begun(1, 3)
        other = cases.begun(2, 2)
        assert numbers(desk) == [case.record.number, other.record.number]
        assert numbers(desk, "?clock=resolution") == [other.record.number, case.record.number]
        assert numbers(desk, "?clock=update") == [case.record.number]

    def test_goes_on_with_the_next_clock_once_the_first_is_stopped(
        self, cases: Cases, desk: Client, now: datetime
    ) -> None:
        case = cases.begun(6, 3).say(before(now, 5))
        page = desk.get("/board/").text
        assert numbers(desk) == [case.record.number]
        assert "<td>Next word</td>" in page  # after 9 h of silence, before 20 h in all

    def test_leaves_out_what_is_done_or_waits(self, cases: Cases, desk: Client) -> None:
        cases.begun(1, 2).do("resolve", cases.now, solution="Restarted")
        cases.waiting(2, 2)
        assert numbers(desk) == []
        assert "Nothing runs that could still be kept or broken." in desk.get("/board/").text

    def test_shows_who_has_it_and_for_what(
        self, cases: Cases, desk: Client, mail: Any, now: datetime
    ) -> None:
        cases.begun(1, 2, service=mail)
        page = desk.get("/board/").text
        for said in ("Mail is down", "Mail</td>", "Sam", "9 h 00 left", "P2"):
            assert said in page

    def test_is_read_in_pages_that_repeat_and_miss_nothing(
        self, cases: Cases, now: datetime
    ) -> None:
        made = [cases.begun(hours, 2).record.number for hours in (5, 4, 4, 4, 3, 1)]
        api, found, url = Api(cases.sam), [], "/api/board?limit=2"
        while url:
            said = api.get(url).json()
            found += [item["number"] for item in said["items"]]
            url = said["next"]
        assert found == made


class TestItsParts:
    @pytest.fixture
    def all_sorts(self, cases: Cases) -> dict[str, list[str]]:
        """Broken two; of three that run two run out within four hours; paused one."""
        made = {
            "broken": [cases.begun(30, 2), cases.begun(3, 1)],
            "ahead": [cases.begun(8, 2), cases.begun(7, 2), cases.begun(1, 2)],
            "paused": [cases.waiting(4, 2)],
        }
        cases.told()
        found = {part: [case.record.number for case in those] for part, those in made.items()}
        return found | {"due": found["ahead"][:2]}

    def test_are_counted_and_each_figure_leads_to_as_many(
        self, all_sorts: dict[str, list[str]], desk: Client
    ) -> None:
        told = tallies(desk, "?within=4h")
        assert {part: figure for part, (figure, _) in told.items()} == {
            part: str(len(those)) for part, those in all_sorts.items()
        }
        for part, (_, url) in told.items():
            query = url.removeprefix("/board/")
            assert numbers(desk, query) == all_sorts[part], part

    def test_run_out_by_the_moment_that_is_looked_ahead_to(
        self, all_sorts: dict[str, list[str]], priya: User, now: datetime
    ) -> None:
        """As many as the engine says will have used up their target, one by one."""
        until = board.horizon("4h", now)
        asked = Board(priya, now, until)
        ahead = [clock.read(until) for clock in asked.rows("ahead", None, 99)]
        targets = [clock.target for clock in asked.rows("ahead", None, 99)]
        used = [one.elapsed >= (target or 0) for one, target in zip(ahead, targets, strict=True)]
        assert sum(used) == asked.count("due") == 2

    def test_follow_the_filters(
        self, all_sorts: dict[str, list[str]], cases: Cases, desk: Client, mail: Any
    ) -> None:
        only = cases.begun(9, 2, service=mail).record.number
        query = f"?within=4h&service={mail.number}"
        assert numbers(desk, query) == [only]
        assert [figure for figure, _ in tallies(desk, query).values()] == ["1", "1", "0", "0"]
        assert numbers(desk, "?show=broken&priority=1") == [all_sorts["broken"][1]]

    def test_say_what_is_paused_for_what(
        self, all_sorts: dict[str, list[str]], desk: Client
    ) -> None:
        assert "paused, awaiting the user" in desk.get("/board/").text
        (number,) = all_sorts["paused"]
        assert numbers(desk, "?show=paused&why=awaiting+the+user") == [number]
        assert numbers(desk, "?show=paused&why=awaiting+the+moon") == []
        page = desk.get("/board/?show=paused").text
        assert "30 % of the target used, paused for 1 h 00" in page

    def test_name_the_reason_though_somebody_answered_meanwhile(
        self, cases: Cases, now: datetime, priya: User
    ) -> None:
        cases.waiting(4, 3).say(before(now, 0.5))
        asked = Board(priya, now, now, clock="update")
        assert asked.reasons() == [("awaiting the user", 1)]


class TestItsFilters:
    def test_are_those_of_the_lists(self, cases: Cases, desk: Client, sam: User) -> None:
        mine = cases.begun(1, 2).record.number
        other = cases.begun(2, 3)
        otto = holder("otto", RoleType.PROCESS_STAFF, "ISRM")
        other.do("assign", cases.now, case_owner=otto, reason="Knows the mail host.")
        assert numbers(desk, "?case_owner=sam") == [mine]
        assert numbers(desk, "?team=none&priority=3,2") == [other.record.number, mine]
        assert numbers(desk, "?of=service_requests") == []
        assert "Case owner: Sam" in desk.get("/board/?case_owner=sam").text

    @pytest.mark.parametrize(
        "query",
        [
            *("within=never", "show=all", "clock=sand", "of=people", "priority=9", "team=TEAM-999"),
            *(
                "case_owner=nobody",
                "show=paused&why=%00",
                "after=x",
                "after=9.99999999999999999999",
            ),
        ],
    )
    def test_refuse_what_cannot_be(self, desk: Client, priya: User, query: str) -> None:
        assert desk.get(f"/board/?{query}").status_code == 400
        assert Api(priya).get(f"/api/board?{query}").status_code == 422

    def test_are_named_where_a_program_asks_for_another(self, priya: User) -> None:
        assert Api(priya).get("/api/board?colour=red").status_code == 422


class TestWhoSeesIt:
    def test_is_offered_to_those_inside(self, desk: Client) -> None:
        assert 'href="/board/"' in desk.get("/").text
        assert "/board/" in desk.get("/palette/?q=board").text

    def test_is_nobody_else(self, rita: User, cases: Cases) -> None:
        cases.begun(1, 2)
        client = Client()
        client.force_login(rita)
        assert client.get("/board/").status_code == 403
        assert Api(rita).get("/api/board").status_code == 404
        nobody = Board(rita, cases.now, cases.now)
        assert (nobody.rows("ahead", None, 9), nobody.count("ahead")) == ([], 0)

    def test_holds_no_case_that_the_reader_may_not_see(
        self, cases: Cases, priya: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It begins at `visible_to`: where that leaves one out, so does the board."""
        from django.db.models import Q

        from evenkeel.core.records import visibility

        seen, hidden = cases.begun(1, 2).record, cases.begun(2, 2).record
        monkeypatch.setitem(visibility._visible, "incident", lambda user: ~Q(pk=hidden.pk))
        asked = Board(priya, cases.now, cases.now)
        assert [clock.record_id for clock in asked.rows("ahead", None, 9)] == [seen.pk]
        assert asked.count("ahead") == 1


class TestWhatItCosts:
    def test_is_the_same_for_two_cases_and_for_twenty(self, cases: Cases, desk: Client) -> None:
        costs = []
        for count in (2, 18):
            for hours in range(count):
                cases.begun(hours / 4, 2)
            desk.get("/board/")  # calendars and agreements are read once for all
            with CaptureQueriesContext(connection) as queries:
                desk.get("/board/")
            costs.append(len(queries))
        assert costs[0] == costs[1] <= QUERIES

    def test_goes_along_the_index_of_due_moments(self, cases: Cases, priya: User) -> None:
        for hours in (1, 2):
            cases.begun(hours, 2)
        asked = Board(priya, cases.now, cases.now)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            plans = [
                asked.of("ahead").order_by("due_at", "pk")[:50].explain(),
                asked.of("paused").order_by("record_id")[:50].explain(),
            ]
        assert "clock_by_time_to_breach" in plans[0]
        assert "clock_paused" in plans[1]
        assert "Sort" not in plans[0] + plans[1]


class TestTheHorizon:
    def test_is_in_the_hours_of_what_is_promised_everybody(self) -> None:
        """Which are those of the office; on a Friday at five, the next working day is Monday."""
        friday = datetime.fromisoformat("2026-05-08T17:00:00+00:00")
        assert [board.horizon(name, friday).isoformat() for name in board.HORIZONS] == [
            "2026-05-08T21:00:00+00:00",
            "2026-05-08T18:00:00+00:00",
            "2026-05-11T18:00:00+00:00",
        ]

    def test_is_midnight_where_nothing_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from evenkeel.core.clocks import agreeing

        monkeypatch.setattr(agreeing, "_keepers", [])
        friday = datetime.fromisoformat("2026-05-08T17:00:00+00:00")
        assert board.horizon("today", friday).isoformat() == "2026-05-09T00:00:00+00:00"


class TestPrograms:
    def test_read_the_same(self, cases: Cases, priya: User, mail: Any) -> None:
        number = cases.begun(8, 2, service=mail).record.number
        said = Api(priya).get("/api/board?within=4h").json()
        (item,) = said["items"]
        due: Any = Clock.objects.get().due_at
        assert datetime.fromisoformat(item.pop("due_at")) == due
        assert item.pop("elapsed") - 8 * 3600 in range(60)
        assert item.pop("expected") - 12 * 3600 in range(60)
        assert item == {
            "number": number,
            "title": "Mail is down",
            "state": "in_progress",
            "priority": 2,
            "service": mail.number,
            "team": None,
            "case_owner": "sam",
            "clock": "resolution",
            "paused_for": None,
            "target": 36_000,
            "paused": 0,
            "url": f"/api/incidents/{number}",
        }
        assert said["totals"] == {"ahead": 1, "due": 1, "broken": 0, "paused": 0}

    def test_list_it_on_the_command_line(self, cases: Cases, priya: User, capsys: Any) -> None:
        first, second = cases.begun(8, 2).record.number, cases.begun(1, 2).record.number
        waits = cases.waiting(3, 2).record.number
        assert cli.main(["board", "--within", "4h", "--as", "priya"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split("\t")[0] for line in lines] == [first, second]
        assert "80 % → 120 %" in lines[0]
        assert cli.main(["board", "priority=2", "--show", "paused", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert [(one["number"], one["paused_for"]) for one in said["items"]] == [
            (waits, "awaiting the user")
        ]
        assert cli.main(["board", "--as", "rita"]) == 0
        assert capsys.readouterr().out == ""

    def test_are_refused_a_filter_that_there_is_not(self, capsys: Any) -> None:
        assert cli.main(["board", "colour=red"]) == 1
        assert "no filter" in capsys.readouterr().err
        assert cli.main(["board", "team=TEAM-99"]) == 1
