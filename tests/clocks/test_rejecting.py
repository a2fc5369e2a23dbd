"""Who was told that it is solved, and finds that it is not, says so on the portal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.models import Entry
from evenkeel.processes.incidents.actions import closing
from tests.clocks.conftest import Agreeing, Case

pytestmark = pytest.mark.django_db
REJECTED = {"reason": "Still no mail"}
WORKED = 2 * 3600  # seconds from the record to the solution


@pytest.fixture
def ritas(rita: User) -> Client:
    """The browser of the requester."""
    client = Client()
    client.force_login(rita)
    return client


@pytest.fixture(autouse=True)
def gold(agree: Agreeing, customer: Any) -> Any:
    return agree("Gold", "P2: resolution 8 h", organisation=customer)


def silent(rita: User, sam: User, done_at: datetime) -> Case:
    """Solved in two hours, and closed by itself because the user did not answer."""
    start = done_at - timedelta(seconds=WORKED)
    case = Case(rita, sam, at=start).work(start).prioritise(2, start)
    case.do("resolve", done_at, solution="Restarted")
    closed_at = closing.after_working_days(done_at, 5, closing.calendar_in_force(done_at))
    assert closing.close_unanswered(at=closed_at) == 1
    return case


def address(case: Case) -> str:
    return f"/portal/cases/{case.record.number}/reopen/"


class TestASolutionThatIsRejected:
    @pytest.mark.row("ISRM-23")
    def test_within_the_window_goes_on_under_its_number_with_its_clock(
        self, ritas: Client, rita: User, sam: User
    ) -> None:
        case = silent(rita, sam, timezone.now() - timedelta(days=10))
        number, clock = case.record.number, case.clock()
        assert (case.fresh.state, clock.phase, clock.elapsed) == ("closed", "stopped", WORKED)

        assert ritas.post(address(case), REJECTED).status_code == 302

        assert (case.fresh.number, case.fresh.state) == (number, "in_progress")
        entry = Entry.objects.get(record=case.record.pk, verb="incidents.reopen")
        assert entry.actor == rita
        clock = case.clock()
        assert (clock.phase, clock.elapsed) == ("running", WORKED)
        assert clock.due_at is not None
        left = timedelta(hours=8) - timedelta(seconds=WORKED)
        assert abs(clock.due_at - entry.at - left) < timedelta(seconds=2)

    def test_after_the_window_stays_closed_and_says_what_to_do_instead(
        self, ritas: Client, rita: User, sam: User
    ) -> None:
        case = silent(rita, sam, timezone.now() - timedelta(days=60))
        refused = ritas.post(address(case), REJECTED)
        assert refused.status_code == 422
        assert f"Report it anew and name {case.record.number}" in refused.content.decode()
        assert (case.fresh.state, case.clock().phase) == ("closed", "stopped")
