"""SVC-K1 and SVC-K2: availability by service, targets kept by customer, and what is behind them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.clocks import thresholds
from evenkeel.core.directory.models import Organisation
from evenkeel.core.figures import months, reading
from evenkeel.core.figures.declaring import figures
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.testing.api import Api
from evenkeel.core.web.charts import Chart
from evenkeel.processes.incidents.tests.conftest import browser_of
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Service, ServiceReport
from tests.clocks.conftest import Agreeing, Case, after, organisation

pytestmark = pytest.mark.django_db
K1, K2 = figures["SVC-K1"], figures["SVC-K2"]
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 15, tzinfo=UTC)
MAY = Month(2026, 5)
HOURS = 31 * 24  # of May
TARGETS = "P1: resolution 2 h\nP2: resolution 8 h"
PAGE = "/processes/services/figures/"


@pytest.fixture
def two(agree: Agreeing, mona: User, mail: Service) -> dict[str, Service]:
    """Mail, of which 99.5 % are promised, and files, of which nothing is."""
    files: Service = services.record(Service(), by=mona, at=after(days=-9), title="Files")
    how: dict[str, Any] = {"calendar": "Always", "at": APRIL}
    agree(
        "Mail", TARGETS, service=mail, availability="99.5 %", maintenance="Mon 10:00-12:00", **how
    )
    agree("Files", TARGETS, service=files, **how)
    return {"mail": mail, "files": files}


def out(case: Case, start: datetime, hours: float, **effect: Any) -> Case:
    case.do("assess", start, **{"effect": "disruption"} | effect)
    end = start + timedelta(hours=hours)
    how: dict[str, Any] = {"solution": "Restarted.", "cause": "software", "restored_at": end}
    return case.do("resolve", end + timedelta(hours=1), **how)


def worked(rita: User, sam: User, at: datetime, **fields: Any) -> Case:
    return Case(rita, sam, at=at, **fields).work(at).prioritise(1, at)


@pytest.fixture
def hurt(two: dict[str, Service], rita: User, sam: User) -> list[Case]:
    """Mail away for four hours of a Monday, files half away for six."""
    four = worked(rita, sam, after(0), service=two["mail"])
    six = worked(rita, sam, after(0, days=1), service=two["files"])
    return [
        out(four, after(0), 4),
        out(six, after(0, days=1), 6, effect="degradation", degree=50),
    ]


def read(figure: Any, user: User) -> reading.Reading:
    return reading.read(figure, user, months.last(JUNE), JUNE)


class TestAvailability:
    @pytest.mark.row("SVC-K1")
    def test_is_one_less_the_outages_of_the_agreed_hours_without_maintenance(
        self, hurt: list[Case], two: dict[str, Service], mona: User
    ) -> None:
        found = read(K1, mona)
        mail, files = found.cell(MAY, two["mail"].pk), found.cell(MAY, two["files"].pk)
        assert (mail.cases, mail.cases - mail.hits) == ((HOURS - 8) * 3600, 2 * 3600)
        assert (files.cases, files.cases - files.hits) == (HOURS * 3600, 3 * 3600)
        value = found.value(MAY)
        assert value == pytest.approx(100 * (1 - 5 / (2 * HOURS - 8)))

    @pytest.mark.row("SVC-K1")
    def test_is_what_a_service_report_of_the_month_says(self, hurt: list[Case], mona: User) -> None:
        planned: dict[str, Any] = {"title": "To come", "phase": "planned", "at": after(days=-9)}
        services.record(Service(), by=mona, **planned)  # it is no promise yet
        report: Any = reports.record(ServiceReport(), by=mona, at=JUNE)
        said = {row[0]: (row[1] - row[2], row[1]) for row in report.availability}
        found = read(K1, mona)
        assert said == {
            service: (found.cell(MAY, service).hits, found.cell(MAY, service).cases)
            for service in found.priorities
        }

    @pytest.mark.row("SVC-K1")
    def test_is_held_to_what_is_agreed_of_each_service_and_to_99_of_all(
        self, hurt: list[Case], two: dict[str, Service], mona: User
    ) -> None:
        found = read(K1, mona)
        aims = [found.target(of) for of in (two["mail"].pk, two["files"].pk, None)]
        assert [aim.at_least for aim in aims if aim] == [99.5, 99, 99]
        band = Chart(found, None).band
        assert band is not None
        assert Chart(found, two["mail"].pk).target == aims[0]

    @pytest.mark.row("SVC-K1")
    def test_opens_to_the_cases_behind_it(
        self, hurt: list[Case], two: dict[str, Service], mona: User, sam: User, rita: User
    ) -> None:
        page = browser_of(mona).get(f"{PAGE}SVC-K1/").text
        assert "Service availability" in page
        assert "Mail" in page
        assert f"SVC-K1/2026-05/?of={two['mail'].pk}" in page
        assert "734.0 of 736.0 h" in page
        address = f"/api/figures/SVC-K1/2026-05?of={two['mail'].number}"
        assert browser_of(rita).get(f"{PAGE}SVC-K1/").status_code == 404
        for _, records in reading.behind(
            K1, sam, MAY, priority=two["mail"].pk, part="miss", now=JUNE
        ):
            assert [one.number for one in records] == [hurt[0].record.number]
        assert Api(mona).get(address).status_code == 200

    def test_counts_a_month_up_to_now_and_none_before_anything_was_agreed(
        self, two: dict[str, Service], mona: User
    ) -> None:
        found = read(K1, mona)
        assert found.cell(Month(2026, 6), two["files"].pk).cases == 14 * 24 * 3600
        assert found.cell(Month(2025, 8)).cases == 0
        assert found.value(Month(2025, 8)) is None

    def test_asks_as_often_however_many_services_there_are(
        self, two: dict[str, Service], mona: User
    ) -> None:
        costs = []
        for number in range(3):
            services.record(Service(), by=mona, at=after(days=-9), title=f"Service {number}")
            read(K1, mona)
            with CaptureQueriesContext(connection) as made:
                read(K1, mona)
            costs.append(len(made))
        assert costs == [costs[0]] * 3


class TestTargetsKept:
    @pytest.fixture
    def kept(self, agree: Agreeing, customer: Organisation, rita: User, sam: User) -> list[Case]:
        """Of one customer one of two is kept; of another, two of two."""
        other = organisation("Polar Data Institute")
        for party in (customer, other):
            agree(party.title, TARGETS, organisation=party)
        pia = User.objects.create_user("pia", full_name="Pia Polk", organisation=other)
        made = []
        for requester, hours in ((rita, 1), (rita, 5), (pia, 1), (pia, 1)):
            case = worked(requester, sam, after(0))
            thresholds.tell_all(at=after(hours))
            made.append(case.do("resolve", after(hours), solution="Done.", cause="software"))
        return made

    @pytest.mark.row("SVC-K2")
    def test_are_a_share_of_those_decided_by_customer(
        self, kept: list[Case], customer: Organisation, mona: User
    ) -> None:
        found = read(K2, mona)
        cell = found.cell(MAY, customer.pk)
        assert (cell.hits, cell.cases, found.value(MAY, customer.pk)) == (1, 2, 50)
        assert found.value(MAY) == 75
        assert [found.named(of) for of in found.priorities] == [
            "Coastal Genomics",
            "Polar Data Institute",
        ]
        aim = found.target(customer.pk)
        assert aim is not None
        assert aim.at_least == 95

    @pytest.mark.row("SVC-K2")
    def test_are_what_a_service_report_counts(self, kept: list[Case], mona: User) -> None:
        report: Any = reports.record(ServiceReport(), by=mona, at=JUNE)
        found = read(K2, mona)
        for customer in found.priorities:
            about = {"what": "resolution", "customer": customer, "is_earlier": False}
            cell = found.cell(MAY, customer)
            assert report.count(**about, is_kept=True) == cell.hits
            assert report.count(**about) == cell.cases

    @pytest.mark.row("SVC-K2")
    def test_open_to_the_cases_of_a_customer_and_those_violated(
        self, kept: list[Case], customer: Organisation, sam: User, mona: User
    ) -> None:
        def numbers(part: str, of: int | None) -> list[str]:
            found = reading.behind(K2, sam, MAY, priority=of, part=part, now=JUNE)
            return sorted(one.number for _, records in found for one in records)

        all_of_them = sorted(one.record.number for one in kept)
        assert numbers("all", None) == all_of_them
        assert numbers("all", customer.pk) == sorted(one.record.number for one in kept[:2])
        assert numbers("miss", None) == numbers("miss", customer.pk) == [kept[1].record.number]
        assert numbers("hit", customer.pk) == [kept[0].record.number]

    @pytest.mark.row("SVC-K2")
    def test_are_drawn_with_their_band_and_read_as_file_and_over_rest(
        self, kept: list[Case], customer: Organisation, mona: User, rita: User
    ) -> None:
        browser = browser_of(mona)
        card = browser.get(f"{PAGE}?card=SVC-K2").text
        assert "Targets kept" in card
        assert "≥ 95 %" in card
        said = Api(mona).get(f"/api/figures/SVC-K2?of={customer.number}&months=36").json()
        assert (said["by"], said["at_least"]) == ("customer", 95)
        (may,) = [one for one in said["items"] if one["month"] == "2026-05"]
        assert (may["hits"], may["cases"], may["value"]) == (1, 2, 50)
        assert Api(mona).get("/api/figures/SVC-K2?priority=1").status_code == 422
        assert Api(mona).get("/api/figures/SVC-K2?of=ORG-99999").status_code == 422
        assert Api(rita).get("/api/figures/SVC-K2").status_code == 404
        rows = list(csv.DictReader(io.StringIO(browser.get(f"{PAGE}?format=csv").text)))
        assert {row["figure"] for row in rows} == {"SVC-K1", "SVC-K2"}
        assert "Every customer" in {row["priority"] for row in rows}
