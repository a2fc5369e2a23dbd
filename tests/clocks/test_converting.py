"""A case that turns out to be of the other kind: its history stays, its clocks are those there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.clocks import thresholds
from evenkeel.core.clocks.models import Clock
from evenkeel.core.directory.models import Organisation
from evenkeel.core.notices import jobs as notices
from evenkeel.core.people.models import User
from evenkeel.core.records.links import Link
from evenkeel.core.records.tasks import Watch
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from tests.clocks.conftest import START, Agreeing, Case, after

pytestmark = pytest.mark.django_db
REASON = "She asks for more space; nothing is broken."


@pytest.fixture
def wish(agree: Agreeing, customer: Organisation, case: Case, sam: User) -> Case:
    """Reported as an incident, answered and prioritised, but it is a wish."""
    targets = "P2: response 2 h, resolution 8 h\nP3: response 4 h, fulfilment 40 h"
    agree("Gold", targets, organisation=customer)
    case.work(after(0.5)).prioritise(2, after(0.5)).say(after(1))
    registry["incidents.watch"](case.record, by=sam, at=after(1))
    return case


def converted(case: Case, hours: float = 3) -> ServiceRequest:
    case.do("convert", after(hours), wish="access", reason=REASON)
    found: Any = ServiceRequest.objects.get(continues=case.record.pk)
    return found  # type: ignore[no-any-return]


class TestConverting:
    @pytest.mark.row("R-01")
    def test_ends_the_old_case_and_begins_the_new_one_with_what_was_told(
        self, wish: Case, rita: User
    ) -> None:
        made = converted(wish)
        old = wish.fresh
        assert (old.state, old.is_open, old.continued_by_id) == ("converted", False, made.pk)
        told = ("title", "description", "channel", "requester_id", "organisation_id", "service_id")
        assert all(getattr(made, name) == getattr(old, name) for name in told)
        assert (made.state, made.category, made.wish) == ("classified", "Mail", "access")
        assert made.recorded_at == old.recorded_at == START
        assert Link.objects.filter(source=old.pk, target=made.pk, kind="reported_as").exists()
        assert Watch.objects.filter(record=made.pk).count() == 1
        last = old.entries.latest("position")
        assert last.given["into"] == made.number
        assert last.given["reason"] == REASON

    @pytest.mark.row("R-01")
    def test_switches_to_the_targets_of_the_other_kind_from_the_first_report_on(
        self, wish: Case
    ) -> None:
        made = converted(wish)
        assert wish.clock("resolution").phase == "cancelled"
        clocks = {clock.kind: clock for clock in Clock.objects.filter(record=made.pk)}
        assert made.priority == 3  # by the special rule for requests
        assert clocks["fulfilment"].target == 40 * 3600
        assert "resolution" not in clocks
        assert clocks["fulfilment"].due_at == START + timedelta(hours=40)
        assert clocks["response"].phase == "stopped"  # she was answered within the hour
        assert clocks["response"].breached_at is None

    def test_tells_of_no_breach_that_there_was_not(self, wish: Case) -> None:
        made = converted(wish)
        thresholds.tell_all(at=after(6))
        fresh = ServiceRequest.objects.get(pk=made.pk)
        assert not fresh.is_breached

    @pytest.mark.row("R-01")
    def test_shows_both_histories(self, wish: Case, sam: User) -> None:
        made = converted(wish)
        browser = Client()
        browser.force_login(sam)
        new = browser.get(made.url).content.decode()
        assert f"Before, as {wish.record.number}" in new
        assert "We are looking." in new
        old = browser.get(wish.record.url).content.decode()
        assert made.number in old
        assert REASON in old

    def test_keeps_its_requester_informed(self, wish: Case, rita: User) -> None:
        made = converted(wish)
        for entry in (*wish.record.entries.all(), *made.entries.all()):
            notices.spread(entry=entry.pk)
        browser = Client()
        browser.force_login(rita)
        told = browser.get("/notices/").content.decode()
        assert f"goes on under the number {made.number}" in told
        said = browser.get(f"/portal/cases/{wish.record.number}/").content.decode()
        assert "Goes on" in said
        assert made.number in said
        assert browser.get(f"/portal/cases/{made.number}/").status_code == 200

    def test_goes_the_other_way_too(self, wish: Case, sam: User) -> None:
        made = converted(wish)
        convert = registry["service_requests.convert"]
        convert(made, by=sam, at=after(4), reason="It is broken after all.")
        third: Any = Incident.objects.get(continues=made.pk)
        assert (third.state, third.recorded_at) == ("classified", START)
        assert Clock.objects.get(record=third.pk, kind="resolution").due_at

    def test_of_what_is_new_leaves_it_to_be_classified(self, case: Case) -> None:
        made = converted(case, 1)
        assert (made.state, made.category, made.priority) == ("new", "", None)

    def test_is_refused_while_something_is_to_be_done(self, wish: Case, rita: User) -> None:
        wish.do("add_task", after(1), task="Call her")
        with pytest.raises(Invalid, match="One of its tasks is still open"):
            converted(wish)
        with pytest.raises(Denied):
            wish.do("convert", after(2), rita, wish="access", reason="I say so.")

    def test_is_refused_for_what_is_bound_to_other_incidents(
        self, wish: Case, rita: User, sam: User
    ) -> None:
        other = Case(rita, sam, at=after(1))
        other.do("join_parent", after(1), parent=wish.record)
        with pytest.raises(Invalid, match="so it is an incident"):
            converted(wish)
        with pytest.raises(Invalid, match="remove that link first"):
            converted(other)

    def test_ends_what_was_there_for_good(self, wish: Case, sam: User) -> None:
        converted(wish)
        with pytest.raises(Denied):
            wish.do("comment", after(4), text="More of it.")
        with pytest.raises(Denied):
            wish.do("reopen", after(4), reason="Back.")
