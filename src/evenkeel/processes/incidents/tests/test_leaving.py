"""Somebody leaves: what was theirs is listed, goes to others, and only then do they go (R-70)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Person
from evenkeel.core.notices import spreading
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.people.sessions import Session
from evenkeel.core.records import sealing
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
do = registry.__getitem__


def someone(login: str) -> User:
    known = Person(title=login.title(), organisation=party())
    made = do("people.record")(known, by=User.objects.the_sms(), login=login)
    return User.objects.get(pk=made.user_id)


@pytest.fixture
def sms() -> User:
    return User.objects.the_sms()


@pytest.fixture
def leo() -> User:
    """He leaves."""
    return someone("leo")


def incident_of(owner: User | None, **more: Any) -> Incident:
    made: Incident = do("incidents.record")(
        Incident(title="Mail is slow"), by=User.objects.the_sms()
    )
    Incident.objects.filter(pk=made.pk).update(case_owner=owner, **more)
    made.refresh_from_db()
    return made


class TestWhoeverLeaves:
    def test_does_not_go_before_all_is_handed_over(self, sms: User, leo: User) -> None:
        owned = incident_of(leo)
        with pytest.raises(Invalid, match=f"{owned.number} are still theirs"):
            do("people.retire")(leo.person, by=sms, reason="Moves away")
        assert User.objects.get(pk=leo.pk).is_active
        do("people.hand_over")(leo.person, by=sms, to=someone("mia"), reason="Moves away")
        assert do("people.retire")(leo.person, by=sms, reason="Moves away").state == "left"

    def test_hands_over_to_several(self, sms: User, leo: User) -> None:
        one, two, _three = (incident_of(leo) for _ in range(3))
        mia, nora = someone("mia"), someone("nora")
        hand_over = do("people.hand_over")
        only = f"{one.number}, {two.number.lower()}"
        hand_over(leo.person, by=sms, to=mia, reason="Moves away", only=only)
        hand_over(leo.person, by=sms, to=nora, reason="Moves away")
        owners = Incident.objects.order_by("pk").values_list("case_owner", flat=True)
        assert list(owners) == [mia.pk, mia.pk, nora.pk]
        with pytest.raises(Invalid, match="Nothing is theirs"):
            hand_over(leo.person, by=sms, to=nora, reason="Again")

    def test_leaves_an_entry_on_every_record_and_in_their_own(self, sms: User, leo: User) -> None:
        owned, mia = incident_of(leo), someone("mia")
        do("people.hand_over")(leo.person, by=sms, to=mia, reason="Moves away")
        entry = owned.entries.latest("position")
        assert (entry.verb, entry.actor) == ("incidents.hand_over", sms)
        assert entry.difference == {"case_owner_id": [leo.pk, mia.pk]}
        assert entry.given == {"reason": "Moves away"}
        assert leo.person.entries.latest("position").given["records"] == [owned.number]
        assert list(sealing.broken()) == []

    def test_hands_over_tasks_and_the_lead_of_a_major_incident(self, sms: User, leo: User) -> None:
        other, mia = someone("nora"), someone("mia")
        led = incident_of(other, coordinator=leo)
        with_task = incident_of(other)
        do("incidents.add_task")  # is a verb; the task itself is put there
        task = with_task.tasks.create(title="Ask", assigned_to=leo, added_at=timezone.now())
        do("people.hand_over")(leo.person, by=sms, to=mia, reason="Moves away")
        led.refresh_from_db()
        task.refresh_from_db()
        assert (led.coordinator, led.case_owner) == (mia, other)
        assert task.assigned_to == mia
        assert with_task.entries.latest("position").given["tasks"] == "Ask – for Mia"

    def test_keeps_what_is_closed(self, sms: User, leo: User) -> None:
        done = incident_of(leo, is_open=False, state="closed")
        assert do("people.retire")(leo.person, by=sms, reason="Moves away").state == "left"
        assert Record.objects.get(pk=done.pk).case_owner == leo

    def test_is_handed_nothing_that_is_not_theirs(self, sms: User, leo: User) -> None:
        incident_of(leo)
        strange = incident_of(None)
        with pytest.raises(Invalid, match=f"{strange.number}: not theirs"):
            do("people.hand_over")(
                leo.person, by=sms, to=someone("mia"), reason="x", only=strange.number
            )

    def test_hands_over_to_somebody_who_can_take_it(self, sms: User, leo: User) -> None:
        incident_of(leo)
        gone = someone("gone")
        User.objects.filter(pk=gone.pk).update(is_active=False)
        gone.refresh_from_db()
        for nobody in (leo, gone, sms):
            with pytest.raises(Invalid, match="somebody else, who may sign in"):
                do("people.hand_over")(leo.person, by=sms, to=nobody, reason="x")

    def test_does_not_decide_that_alone(self, leo: User) -> None:
        incident_of(leo)
        with pytest.raises(Denied):
            do("people.hand_over")(leo.person, by=leo, to=someone("mia"), reason="x")

    def test_is_out_at_once_with_every_session_and_token(self, sms: User, leo: User) -> None:
        browser = Client()
        browser.force_login(leo)
        token = ApiToken.objects.create(
            person=leo, title="Report", digest=b"x" * 32,
            expires_at=timezone.now() + timedelta(days=9),
        )  # fmt: skip
        do("people.retire")(leo.person, by=sms, reason="Moves away")
        assert browser.get("/portal/").status_code == 302
        assert not Session.objects.filter(person=leo).exists()
        token.refresh_from_db()
        assert token.revoked_at is not None


class TestWhoeverTakesOver:
    def test_is_told(self, sms: User, leo: User) -> None:
        owned, mia = incident_of(leo), someone("mia")
        do("people.hand_over")(leo.person, by=sms, to=mia, reason="Moves away")
        with connection.cursor() as cursor:  # asked for in the transaction of the action
            cursor.execute("SELECT args->>'entry' FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
            assert cursor.fetchone() == (str(owned.entries.latest("position").pk),)
        spreading.spread(owned.entries.latest("position"), timezone.now())
        assert Notice.objects.get(recipient=mia).told_as == "new_owner"


class TestThePageOfAPerson:
    def test_lists_what_is_theirs(self, sms: User, leo: User) -> None:
        owned, olga = incident_of(leo), someone("olga")
        role = Record.objects.get(of_kind="role", role__role_type="sms_owner").in_full()
        do("roles.assign")(role, by=sms, person=olga)
        browser = Client()
        browser.force_login(olga)
        page = browser.get(f"/people/{leo.person.number}/").content.decode()
        assert "Theirs to hand over" in page
        assert owned.number in page
        assert "Hand over" in page
