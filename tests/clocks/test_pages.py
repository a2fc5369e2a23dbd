"""What people and programs see of clocks: bars, derivations, lists, the API."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.testing.api import Api
from tests.clocks.conftest import Agreeing, Case, after, organisation

pytestmark = pytest.mark.django_db
GOLD = "P1: response 30 min, resolution 2 h\nP2: response 1 h, resolution 8 h"


@pytest.fixture(autouse=True)
def gold(agree: Agreeing, customer: Any) -> Any:
    return agree("Gold", GOLD, organisation=customer)


@pytest.fixture
def desk(sam: User) -> Client:
    client = Client()
    client.force_login(sam)
    return client


@pytest.fixture
def solved(case: Case) -> Case:
    """Answered after a quarter of an hour, on hold for three hours, solved after two of its own."""
    case.work(after(0.1)).prioritise(2, after(0.1)).say(after(0.25))
    case.do("put_on_hold", after(1), hold_reason="user").do("resume", after(4))
    return case.do("resolve", after(5), solution="Restarted")


@pytest.mark.row("ISRM-07")
class TestThePageOfACase:
    def test_shows_each_clock_with_what_is_left_in_service_hours(
        self, desk: Client, agree: Agreeing, gold: Any, rita: User, sam: User
    ) -> None:
        agree.again(gold, "P1: resolution 400 h, response 300 h", timezone.now())
        case = Case(rita, sam, at=timezone.now()).prioritise(1, timezone.now())
        page = desk.get(case.record.url).content.decode()
        assert "<b>First reply</b>" in page
        assert "400 h 00 left" in page
        assert 'aria-label="0 % of the target used, ' in page
        assert "of 400 h" in page

    def test_shows_what_was_kept_and_what_was_not(self, desk: Client, solved: Case) -> None:
        assert "kept, after 2 h 00" in desk.get(solved.record.url).content.decode()
        late = Case(solved.requester, solved.staff).prioritise(1, after(0.1)).work(after(0.1))
        late.do("resolve", after(3), solution="Restarted")
        assert "breached, 1 h 00 over" in desk.get(late.record.url).content.decode()

    def test_draws_what_counted_was_paused_and_is_expected_by_the_end_of_the_day(
        self, desk: Client, agree: Agreeing, gold: Any, rita: User, sam: User
    ) -> None:
        now = timezone.now()
        agree.again(gold, "P2: resolution 400 h", now - timedelta(hours=20))
        case = Case(rita, sam, at=now - timedelta(hours=10)).work(now - timedelta(hours=10))
        case.prioritise(2, now - timedelta(hours=10))
        case.do("put_on_hold", now - timedelta(hours=8), hold_reason="user")
        case.do("resume", now - timedelta(hours=2))
        page = desk.get(case.record.url).content.decode()
        bar = page.split('<svg class="course calm"')[1].split("</svg>")[0]
        drawn = re.findall(r'rect class="(\w+)" x="([\d.]+)" width="([\d.]+)"', bar)
        assert [sort for sort, _, _ in drawn] == ["counted", "paused", "counted", "ahead"]
        widths = [float(width) for _, _, width in drawn]
        assert widths[0] == widths[2] == pytest.approx(widths[1] / 3, abs=0.2)
        assert "paused for 6 h 00" in page
        assert "1 % of 400 h" in page

    def test_says_why_this_agreement(self, desk: Client, solved: Case) -> None:
        page = desk.get(solved.record.url).content.decode()
        assert "Coastal Genomics has AGR-" in page
        assert "about all services. Version 1 held." in page

    def test_opens_each_clock_to_its_derivation(self, desk: Client, solved: Case) -> None:
        shown = desk.get(f"{solved.record.url}clock/resolution/").content.decode()
        for step in (
            "Mon 4 May 2026 09:00–10:00 counted, 1 h 00",
            "Mon 4 May 2026 10:00–13:00 paused awaiting the user, 3 h 00 not counted",
            "Mon 4 May 2026 13:00–14:00 counted, 1 h 00",
            "<b>2 h 00</b> of 8 h, in the hours of “Always” (UTC).",
        ):
            assert step in shown
        assert desk.get(f"{solved.record.url}clock/update/").status_code == 404

    def test_hides_them_from_who_may_not_see_the_case(self, solved: Case) -> None:
        client = Client()
        client.force_login(User.objects.create_user("omar"))
        assert client.get(f"{solved.record.url}clock/resolution/").status_code == 404

    def test_costs_one_query_more_and_none_where_nothing_is_promised(
        self, desk: Client, case: Case, rita: User, sam: User
    ) -> None:
        case.prioritise(2, after(0.1))
        plain = Case(rita, sam)
        made = []
        for record in (plain.record, case.record):
            desk.get(record.url)
            with CaptureQueriesContext(connection) as queries:
                desk.get(record.url)
            made.append([one for one in queries if "core_clock" in one["sql"]])
        assert list(map(len, made)) == [0, 1]


class TestTheList:
    def test_shows_first_what_is_due_first(self, desk: Client, rita: User, sam: User) -> None:
        for priority in (2, 1):
            Case(rita, sam).prioritise(priority, after(0.1)).say(after(0.2))
        page = desk.get("/incidents/?is_open=yes&sort=due_at").content.decode()
        assert page.index("INC-2") < page.index("INC-1")
        assert 'aria-current="true">Next due</a>' in page

    def test_finds_what_is_breached(
        self, desk: Client, solved: Case, rita: User, sam: User
    ) -> None:
        late = Case(rita, sam).work(after(0.1)).prioritise(1, after(0.1))
        late.do("resolve", after(3), solution="Restarted")
        page = desk.get("/incidents/?is_breached=yes").content.decode()
        assert late.record.number in page
        assert solved.record.number not in page
        assert "Target breached: Yes" in page

    def test_finds_what_an_agreement_governs(self, desk: Client, solved: Case, gold: Any) -> None:
        page = desk.get(f"/incidents/?agreement={gold.number}").content.decode()
        assert solved.record.number in page


class TestTheApi:
    def test_says_when_a_case_is_due_and_by_which_agreement(
        self, case: Case, sam: User, gold: Any
    ) -> None:
        case.prioritise(1, after(0.1))
        said = Api(sam).get(f"/api/incidents/{case.record.number}").json()
        assert (said["agreement"], said["is_breached"]) == (gold.number, False)
        assert said["due_at"].startswith("2026-05-04T09:30:00")


class TestTheSchemeOfCalendars:
    def test_is_drafted_on_a_page_and_copies_in_the_holidays(self, mona: User, olga: User) -> None:
        from evenkeel.core.schemes import actions
        from evenkeel.core.schemes.models import Scheme

        scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
        client = Client()
        client.force_login(mona)
        sent = {
            "calendar-1-name": "Office hours",
            "calendar-1-hours": "Mon-Thu 08:00-12:00 13:00-18:00; Fri 08:00-14:00",
            "calendar-1-zone": "Europe/Berlin",
            "calendar-1-country": "DE",
            "calendar-1-region": "BY",
            "calendar-1-days": "2026-12-24 08:00-12:00\n2026-08-17 Summer party\n",
            "version": str(scheme.version),
        }
        assert client.post(f"/schemes/{scheme.number}/draft/", sent).status_code == 302
        (drafted,) = scheme.open_draft().content["calendars"]
        assert drafted["holidays"][f"{timezone.now().year + 9}-12-25"]
        assert drafted["days"] == ["2026-12-24 08:00-12:00", "2026-08-17 Summer party"]
        page = client.get(scheme.url).content.decode()
        assert "the hours become “Mon-Thu 08:00-12:00 13:00-18:00; Fri 08:00-14:00”" in page
        assert "“Always” is taken out." in page
        assert "“Office hours”: “24 Dec 2026 08:00-12:00” is new." in page
        actions.approve(scheme, by=olga)
        held = client.get(scheme.url).content.decode()
        assert "<li>24 Dec 2026 08:00-12:00</li><li>17 Aug 2026 Summer party</li>" in held
        assert "2026-12-24" not in held
        assert "2026-12-24 08:00-12:00" in client.get(f"{scheme.url}draft/").content.decode()

    def test_says_what_is_not_understood(self, mona: User) -> None:
        from evenkeel.core.schemes.models import Scheme

        scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
        client = Client()
        client.force_login(mona)
        sent = {"calendar-1-name": "A", "calendar-1-hours": "always", "calendar-1-zone": "UTC"}
        answer = client.post(f"/schemes/{scheme.number}/draft/", sent)
        assert answer.status_code == 422
        assert "is no day of the week" in answer.content.decode()


class TestDraftingAnAgreement:
    def test_goes_on_from_the_terms_that_hold(self, mona: User, gold: Any) -> None:
        client = Client()
        client.force_login(mona)
        page = client.get(f"{gold.url}draft/").content.decode()
        assert "P1: response 30 min, resolution 2 h\nP2: response 1 h, resolution 8 h" in page


@pytest.mark.row("BASE-02")
class TestThePageOfAService:
    def test_shows_who_is_promised_what_and_what_is_open(
        self, desk: Client, gold: Any, mail: Any, rita: User, sam: User
    ) -> None:
        for _ in range(2):
            Case(rita, sam, service=mail)
        done = Case(rita, sam, service=mail).work(after(0.1))
        done.do("resolve", after(1), solution="Restarted").do("close", after(2), by=rita)
        page = desk.get(mail.url).content.decode()
        assert f'<a href="/incidents/?service={mail.number}&amp;is_open=yes">2 open</a>' in page
        assert "Promised to customers" in page
        assert gold.number in page
        assert "P1: response 30 min, resolution 2 h<br>P2: response 1 h, resolution 8 h" in page
        listed = desk.get(f"/incidents/?service={mail.number}&is_open=yes&only=count")
        assert listed.content == b"2"

    def test_shows_a_customer_their_own_agreement_alone(
        self, agree: Agreeing, gold: Any, mail: Any, rita: User
    ) -> None:
        foreign = agree("Silver", GOLD, organisation=organisation("Others"))
        client = Client()
        client.force_login(rita)
        page = client.get(mail.url).content.decode()
        assert gold.number in page
        assert foreign.number not in page
