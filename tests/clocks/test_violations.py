"""What may not be kept, or was not, is recorded, and the customer is told in agreed words."""

from typing import Any

import pytest

from evenkeel.core.clocks import thresholds
from evenkeel.core.notices import jobs
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import User
from evenkeel.core.records.comments import Comment
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.web.screen import screens
from evenkeel.core.web.verbs import bar
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import violation as violations
from evenkeel.processes.services.models import Agreement, Violation
from tests.clocks.conftest import Agreeing, Case, after

GOLD = "P1: resolution 2 h\nP2: resolution 8 h"
TEXT = "Your {number} “{title}” should be solved within {within}, by {due}."


@pytest.fixture
def gold(agree: Agreeing, customer: Any) -> Agreement:
    return agree("Gold", GOLD, organisation=customer, customer_text=TEXT)


@pytest.fixture
def running(gold: Agreement, rita: User, sam: User) -> Case:
    """P2, due eight hours after the start."""
    return Case(rita, sam).work(after(0.1)).prioritise(2, after(0.1))


def recorded(running: Case) -> list[Any]:
    return list(Violation.objects.filter(about=running.record.pk).order_by("pk"))


def late(running: Case) -> Any:
    """The actual one."""
    thresholds.tell_all(at=after(9))
    return recorded(running)[-1]


@pytest.mark.django_db
@pytest.mark.row("ISRM-51")
class TestAViolation:
    def test_is_potential_at_three_quarters_and_actual_after_all(
        self, running: Case, gold: Agreement
    ) -> None:
        thresholds.tell_all(at=after(6))
        assert [one.level for one in recorded(running)] == ["potential"]
        thresholds.tell_all(at=after(9))
        first, second = recorded(running)
        assert (first.level, second.level) == ("potential", "actual")
        assert second.title == f"Resolution of {running.record.number} is violated"
        assert (second.agreement, second.agreement_version) == (gold, 1)
        assert (second.passed_at, second.organisation) == (after(9), gold.organisation)

    def test_is_recorded_once_however_often_the_job_runs(self, running: Case) -> None:
        for _ in range(3):
            thresholds.tell_all(at=after(9))
        assert len(recorded(running)) == 2
        told = (Incident, running.record.pk, "resolution", "breach", after(9))
        assert thresholds.tell(*told, by=User.objects.the_sms()) is False
        assert len(recorded(running)) == 2

    def test_is_not_recorded_where_the_telling_fails(
        self, running: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both are one transaction: whoever restarts finds both to do, or neither."""

        def falls(*_: Any) -> None:
            raise RuntimeError

        with monkeypatch.context() as broken:
            broken.setattr("evenkeel.core.rules.action.within", [falls])
            with pytest.raises(RuntimeError):
                thresholds.tell_all(at=after(6))
        assert recorded(running) == []
        thresholds.tell_all(at=after(6))
        assert len(recorded(running)) == 1

    def test_tells_the_owner_of_the_agreement_in_its_words(self, running: Case, mona: User) -> None:
        violation = late(running)
        assert violation.text == (
            f"Your {running.record.number} “Mail is down” should be solved within 8 h,"
            " by 4 May 2026, 17:00 UTC."
        )
        jobs.spread(entry=violation.entries.get().pk)
        (heard,) = Notice.objects.filter(recipient=mona, entry__verb="violations.record")
        assert heard.record_id == violation.pk

    def test_is_told_to_the_customer_by_whoever_works_on_the_case(
        self, running: Case, sam: User, rita: User
    ) -> None:
        told = violations.communicate(late(running), by=sam, at=after(10), text="Sorry, Rita.")
        assert (told.state, told.told_by, told.told_at) == ("communicated", sam, after(10))
        said = Comment.objects.get(record=running.record.pk)
        assert (said.text, said.said_by, said.audience) == ("Sorry, Rita.", sam, "public")
        with pytest.raises(Denied):
            violations.communicate(told, by=sam, at=after(11), text="Again.")
        assert Comment.objects.filter(record=running.record.pk).count() == 1

    def test_may_need_no_word_for_a_reason(self, running: Case, mona: User) -> None:
        waived = violations.waive(late(running), by=mona, at=after(10), reason="They know.")
        assert (waived.state, waived.is_open, waived.told_at) == ("waived", False, None)

    def test_offers_as_the_next_step_to_tell_and_never_to_say_nothing(
        self, running: Case, mona: User, sam: User
    ) -> None:
        violation = late(running)
        offered = {who: bar(violation, who) for who in (mona, sam)}
        assert [one.verb for one in [offered[mona].primary] if one] != ["waive"]
        assert "waive" in [button.verb for button in offered[mona].others]
        told = offered[sam].primary
        assert told is not None
        assert told.verb == "communicate"

    def test_begins_the_word_to_the_customer_with_the_text_of_the_agreement(
        self, running: Case
    ) -> None:
        violation = late(running)
        assert violation.begun("communicate") == {"text": violation.text}

    def test_is_not_seen_by_the_customer_nor_by_other_staff_who_do_not_see_the_case(
        self, running: Case, rita: User, mona: User, sam: User
    ) -> None:
        violation = late(running)
        other = User.objects.create_user("otto")
        seen = {
            who: Violation.objects.visible_to(who).filter(pk=violation.pk).exists()
            for who in (rita, other, mona, sam)
        }
        assert seen == {rita: False, other: False, mona: True, sam: True}

    def test_is_recorded_by_nobody_but_the_sms(self, running: Case, mona: User) -> None:
        with pytest.raises(Denied):
            violations.record(
                Violation(),
                by=mona,
                at=after(9),
                about=running.record,
                target="resolution",
                level="actual",
            )


@pytest.mark.django_db
@pytest.mark.row("IF-21")
class TestTheAgreement:
    def test_shows_what_was_violated_of_it(
        self, running: Case, gold: Agreement, mona: User, client: Any
    ) -> None:
        late(running)
        client.force_login(mona)
        page = client.get(gold.url).content.decode()
        assert f"Resolution of {running.record.number} is violated" in page
        found = screens["violations"].filtered(mona, {"agreement": gold.number, "level": "actual"})
        assert found.count() == 1

    def test_is_handed_over_to_somebody_who_works_on_agreements(
        self, gold: Agreement, mona: User, olga: User, rita: User
    ) -> None:
        assert gold.case_owner == mona
        assert agreements.hand_over(gold, by=mona, at=after(1), owner=olga).case_owner == olga
        with pytest.raises(Invalid, match="does not work on agreements"):
            agreements.hand_over(gold, by=mona, at=after(1), owner=rita)

    def test_refuses_a_text_into_which_nothing_can_be_filled(
        self, gold: Agreement, mona: User
    ) -> None:
        terms: dict[str, Any] = {
            "calendar": "Always",
            "targets": GOLD,
            "customer_text": "Dear {nobody}",
        }
        with pytest.raises(Invalid, match="not known"):
            agreements.draft(gold, by=mona, at=after(1), **terms)
