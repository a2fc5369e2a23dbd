"""What is over loses the people in it, as the approved rules say, and stays evidence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind, Visitor
from evenkeel.core.privacy import jobs, retention
from evenkeel.core.privacy.models import Anonymised
from evenkeel.core.records import checkpoints, evidence, sealing
from evenkeel.core.records.models import Attachment, Comment, Entry
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.schemes import retention as schemes
from evenkeel.core.schemes import starter
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.search import find
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
do = registry.__getitem__
LONG_AGO = timezone.now() - timedelta(days=800)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sms() -> User:
    return User.objects.the_sms()


@pytest.fixture
def rules(sms: User) -> Scheme:
    """Incidents after a year, sign-ins after thirty days."""
    starter.record_starters(at=LONG_AGO)
    scheme = Scheme.objects.get(scheme_kind=schemes.NAME)
    content = {
        "kinds": [{"kind": "incident", "months": 12}],
        "rest": [{"what": "sign_ins", "days": 30}],
    }
    do("schemes.draft")(scheme, by=sms, content=content, because="Agreed with the officer")
    do("schemes.approve")(scheme, by=sms)
    return scheme


def closed(rita: User, sam: User, at: datetime) -> Incident:
    """An incident with words in every place, cancelled at that moment."""
    how: Any = {"at": at}
    made: Incident = do("incidents.record")(
        Incident(), by=rita, title="Rita cannot print", description="Call Rita", **how
    )
    do("incidents.comment")(made, by=rita, text="Ask Rita", **how)
    do("incidents.note")(made, by=sam, text="Rita again", **how)
    do("incidents.attach")(made, by=rita, file=ContentFile(b"Rita", name="rita.txt"), **how)
    made.refresh_from_db()
    do("incidents.cancel")(made, by=rita, reason="Rita fixed it", **how)
    made.refresh_from_db()
    assert not made.is_open
    return made


@pytest.mark.usefixtures("rules")
class TestAnonymised:
    def test_loses_its_people_and_keeps_its_figures(self, rita: User, sam: User) -> None:
        old = closed(rita, sam, LONG_AGO)
        checkpoints.seal(Entry.objects.latest("pk").pk)
        jobs.anonymise()
        now = Incident.objects.get(pk=old.pk)
        assert (now.title, now.description, now.requester) == ("[redacted]", "[redacted]", None)
        assert (now.number, now.state, now.recorded_at, now.closed_at) == (
            old.number, old.state, old.recorded_at, old.closed_at,
        )  # fmt: skip
        assert set(Comment.objects.values_list("text", flat=True)) == {"[redacted]"}
        assert Attachment.objects.count() == 0
        told = [str((e.difference, e.given)) for e in Entry.objects.filter(record_id=old.pk)]
        assert [text for text in told if "rita" in text.lower()] == []
        assert not Entry.objects.filter(record_id=old.pk, actor=rita).exists()
        assert Entry.objects.filter(record_id=old.pk, actor=sam).exists()

    def test_stays_verifiable(self, rita: User, sam: User) -> None:
        old = closed(rita, sam, LONG_AGO)
        checkpoints.seal(Entry.objects.latest("pk").pk)
        jobs.anonymise()
        assert list(sealing.broken()) == list(checkpoints.broken()) == []
        assert list(evidence.faults(list(evidence.lines()))) == []
        entry = old.entries.latest("position")
        assert (entry.verb, entry.given["reason"]) == ("incidents.redact", retention.REASON)

    def test_is_found_by_no_word_of_it(self, rita: User, sam: User) -> None:
        closed(rita, sam, LONG_AGO)
        assert find(sam, "rita").hits
        jobs.anonymise()
        assert find(sam, "rita").hits == find(sam, "print").hits == []

    def test_is_what_was_closed_long_enough_and_once(self, rita: User, sam: User) -> None:
        closed(rita, sam, LONG_AGO)
        fresh = closed(rita, sam, timezone.now() - timedelta(days=300))
        jobs.anonymise()
        entries = Entry.objects.count()
        jobs.anonymise()
        assert Entry.objects.count() == entries
        assert Anonymised.objects.count() == 1
        fresh.refresh_from_db()
        assert fresh.title == "Rita cannot print"

    def test_still_has_a_page(self, rita: User, sam: User) -> None:
        old = closed(rita, sam, LONG_AGO)
        jobs.anonymise()
        page = browser_of(sam).get(old.url)
        assert page.status_code == 200
        assert "rita" not in page.content.decode().lower()

    def test_is_counted_before_and_left_alone_by_a_dry_run(
        self, rita: User, sam: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        old = closed(rita, sam, LONG_AGO)
        assert cli.main(["retention"]) == 0
        assert "Incidents: 1" in capsys.readouterr().out
        old.refresh_from_db()
        assert old.title == "Rita cannot print"
        assert cli.main(["retention", "--now"]) == 0
        old.refresh_from_db()
        assert old.title == "[redacted]"


class TestTheRules:
    def test_begin_with_keeping_every_record(self, rita: User, sam: User) -> None:
        starter.record_starters(at=LONG_AGO)
        closed(rita, sam, LONG_AGO)
        jobs.anonymise()
        assert Anonymised.objects.count() == 0

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ({"kinds": [{"kind": "team", "months": 3}]}, "team are not anonymised"),
            ({"kinds": [{"kind": "incident", "months": 9999}]}, "0 .never. to 600"),
            ({"rest": [{"what": "notices", "days": 0}]}, "the days are 1 to 3650"),
            ({"rest": [{"what": "entries", "days": 9}]}, "There is no entries to remove"),
        ],
    )
    def test_refuse_what_cannot_be(
        self, rules: Scheme, sms: User, content: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(Invalid, match=said):
            do("schemes.draft")(rules, by=sms, content=content)

    def test_are_shown_with_what_would_go(
        self, rules: Scheme, rita: User, sam: User, sms: User
    ) -> None:
        closed(rita, sam, LONG_AGO)
        page = browser_of(sms).get(rules.url).content.decode()
        assert "anonymised after 12 months" in page
        assert "What would go now" in page
        form = browser_of(sms).get(f"/schemes/{rules.number}/draft/").content.decode()
        assert 'name="kind-1-months" value="12"' in form

    def test_are_approved_by_nobody_else(self, rules: Scheme, sam: User) -> None:
        with pytest.raises(Denied):
            do("schemes.draft")(rules, by=sam, content={})


@pytest.mark.usefixtures("rules")
class TestTheDoor:
    def came_in(self, days: int) -> None:
        at = timezone.now() - timedelta(days=days)
        trail.append(Kind.FAILED, Visitor("192.0.2.1", "curl"), at=at)

    def test_forgets_what_is_old_and_still_holds(self) -> None:
        for days in (90, 80, 70, 5, 1):
            self.came_in(days)
        checkpoints.seal(0)
        jobs.forget_sign_ins()
        left = AccessEntry.objects.order_by("position").values_list("position", flat=True)
        assert list(left) == [4, 5, 6]
        assert list(trail.broken()) == list(checkpoints.broken()) == []
        assert list(evidence.faults(list(evidence.lines()))) == []
        jobs.forget_sign_ins()
        assert AccessEntry.objects.count() == 3

    def test_shows_what_went_without_being_told(self) -> None:
        for days in (90, 80, 5):
            self.came_in(days)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM core_accessentry WHERE position < 2")
            cursor.execute("SET session_replication_role = DEFAULT")
        assert list(trail.broken()) == ["The door: entry 1 is missing, and no entry says why."]
        assert "The door: entry 1 is missing, and no entry says why." in list(
            evidence.faults(list(evidence.lines()))
        )

    def test_forgets_again_later(self) -> None:
        for days in (90, 80, 20, 1):
            self.came_in(days)
        now = timezone.now()
        assert trail.forget(now - timedelta(days=30), at=now) == 2
        assert trail.forget(now - timedelta(days=10), at=now) == 1
        assert list(trail.broken()) == []


def test_months_are_those_of_the_calendar() -> None:
    assert retention.before(datetime(2027, 3, 31, tzinfo=UTC), 13) == datetime(
        2026, 2, 28, tzinfo=UTC
    )
