"""A supplier is told what waits for it: by mail, in words meant for it, and that is seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.clocks import thresholds
from evenkeel.core.directory.models import Organisation
from evenkeel.core.jobs.listing import not_done
from evenkeel.core.notices import letters
from evenkeel.core.notices.letters import Letter
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.testing.mail import Post
from evenkeel.processes.services.actions import violation as violations
from evenkeel.processes.services.models import Service, Violation
from tests.clocks.conftest import Agreeing, Case, after, organisation

pytestmark = pytest.mark.django_db
WORDS = "We wait for your technician since Monday."


@pytest.fixture
def netspan() -> Organisation:
    made = organisation("NetSpan", "supplier")
    _known(made, email="noc@netspan.example")
    return made


def _known(party: Organisation, **how: Any) -> None:
    """By which ways it is reached."""
    parties: Any = Organisation.objects.filter(pk=party.pk)
    parties.update(**how)


@pytest.fixture
def waiting(rita: User, sam: User, mail: Service, netspan: Organisation) -> Case:
    """A case that waits for a supplier."""
    case = Case(rita, sam, service=mail).work(after(1)).prioritise(2, after(1))
    return case.do("put_on_hold", after(2), hold_reason="supplier", supplier=netspan)


def letter() -> Letter:
    return Letter.objects.get()


class TestACaseThatWaits:
    def test_is_told_in_words_that_are_meant_for_them_and_no_others(
        self, waiting: Case, post: Post
    ) -> None:
        waiting.do("note", after(3), text="Their technician is slow, as ever.")
        now = timezone.now()
        waiting.do("tell_supplier", now, text=WORDS)
        assert "core.send_letters" in {one.name for one in not_done()}
        letters.send_due(now)
        (sent,) = post.taken
        assert sent["To"] == "noc@netspan.example"
        assert sent["Subject"] == f"{waiting.record.number}: we wait for you"
        assert sent.get_content().strip() == WORDS
        assert "Mail is down" not in str(sent)
        assert "slow" not in str(sent)
        assert (letter().mail, letter().tries) == ("sent", 1)
        letters.send_due(now + timedelta(days=1))
        assert len(post.taken) == 1

    def test_shows_those_inside_how_the_delivery_goes(
        self, waiting: Case, sam: User, client: Client, post: Post
    ) -> None:
        client.force_login(sam)
        now = timezone.now()
        waiting.do("tell_supplier", now, text=WORDS)

        def page() -> str:
            return client.get(waiting.record.url).content.decode()

        assert "Waits to be sent" in page()
        post.to_recipient = "450 come again"
        letters.send_due(now)
        assert "Waits to be sent: 450 come again" in page()
        post.to_recipient = "550 nobody here"
        letters.send_due(now + timedelta(hours=5))
        assert "Not delivered: 550 nobody here" in page()
        letters.send_due(now + timedelta(hours=9))
        assert letter().tries == 2

    def test_waits_for_a_server_that_is_away_and_is_given_up_after_days(
        self, waiting: Case, post: Post
    ) -> None:
        now = timezone.now()
        waiting.do("tell_supplier", now, text=WORDS)
        post.to_text = ""
        letters.send_due(now)
        assert letter().mail == "waiting"
        letters.send_due(now + timedelta(days=6))
        assert letter().mail == "failed"

    def test_says_nothing_of_it_to_the_user(
        self, waiting: Case, rita: User, client: Client
    ) -> None:
        waiting.do("tell_supplier", after(3), text=WORDS)
        client.force_login(rita)
        for address in (f"/portal/cases/{waiting.record.number}/", waiting.record.url):
            said = client.get(address, follow=True).content.decode()
            assert WORDS not in said
            assert "NetSpan" not in said

    def test_is_told_to_a_contact_person_where_there_is_no_address(
        self, waiting: Case, netspan: Organisation, post: Post
    ) -> None:
        nell = User.objects.create_user("nell", email="nell@netspan.example", organisation=netspan)
        _known(netspan, email="", contact_person=nell)
        waiting.do("tell_supplier", after(3), text=WORDS)
        assert letter().address == "nell@netspan.example"

    def test_is_not_told_where_nobody_can_be_or_waits(
        self, waiting: Case, netspan: Organisation, rita: User
    ) -> None:
        with pytest.raises(Denied):
            waiting.do("tell_supplier", after(3), rita, text=WORDS)
        _known(netspan, email="")
        with pytest.raises(Invalid, match="NetSpan has no e-mail address"):
            waiting.do("tell_supplier", after(3), text=WORDS)
        waiting.do("resume", after(4))
        with pytest.raises(Denied):
            waiting.do("tell_supplier", after(5), text=WORDS)
        assert not Letter.objects.exists()

    def test_opens_its_form_with_words_that_say_the_number_alone(self, waiting: Case) -> None:
        begun = waiting.fresh.begun("tell_supplier")["text"]
        assert waiting.record.number in begun
        assert "Mail is down" not in begun


class TestAViolation:
    @pytest.fixture
    def violated(
        self, agree: Agreeing, netspan: Organisation, mail: Service, rita: User, sam: User
    ) -> Any:
        """NetSpan promised two hours, and took longer."""
        agree("Line", "P2: resolution 2 h", agreement_kind="ua", organisation=netspan, service=mail)
        case = Case(rita, sam, service=mail).work(after(1)).prioritise(2, after(1))
        case.do("put_on_hold", after(2), hold_reason="supplier", supplier=netspan)
        thresholds.tell_all(at=after(9))
        found: Any = Violation.objects.get(level="actual", agreement__agreement_kind="ua")
        return found

    def test_of_a_supplier_is_told_to_it(self, violated: Any, mona: User, post: Post) -> None:
        now = timezone.now()
        violations.tell_supplier(violated, by=mona, at=now, text=WORDS)
        letters.send_due(now)
        assert [one["To"] for one in post.taken] == ["noc@netspan.example"]
        assert letter().record_id == violated.pk
        assert violated.about.title not in violated.begun("tell_supplier")["text"]

    def test_shows_its_delivery(self, violated: Any, mona: User, client: Client) -> None:
        violations.tell_supplier(violated, by=mona, at=after(10), text=WORDS)
        client.force_login(mona)
        page = client.get(violated.url).content.decode()
        assert "Told to suppliers" in page
        assert "noc@netspan.example" in page

    def test_of_what_we_promised_is_told_to_no_supplier(
        self, agree: Agreeing, customer: Organisation, rita: User, sam: User, mona: User
    ) -> None:
        agree("Gold", "P2: resolution 2 h", organisation=customer)
        Case(rita, sam).work(after(1)).prioritise(2, after(1))
        thresholds.tell_all(at=after(9))
        found: Any = Violation.objects.filter(level="actual").first()
        with pytest.raises(Denied):
            violations.tell_supplier(found, by=mona, at=after(10), text=WORDS)
