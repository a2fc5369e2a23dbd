"""What is restricted is read by the security staff and its owner, and counted by all (R-05)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.figures import declaring, reading
from evenkeel.core.figures.declaring import EVERY
from evenkeel.core.figures.months import Month
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.spreading import may_hear, spread
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind
from evenkeel.core.records import visibility
from evenkeel.core.records.bypasses import Bypass
from evenkeel.core.records.models import Audience, Comment
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.search import find, learning, suggest
from evenkeel.core.search.similar import similar
from evenkeel.processes.incidents.models import Incident
from tests.permissions.cast import MEMBERS, Cast, gather
from tests.permissions.stage import on_stage
from tests.permissions.test_reading import beginning, counts, page_of, program_of, sightings

pytestmark = pytest.mark.django_db
CAN_BE = ("incident", "service_request", "major_incident_review", "violation")
SEES = {"requester", "case owner", "security", "the SMS"}
WORD = "xylophone"


@pytest.fixture
def cast() -> Cast:
    return gather()


@pytest.fixture
def incident(cast: Cast, settings: Any, tmp_path: Any) -> Incident:
    """A restricted incident with words, a note and a file, linked to one that all staff reads."""
    settings.MEDIA_ROOT = tmp_path / "attachments"
    do, staff = registry, cast["staff"]
    made = do["incidents.record"](
        Incident(), by=cast["requester"], title="Xylophone was stolen from the archive",
        organisation=cast.organisation,
    )  # fmt: skip
    do["incidents.assign"](made, by=staff, case_owner=cast["case owner"], team=cast.team)
    do["incidents.comment"](made, by=staff, text="xylophone in the open")
    do["incidents.note"](made, by=staff, text="okapi behind the door")
    file = ContentFile(b"seen", name="seen.txt")
    do["incidents.attach"](made, by=staff, file=file, audience=Audience.PUBLIC)
    do["incidents.watch"](made, by=cast["manager"])
    other = do["incidents.record"](Incident(), by=staff, title="Drum is missing in the archive")
    do["incidents.link"](other, by=staff, target=Record.objects.get(pk=made.pk))
    do["incidents.add_task"](made, by=staff, task="Count the xylophones", assigned_to=staff)
    do["incidents.restrict"](made, by=staff, reason="A theft.")
    learning.learn()
    return Incident.objects.get(pk=made.pk)


def other_sightings(incident: Incident, user: User) -> Iterator[tuple[str, bool]]:
    """Each place besides lists and pages in which it could be met."""
    page, number = page_of(user), incident.number
    other = Incident.objects.exclude(pk=incident.pk).get()
    yield "search", number in [hit.record.number for hit in find(user, WORD).hits]
    yield "search by number", number in [hit.record.number for hit in find(user, number).hits]
    yield "search by operator", bool(find(user, f"is:open {WORD}").hits)
    yield "suggestion", number in [one.number for one in suggest(user, "incident", "xyl")]
    yield "suggestion, nothing typed", number in [one.number for one in suggest(user, "", "")]
    yield "palette", number in page.get("/palette/", {"q": WORD}).content.decode()
    yield "search page", number in page.get("/search/", {"q": WORD}).content.decode()
    file = incident.attachments.get()
    yield "file", page.get(f"/attachments/{file.pk}/").status_code == 200
    yield "file by REST", program_of(user)(f"attachments/{file.pk}") == 200
    yield "entries", isinstance(program_of(user)(f"incidents/{number}/entries"), dict)
    if Incident.objects.visible_to(user).filter(pk=other.pk).exists():
        yield "link", "Xylophone" in page.get(other.url).content.decode()


class TestKind:
    @pytest.mark.parametrize("kind", CAN_BE)
    def test_is_read_everywhere_or_nowhere(self, kind: str, cast: Cast, capsys: Any) -> None:
        model: Any = kinds()[kind]
        on_stage(model, beginning(kind), cast)
        record = on_stage(model, beginning(kind), cast, {"is_restricted": True})
        for member in MEMBERS:
            user = cast[member]
            seen = model.objects.visible_to(user)
            sees, many = seen.filter(pk=record.pk).exists(), seen.count()
            assert not sees or member in SEES, f"{kind} by {member}"
            assert sees or member not in {"security", "the SMS"}, f"{kind} by {member}"
            for place, read in sightings(record, user, capsys):
                assert read == sees, f"{kind} by {member}: {place}"
            for place, told in counts(model, user, capsys):
                assert told == many, f"{kind} by {member}: {place}"

    def test_is_restricted_only_where_somebody_is_confided_in(self) -> None:
        able = {action.model.kind() for action in registry.values() if action.verb == "restrict"}
        assert able == set(CAN_BE) == set(visibility.restrictable())


class TestIncident:
    @pytest.mark.row("R-05")
    def test_is_met_by_those_alone_who_are_confided_in(
        self, cast: Cast, incident: Incident
    ) -> None:
        for member in MEMBERS:
            for place, met in other_sightings(incident, cast[member]):
                is_wanted = member in SEES and cast[member].is_active
                if member != "the SMS":  # whose account cannot sign in
                    assert met == is_wanted, (member, place)

    def test_is_not_what_a_new_one_is_compared_with(self, cast: Cast, incident: Incident) -> None:
        title = "Xylophone stolen"
        assert similar(cast["staff"], "incident", title) == []
        assert [one.pk for one in similar(cast["security"], "incident", title)] == [incident.pk]

    @pytest.mark.row("R-05")
    def test_is_counted_by_those_who_do_not_see_it(self, cast: Cast, incident: Incident) -> None:
        now = timezone.now()
        month = Month.of(now)
        standing = [one for one in declaring.figures.values() if one.is_standing]
        assert standing
        for figure in standing:
            asked: dict[str, Any] = {"month": month, "priority": EVERY, "part": "all", "now": now}
            counted, opened = set(), {}
            for member in ("staff", "security"):
                user = cast[member]
                counted.add(reading.read(figure, user, [month], now).cell(month).cases)
                behind = reading.behind(figure, user, **asked)
                opened[member] = sum(rows.count() for _, rows in behind)
            assert counted == {opened["security"]}
            assert opened["staff"] == opened["security"] - 1

    def test_is_a_number_beside_the_list_and_nothing_else(
        self, cast: Cast, incident: Incident
    ) -> None:
        text = page_of(cast["staff"]).get("/incidents/").content.decode()
        assert "and 1 restricted" in text
        assert incident.number not in text
        assert "1 restricted" not in page_of(cast["user"]).get("/incidents/").content.decode()

    def test_costs_lists_no_question_more(self, cast: Cast, incident: Incident) -> None:
        client = page_of(cast["staff"])
        asked = []
        for restricted in (True, False):
            Incident.objects.filter(pk=incident.pk).update(is_restricted=restricted)
            for address in ("/incidents/", "/incidents/?state=new", "/incidents/?page=2", "/"):
                client.get(address)
                with CaptureQueriesContext(connection) as made:
                    assert client.get(address).status_code == 200
                asked.append(len(made))
        assert asked[:4] == asked[4:]

    def test_is_worked_on_by_the_security_staff(self, cast: Cast, incident: Incident) -> None:
        officer = cast["security"]
        registry["incidents.classify"](incident, by=officer, category="Mail")
        registry["incidents.note"](incident, by=officer, text="Seen.")
        with pytest.raises(Denied):
            registry["incidents.note"](incident, by=cast["staff"], text="Seen, too.")
        with pytest.raises(Denied):
            registry["incidents.lift_restriction"](incident, by=cast["case owner"], reason="?")
        registry["incidents.lift_restriction"](incident, by=officer, reason="It was found.")
        registry["incidents.note"](incident, by=cast["staff"], text="Found.")
        with pytest.raises(Denied):
            registry["incidents.classify"](incident, by=officer, category="Mail")

    def test_tells_the_security_staff_and_nobody_who_watches(
        self, cast: Cast, incident: Incident
    ) -> None:
        entry = incident.entries.get(verb="incidents.restrict")
        assert [one.recipient for one in spread(entry, timezone.now())] == [cast["security"]]
        said = incident.entries.filter(verb="incidents.comment").latest("position")
        Notice.objects.create(
            recipient=cast["manager"], record_id=incident.pk, entry=said, told_as="watcher",
            made_at=timezone.now(),
        )  # fmt: skip
        assert not may_hear(cast["manager"], said, "watcher")
        assert incident.number not in page_of(cast["manager"]).get("/notices/").content.decode()

    def test_leaves_my_work_and_tasks_of_those_who_see_it_no_more(
        self, cast: Cast, incident: Incident
    ) -> None:
        assert incident.number not in page_of(cast["staff"]).get("/").content.decode()
        assert incident.number not in page_of(cast["manager"]).get("/").content.decode()

    def test_is_a_case_in_the_portal_to_staff_who_reported_it(
        self, cast: Cast, incident: Incident
    ) -> None:
        Incident.objects.filter(pk=incident.pk).update(requester=cast["staff"])
        client, number = page_of(cast["staff"]), incident.number
        told = client.get(f"/portal/cases/{number}/")
        assert told.status_code == 200
        assert "okapi" not in told.content.decode()
        file = incident.attachments.get()
        assert client.get(f"/attachments/{file.pk}/").status_code == 200
        assert client.get(incident.url).status_code == 404
        assert not find(cast["staff"], "okapi").hits
        sent = client.post(f"/portal/cases/{number}/reply/", {"text": "It is back."})
        assert sent.status_code == 302
        assert Comment.objects.filter(record_id=incident.pk, text="It is back.").exists()
        with pytest.raises(Denied):
            registry["incidents.classify"](incident, by=cast["staff"], category="Mail")

    def test_leads_whoever_restricts_it_back_to_the_list(self, cast: Cast) -> None:
        made = registry["incidents.record"](Incident(), by=cast["requester"], title="Odd logins")
        answer = page_of(cast["staff"]).post(f"{made.url}restrict/", {"reason": "Odd."})
        assert answer["Location"] == "/incidents/"
        assert Incident.objects.get(pk=made.pk).is_restricted

    def test_is_not_restricted_twice_or_to_nobody(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(Denied, match="restricted already"):
            registry["incidents.restrict"](incident, by=cast["security"], reason="Again.")
        cast["security"].assignments.all().delete()
        made = registry["incidents.record"](Incident(), by=cast["requester"], title="Odd logins")
        with pytest.raises(Invalid, match="Nobody holds a role of ISM"):
            registry["incidents.restrict"](made, by=cast["staff"], reason="Odd.")

    def test_takes_along_what_is_about_it(self, cast: Cast) -> None:
        review: Any = on_stage(kinds()["major_incident_review"], "draft", cast)
        about = review.about
        registry["incidents.restrict"](about, by=cast["staff"], reason="An attack.")
        review.refresh_from_db()
        assert review.is_restricted
        assert review.entries.latest("position").verb == "major_reviews.restrict"
        registry["incidents.lift_restriction"](about, by=cast["security"], reason="Over.")
        review.refresh_from_db()
        assert not review.is_restricted

    def test_stays_restricted_when_it_goes_on_as_a_request(
        self, cast: Cast, incident: Incident
    ) -> None:
        step = incident.tasks.get()
        registry["incidents.complete_task"](incident, by=cast["case owner"], task=step.pk)
        registry["incidents.convert"](
            incident, by=cast["security"], wish="advice", reason="A question."
        )
        assert kinds()["service_request"].objects.get().is_restricted

    def test_that_is_opened_by_sql_is_told(self, incident: Incident) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_record SET is_restricted = false WHERE id = %s", [incident.pk]
            )
        assert "is_restricted" in Bypass.objects.get().what


class TestReading:
    def test_stands_in_the_trail_once_in_a_while_and_each_file(
        self, cast: Cast, incident: Incident, capsys: Any
    ) -> None:
        officer, number = cast["security"], incident.number
        client, program = page_of(officer), program_of(officer)
        for _ in range(2):
            client.get(incident.url)
            program(f"incidents/{number}")
            program(f"incidents/{number}/comments")
        client.get(f"/attachments/{incident.attachments.get().pk}/")
        client.get("/incidents/")
        read = AccessEntry.objects.filter(kind=Kind.READ).order_by("position")
        assert [entry.said for entry in read] == [number, f"{number}: seen.txt"]
        assert {entry.person for entry in read} == {officer}
        page_of(cast["requester"]).get(f"/portal/cases/{number}/")
        cli.main(["show", number, "--as", cast["case owner"].username])
        assert read.all().count() == 4
        capsys.readouterr()

    def test_of_what_is_not_restricted_leaves_nothing(self, cast: Cast, incident: Incident) -> None:
        other = Incident.objects.exclude(pk=incident.pk).get()
        assert Client().get(other.url).status_code == 302
        assert page_of(cast["staff"]).get(other.url).status_code == 200
        assert page_of(cast["staff"]).get(incident.url).status_code == 404
        assert not AccessEntry.objects.filter(kind=Kind.READ).exists()
