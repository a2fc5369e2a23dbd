"""The figures of ISRM, held to a second way of counting, and to the cases that they open to."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.clocks.calendars import hours_of
from evenkeel.core.clocks.models import Clock
from evenkeel.core.figures import declaring, months, reading
from evenkeel.core.figures.declaring import EVERY, Target, Unit
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.testing.api import Api
from evenkeel.core.web.charts import Chart
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident, MajorIncidentReview, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/processes/incidents/figures/"
COUNTED = [figure.code for figure in declaring.of("incidents") if figure.counted]


class Plain(NamedTuple):
    """A case as the naive count takes it: when it counts, and what it says; None: no value."""

    number: str
    month: Month
    priority: int | None
    says: float | None


def cases() -> list[Any]:
    return [*Incident.objects.all(), *ServiceRequest.objects.all()]


def in_target(clock: str, records: Iterable[Any], moment: str) -> list[Plain]:
    clocks = {c.record_id: c for c in Clock.objects.filter(kind=clock) if c.target}
    return [
        Plain(one.number, Month.of(at), one.priority, float(clocks[one.pk].breached_at is None))
        for one in records
        if (at := getattr(one, moment)) and one.pk in clocks
    ]


def answered() -> list[Any]:
    clocks = {c.record_id: c for c in Clock.objects.filter(kind="response")}
    return [
        one
        for one in cases()
        if (clock := clocks.get(one.pk)) and (clock.phase == "stopped" or clock.breached_at)
    ]


def restored() -> list[Plain]:
    """Counted anew from both moments, in the hours of the clock."""
    found = []
    resolved: Any = Incident.objects.exclude(resolved_at=None)
    for one in resolved:
        clock = Clock.objects.filter(record_id=one.pk, kind="resolution").first()
        hours = None
        if clock and one.restored_at:
            began = one.down_again_at or one.started_at or one.recorded_at
            open_hours = hours_of(clock.calendar_id, clock.calendar_name, clock.zone)
            ends = int(began.timestamp()), int(one.restored_at.timestamp())
            hours = open_hours.count(*ends) / 3600
        found.append(Plain(one.number, Month.of(one.resolved_at), one.priority, hours))
    return found


def closed(says: Callable[[Any], float | None]) -> list[Plain]:
    return [
        Plain(one.number, Month.of(one.closed_at), one.priority, says(one))
        for one in cases()
        if one.state == "closed"
    ]


def reviewed() -> list[Plain]:
    due: Any = MajorIncidentReview.objects.exclude(due_at=None)
    return [
        Plain(
            one.number,
            Month.of(one.due_at),
            one.priority,
            float(bool(one.approved_at and one.approved_at <= one.due_at)),
        )
        for one in due
        if one.approved_at or one.due_at < timezone.now()
    ]


def backlog(now: datetime) -> list[Plain]:
    found = []
    for month in months.last(now):
        end = min(month.ends, now)
        for one in cases():
            if one.recorded_at < end and (one.closed_at is None or one.closed_at >= end):
                is_old = one.recorded_at < end - timedelta(days=30)
                found.append(Plain(one.number, month, one.priority, float(is_old)))
    return found


def plainly(code: str, now: datetime) -> list[Plain]:
    """What a figure counts, found by looking at every record."""
    found: dict[str, Callable[[], list[Plain]]] = {
        "ISRM-K1": lambda: in_target("resolution", Incident.objects.all(), "resolved_at"),
        "ISRM-K2": lambda: in_target("response", answered(), "recorded_at"),
        "ISRM-K3": restored,
        "ISRM-K4": lambda: closed(lambda one: float(one.reopened_at is not None)),
        "ISRM-K6": lambda: in_target("fulfilment", ServiceRequest.objects.all(), "fulfilled_at"),
        "ISRM-K7": lambda: [
            one for one in closed(lambda one: one.is_good_record) if one.says is not None
        ],
        "ISRM-K8": reviewed,
        "ISRM-K9": lambda: backlog(now),
        "ISRM-K10": lambda: closed(lambda one: one.satisfaction),
    }
    return found[code]()


def worked_out(code: str, found: list[Plain]) -> float | None:
    said = [one.says for one in found if one.says is not None]
    if not said:
        return None
    return sum(said) / len(said) * (100 if declaring.figures[code].is_share else 1)


@pytest.fixture
def greta(demo: None) -> User:
    """The auditor of the demonstration, who sees everything."""
    return User.objects.get(username="greta")


@pytest.fixture
def hana(demo: None) -> User:
    """The security staff, to whom a number opens to what is restricted, too."""
    return User.objects.get(username="hana")


class TestEveryFigure:
    @pytest.mark.row("ISRM-K1", "ISRM-K2", "ISRM-K3", "ISRM-K4", "ISRM-K6")
    @pytest.mark.row("ISRM-K7", "ISRM-K8", "ISRM-K9", "ISRM-K10")
    @pytest.mark.parametrize("code", COUNTED)
    def test_says_what_a_plain_count_says_for_each_month_and_priority(
        self, greta: User, code: str
    ) -> None:
        now = timezone.now()
        read = reading.read(declaring.figures[code], greta, months.last(now), now)
        found = plainly(code, now)
        assert found
        for month in read.months:
            for rank in (EVERY, 0, 1, 2, 3, 4, 5):
                there = [
                    one
                    for one in found
                    if one.month == month and rank in (EVERY, one.priority or 0)
                ]
                assert read.cell(month, rank).cases == len(there), (month, rank)
                expected = worked_out(code, there)
                assert read.value(month, rank) == (
                    None if expected is None else pytest.approx(expected)
                ), (month, rank)

    @pytest.mark.parametrize("code", COUNTED)
    def test_opens_to_the_cases_that_it_counted(self, hana: User, code: str) -> None:
        now, figure = timezone.now(), declaring.figures[code]
        read = reading.read(figure, hana, months.last(now), now)
        found = plainly(code, now)
        for month in read.months[-4:]:
            for rank in (EVERY, *read.priorities):
                there = [
                    one
                    for one in found
                    if one.month == month and rank in (EVERY, one.priority or 0)
                ]
                hits = [one for one in there if one.says or (not figure.is_share and one.says == 0)]
                opened = {
                    part: numbers(figure, hana, month, rank, part, now) for part in reading.PARTS
                }
                assert opened["all"] == sorted(one.number for one in there)
                assert opened["hit"] == sorted(one.number for one in hits)
                assert opened["miss"] == sorted({*opened["all"]} - {*opened["hit"]})
                cell = read.cell(month, rank)
                assert [cell.cases, cell.hits] == [len(opened["all"]), len(opened["hit"])]

    @pytest.mark.parametrize("code", COUNTED)
    def test_takes_one_query(self, greta: User, code: str) -> None:
        _ = greta.rights
        now = timezone.now()
        with CaptureQueriesContext(connection) as made:
            reading.read(declaring.figures[code], greta, months.last(now), now)
        assert len(made) == 1

    def test_has_something_to_show_and_to_find_in_the_demonstration(self, greta: User) -> None:
        now = timezone.now()
        off = set()
        for code in COUNTED:
            figure = declaring.figures[code]
            read = reading.read(figure, greta, months.last(now), now)
            values = [read.value(month) for month in read.months]
            assert any(value is not None for value in values), code
            target = figure.target()
            off |= {code for v in values if target and v is not None and not target.holds(v)}
        assert {"ISRM-K1", "ISRM-K4", "ISRM-K9"} <= off


def numbers(
    figure: Any, user: User, month: Month, priority: int | None, part: str, now: datetime
) -> list[str]:
    opened = reading.behind(figure, user, month, priority=priority, part=part, now=now)
    return sorted(
        number for _, found in opened for number in found.values_list("number", flat=True)
    )


class TestReaders:
    def test_count_only_what_they_may_see(self, demo: None) -> None:
        now, figure = timezone.now(), declaring.figures["ISRM-K4"]
        ben = User.objects.get(username="ben")
        read = reading.read(figure, ben, months.last(now), now)
        own = [one for one in closed(lambda one: 0.0) if requester(one.number) == "ben"]
        counted = sum(read.cell(month).cases for month in read.months)
        assert 0 < counted == len(own)
        assert reading.read(declaring.figures["ISRM-K8"], ben, read.months, now).cells == {}

    def test_find_no_page_when_they_are_outside(self, demo: None) -> None:
        outside = browser_of(User.objects.get(username="ben"))
        for address in (
            PAGE,
            f"{PAGE}ISRM-K1/",
            f"{PAGE}ISRM-K1/{months.last(timezone.now())[-1]}/",
        ):
            assert outside.get(address).status_code == 404


def requester(number: str) -> str:
    model = Incident if number.startswith("INC") else ServiceRequest
    return str(model.objects.values_list("requester__username", flat=True).get(number=number))


class TestPage:
    def test_has_a_place_for_every_figure_and_names_what_is_still_to_come(
        self, greta: User
    ) -> None:
        page = text(browser_of(greta).get(PAGE))
        for figure in declaring.of("incidents"):
            assert f'<h2 id="{figure.code}">' in page
            assert (f'hx-get="?card={figure.code}"' in page) is bool(figure.counted)
        assert "It waits for known errors" in page

    @pytest.mark.parametrize("code", COUNTED)
    def test_fetches_each_with_its_line(self, greta: User, code: str) -> None:
        card = text(browser_of(greta).get(f"{PAGE}?card={code}"))
        now, figure = timezone.now(), declaring.figures[code]
        read = reading.read(figure, greta, months.last(now), now)
        known = [month for month in read.months if read.value(month) is not None]
        assert "<html" not in card
        assert len(re.findall(r"<circle|<path class=.off", card)) == len(known)
        assert ('class="band"' in card) is (figure.target() is not None)

    @pytest.mark.parametrize("code", COUNTED)
    def test_leads_from_each_number_to_as_many_cases(self, hana: User, code: str) -> None:
        browser = browser_of(hana)
        page = text(browser.get(f"{PAGE}{code}/"))
        leads = re.findall(r'<a href="([^"]+)"[^>]*>[^<]+</a> <span[^>]*>[\d,]+ of ([\d,]+)<', page)
        assert leads
        for address, count in leads[:6]:
            behind = text(browser.get(address))
            assert f'<span class="count">{count}</span>' in behind
            shown = len(re.findall(r"data-open", behind))
            assert shown == min(int(count.replace(",", "")), 200)

    def test_shows_one_priority(self, greta: User) -> None:
        browser = browser_of(greta)
        page = text(browser.get(f"{PAGE}?priority=1"))
        assert re.search(r'class="chip on" href="\?priority=1"', page)
        assert 'hx-get="?card=ISRM-K3&amp;priority=1"' in page
        assert "target ≤ 4 h" in text(browser.get(f"{PAGE}?card=ISRM-K3&priority=1"))

    def test_gives_all_of_it_as_a_file(self, greta: User) -> None:
        answer = browser_of(greta).get(f"{PAGE}?format=csv")
        rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
        now = timezone.now()
        for code in COUNTED:
            read = reading.read(declaring.figures[code], greta, months.last(now), now)
            whole = [r for r in rows if r["figure"] == code and r["priority"] == "Every priority"]
            assert [int(row["cases"]) for row in whole] == [
                read.cell(month).cases for month in read.months
            ]

    @pytest.mark.parametrize(
        "address",
        [
            "ISRM-K99/",
            "ISRM-K1/2026-13/",
            "ISRM-K1/never/",
            "ISRM-K1/2999-01/",
            "ISRM-K1/2026-01/?part=x",
        ],
    )
    def test_is_not_there_for_what_is_no_figure_and_no_month(
        self, greta: User, address: str
    ) -> None:
        assert browser_of(greta).get(PAGE + address).status_code == 404

    def test_pages_through_many_cases(self, greta: User, monkeypatch: pytest.MonkeyPatch) -> None:
        from evenkeel.core.web import figures as pages

        monkeypatch.setattr(pages, "AT_ONCE", 7)
        browser, seen = browser_of(greta), []
        month = months.last(timezone.now())[-2]
        address = f"{PAGE}ISRM-K2/{month}/"
        while address:
            page = text(browser.get(address))
            seen += re.findall(r'<td class="number">(.*?)</td>', page)
            more = re.search(r'<a href="([^"]+)">The next ones', page)
            address = more[1].replace("&amp;", "&") if more else ""
        expected = numbers(declaring.figures["ISRM-K2"], greta, month, EVERY, "all", timezone.now())
        assert sorted(seen) == expected


def text(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestMeanTimeToRestore:
    def test_is_taken_back_when_the_case_is_reopened(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        done = incidents.resolve(incident, by=sam, solution="Restarted")
        assert done.down_for is not None
        again = incidents.reopen(done, by=sam, reason="Back")
        assert again.down_for is None

    def test_runs_from_the_moment_at_which_it_is_said_to_have_begun(
        self, incident: Incident, sam: User
    ) -> None:
        began = incident.recorded_at - timedelta(days=7)
        incidents.classify(incident, by=sam, category="Mail")
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        incidents.edit(incident, by=sam, started_at=began)
        done = incidents.resolve(incident, by=sam, solution="Restarted")
        clock = Clock.objects.get(record_id=done.pk, kind="resolution")
        ends = int(began.timestamp()), int(done.restored_at.timestamp())
        assert done.down_for == clock.hours.count(*ends) > 0

    def test_is_missing_where_no_hours_are_agreed(self, incident: Incident, sam: User) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        assert incidents.resolve(incident, by=sam, solution="Restarted").down_for is None


class TestMissingData:
    def test_is_no_zero(self, mona: User, db: None) -> None:
        now = timezone.now()
        read = reading.read(declaring.figures["ISRM-K1"], mona, months.last(now), now)
        assert [read.value(month) for month in read.months] == [None] * months.SHOWN
        assert Chart(read, EVERY).lines == []

    def test_says_so_on_the_page(self, mona: User, db: None) -> None:
        assert "no data" in text(browser_of(mona).get(f"{PAGE}?card=ISRM-K1"))


class TestMonth:
    def test_begins_and_ends_by_the_calendar_of_the_installation(self) -> None:
        december = Month(2026, 12)
        assert december.ends == Month(2027, 1).begins
        assert Month.of(december.begins - timedelta(seconds=1)) == Month(2026, 11)
        assert Month.read("2026-12") == december
        assert [str(one) for one in months.last(december.begins, 2)] == ["2026-11", "2026-12"]

    @pytest.mark.parametrize(
        "given", ["", "2026", "2026-00", "2026-13", "26-01", "2026-1", "²026-01"]
    )
    def test_is_not_read_from_anything_else(self, given: str) -> None:
        assert Month.read(given) is None


class TestTarget:
    @pytest.mark.parametrize(
        ("target", "value", "holds"),
        [
            (Target(at_least=90), 90, True),
            (Target(at_least=90), 89.9, False),
            (Target(at_most=5), 5, True),
            (Target(at_most=5), 5.1, False),
        ],
    )
    def test_holds_up_to_its_edge(self, target: Target, value: float, holds: bool) -> None:
        assert target.holds(value) is holds

    def test_is_that_of_the_priority_where_it_has_one(self) -> None:
        figure = declaring.figures["ISRM-K3"]
        assert figure.unit == Unit.HOURS
        assert (figure.target(), figure.target(1)) == (None, Target(at_most=4))


class TestDesk:
    def test_finds_the_figures_from_the_page_of_the_process(self, desk: Client) -> None:
        assert f'href="{PAGE}"' in text(desk.get("/processes/incidents/"))


class TestApi:
    def test_lists_the_figures_with_their_targets(self, greta: User) -> None:
        listed = Api(greta).get("/api/figures").json()["items"]
        said = [one for one in listed if one["code"].startswith("ISRM")]
        assert [one["code"] for one in said] == [f.code for f in declaring.of("incidents")]
        assert said[0]["at_least"] == 90

    @pytest.mark.parametrize("code", COUNTED)
    def test_says_what_the_page_says(self, greta: User, code: str) -> None:
        now, figure = timezone.now(), declaring.figures[code]
        read = reading.read(figure, greta, months.last(now), now)
        said = Api(greta).get(f"/api/figures/{code}?priority=3").json()["items"]
        for row, month in zip(said, read.months, strict=True):
            cell = read.cell(month, 3)
            assert [row["month"], row["cases"], row["hits"]] == [str(month), cell.cases, cell.hits]

    def test_gives_the_records_behind_a_number_page_by_page(self, greta: User) -> None:
        month = months.last(timezone.now())[-2]
        address, found = f"/api/figures/ISRM-K2/{month}?part=hit&limit=9", []
        api = Api(greta)
        while address:
            page = api.get(address).json()
            found += [one["number"] for one in page["items"]]
            address = page["next"]
        expected = numbers(declaring.figures["ISRM-K2"], greta, month, EVERY, "hit", timezone.now())
        assert sorted(found) == expected

    def test_is_not_for_those_outside(self, demo: None) -> None:
        ben = Api(User.objects.get(username="ben"))
        assert ben.get("/api/figures").json()["items"] == []
        assert ben.get("/api/figures/ISRM-K1").status_code == 404
