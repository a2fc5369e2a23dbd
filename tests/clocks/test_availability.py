"""What is promised of the availability of a service, and whether it was kept (SVC-K1)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.tests.conftest import browser_of
from evenkeel.processes.services import queries
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import report as reports
from evenkeel.processes.services.actions.availability import Available
from evenkeel.processes.services.models import Agreement, Service, ServiceReport, promised
from evenkeel.processes.services.screens import cuts
from tests.clocks.conftest import Agreeing, Case, after

pytestmark = pytest.mark.django_db
JUNE = datetime(2026, 6, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARGETS = "P1: resolution 4 h"
MAY = 31 * 24 * 3600  # seconds


@pytest.fixture
def agreed(agree: Agreeing, mail: Service) -> Agreement:
    """All of May in UTC, but for two hours of maintenance on each of its four Mondays."""
    terms = {"availability": "99.5 %", "maintenance": "Mon 10:00-12:00"}
    at = datetime(2026, 4, 30, tzinfo=UTC)
    return agree("Mail", TARGETS, at, service=mail, calendar="Always", **terms)


def out(rita: User, sam: User, service: Service, start: datetime, hours: float) -> Case:
    """A disruption of so many hours."""
    case = Case(rita, sam, at=start, service=service).work(start).prioritise(2, start)
    case.do("assess", start, effect="disruption")
    end = start + timedelta(hours=hours)
    done: dict[str, Any] = {"solution": "Restarted.", "cause": "software"}
    return case.do("resolve", end + HOUR, **done, restored_at=end)


def counted(mona: User, service: Service) -> tuple[ServiceReport, Available]:
    report: Any = reports.record(ServiceReport(), by=mona, at=JUNE, service=service)
    ((_, now, _),) = cuts.available(report)
    return report, now


class TestAvailability:
    def test_is_counted_from_restored_times_without_agreed_maintenance(
        self, agreed: Agreement, mail: Service, mona: User, rita: User, sam: User
    ) -> None:
        out(rita, sam, mail, after(0), 2)  # Monday 9 to 11, of which one hour was agreed
        report, there = counted(mona, mail)
        assert there == Available(MAY - 4 * 2 * 3600, 3600, Decimal("99.5"))
        assert not there.falls_short
        page = browser_of(mona).get(f"{report.url}report/").text
        assert "99.5 %" in page
        assert "99.9 %" in page
        assert "<td>below</td>" not in page

    def test_falls_short_where_it_was_there_for_less_which_is_shown_and_counted(
        self, agreed: Agreement, mail: Service, mona: User, rita: User, sam: User
    ) -> None:
        out(rita, sam, mail, after(6), 3.69)  # 0.5 % of 736 hours are 3.68
        report, there = counted(mona, mail)
        assert there.falls_short
        assert cuts.short(report) == ("1", "0")
        page = browser_of(mona).get(f"{report.url}report/").text
        assert "<td>below</td>" in page
        assert "Services below their availability" in page

    def test_that_just_suffices_suffices(
        self, agreed: Agreement, mail: Service, mona: User, rita: User, sam: User
    ) -> None:
        out(rita, sam, mail, after(6), 3.68)
        assert not counted(mona, mail)[1].falls_short

    def test_of_a_customer_is_by_its_own_agreement(
        self, agree: Agreeing, agreed: Agreement, mail: Service, customer: Organisation, mona: User
    ) -> None:
        both = f"98 %\n{mail.title}: 99,9 %"
        gold = agree("Gold", TARGETS, organisation=customer, availability=both)
        assert promised.of(queries.read(gold.pk, 1).availability, mail.pk) == Decimal("99.9")
        assert promised.of(queries.read(gold.pk, 1).availability, mail.pk + 999) == Decimal("98")
        about: Any = {"service": mail, "organisation": customer}
        report: Any = reports.record(ServiceReport(), by=mona, at=JUNE, **about)
        assert report.availability[0][5] == "99.9"

    def test_of_which_nothing_is_promised_never_falls_short(
        self, agree: Agreeing, mail: Service, mona: User, rita: User, sam: User
    ) -> None:
        agree("Mail", TARGETS, datetime(2026, 4, 30, tzinfo=UTC), service=mail)
        out(rita, sam, mail, after(0), 400)
        _, there = counted(mona, mail)
        assert (there.target, there.falls_short) == (None, False)

    def test_of_a_report_made_before_there_were_promises_is_read_all_the_same(self) -> None:
        old = ServiceReport(availability=[[7, 100, 50, 100, 0]])
        assert list(cuts.available(old)) == [(7, Available(100, 50), Available(100, 0))]


class TestThePageOfTheService:
    def test_shows_this_month_for_each_agreement_and_opens_to_the_outages(
        self,
        agree: Agreeing,
        mail: Service,
        customer: Organisation,
        mona: User,
        rita: User,
        sam: User,
    ) -> None:
        now = timezone.now()
        how: dict[str, Any] = {"calendar": "Always", "service": mail}
        agree("Strict", TARGETS, organisation=customer, availability="99.999", **how)
        agree("Lenient", TARGETS, availability="0.1 %", **how)
        case = out(rita, sam, mail, now - HOUR, 0.5)
        browser = browser_of(sam)
        page = browser.get(mail.url).text
        month = page.split("Availability this month")[1].split("</table>")[0]
        lenient, strict = month.split("<tr>")[2:4]
        if now.day > 1:  # else it may have been in the last month
            assert "Strict, Coastal Genomics" in strict
            assert "99.999 %" in strict
            assert "falls short" in strict
            assert "Lenient" in lenient
            assert "falls short" not in lenient
            assert "falls short.</b>" in month
            assert "30 min" in strict
            behind = browser.get(f"{mail.url}report/cases/?month={now:%Y-%m}&what=out").text
            assert case.record.number in behind

    def test_is_not_for_those_who_only_use_it(
        self, agreed: Agreement, mail: Service, rita: User
    ) -> None:
        assert "Availability this month" not in browser_of(rita).get(mail.url).text


class TestThePromise:
    def test_is_drafted_shown_and_gone_on_from(self, agreed: Agreement, mona: User) -> None:
        assert agreed.begun("draft")["availability"] == "99.5 %"
        assert "Availability: 99.5 %" in browser_of(mona).get(agreed.url).text

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("much", "is no availability"),
            ("0 %", "more than 0 and at most 100"),
            ("101", "more than 0 and at most 100"),
            ("99.12345", "is no availability"),
            ("99\n98", "has two shares"),
            ("Teleport: 99 %", "no service called “Teleport”"),
        ],
    )
    def test_is_refused_where_it_is_unclear(self, text: str, why: str) -> None:
        with pytest.raises(Unclear, match=why):
            promised.read(text)

    def test_of_one_service_names_no_other(
        self, agreed: Agreement, mail: Service, mona: User
    ) -> None:
        terms: dict[str, Any] = {"calendar": "Always", "targets": TARGETS}
        with pytest.raises(Invalid, match="about one service"):
            agreements.draft(agreed, by=mona, at=after(), **terms, availability="Mail: 99 %")

    def test_of_the_starter_is_there(self) -> None:
        (default,) = Agreement.objects.all()
        assert default.begun("draft")["availability"] == "99 %"
