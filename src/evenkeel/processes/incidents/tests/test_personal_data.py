"""What is held on somebody is handed out; and erased, so that evidence stays and they are gone."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.directory import starter
from evenkeel.core.directory.models import Person
from evenkeel.core.directory.tests.conftest import give
from evenkeel.core.imports.models import WaitingRow
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.people.trail import AccessEntry
from evenkeel.core.privacy import holding, jobs
from evenkeel.core.privacy.models import Erasure
from evenkeel.core.records import checkpoints, evidence, sealing
from evenkeel.core.records.models import Attachment, Comment, Entry
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.search import files, find
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.parties import party
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = pytest.mark.django_db
do = registry.__getitem__
SECRETS = ("Lena", "Vogel", "lena@coast.example", "+49 421 7788")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def sms() -> User:
    return User.objects.the_sms()


@pytest.fixture
def lena(sms: User) -> Person:
    """She asks, and is written about."""
    known = Person(
        title="Lena Vogel", email="lena@coast.example", phone="+49 421 7788", organisation=party()
    )
    made: Person = do("people.record")(known, by=sms, login="lenav")
    return made


@pytest.fixture
def case(lena: Person, sam: User) -> Incident:
    made: Incident = do("incidents.record")(
        Incident(),
        by=lena.user,
        title="Mail is down",
        description="Call me: +49 421 7788. Lena Vogel",
    )
    do("incidents.comment")(made, by=lena.user, text="It fails since Monday, regards, Lena Vogel")
    do("incidents.note")(made, by=sam, text="Vogel, Lena was angry; @lenav knows")
    file = ContentFile(b"From: lena@coast.example", name="mail.txt")
    do("incidents.attach")(made, by=lena.user, file=file)
    files.read_rest()
    made.refresh_from_db()
    return made


def erased(person: Person, sms: User, texts: str = "names") -> Person:
    do("people.retire")(person, by=sms, reason="Left us")
    done: Person = do("people.erase")(person, by=sms, reason="She asked for it", texts=texts)
    jobs.go_through(person=person.pk)
    return done


def dump() -> str:
    """Every text in every table of ours, as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT LIKE 'procrastinate%'"
        )
        tables = [table for (table,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"SELECT '{table} ' || to_jsonb(it)::text FROM \"{table}\" it")
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


class TestErasure:
    def test_leaves_no_trace_of_who_it_was(self, lena: Person, case: Incident, sms: User) -> None:
        WaitingRow.objects.create(
            system="jira", file="x", outside_id="1", source="a", at=timezone.now(),
            given={"row": {"Reporter": "Lena Vogel"}}, arrived_at=timezone.now(),
        )  # fmt: skip
        assert all(secret in dump() for secret in SECRETS)
        erased(lena, sms)
        told = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in SECRETS), re.I)
        left = [line for line in dump().splitlines() if told.search(line)]
        assert left == []
        assert "lenav" not in dump()

    def test_leaves_every_chain_verifiable(self, lena: Person, case: Incident, sms: User) -> None:
        checkpoints.seal(Entry.objects.latest("pk").pk)
        erased(lena, sms)
        assert list(sealing.broken()) == []
        assert list(checkpoints.broken()) == []
        assert list(evidence.faults(list(evidence.lines()))) == []
        entry = case.entries.latest("position")
        assert (entry.verb, entry.given["reason"]) == (
            "incidents.redact", f"Personal data of {lena.number} was erased.",
        )  # fmt: skip
        assert entry.difference == {}

    def test_keeps_what_else_was_said(self, lena: Person, case: Incident, sms: User) -> None:
        erased(lena, sms)
        case.refresh_from_db()
        name = f"Erased person {lena.number}"
        assert case.description == f"Call me: {name}. {name}"
        texts = list(Comment.objects.order_by("pk").values_list("text", flat=True))
        assert texts == [
            f"It fails since Monday, regards, {name}", f"{name} was angry; {name} knows",
        ]  # fmt: skip
        assert str(case.requester) == name
        assert Attachment.objects.count() == 1

    def test_takes_what_they_wrote_with_it_where_that_is_wanted(
        self, lena: Person, case: Incident, sms: User, sam: User, folder: Path
    ) -> None:
        erased(lena, sms, "written")
        texts = list(Comment.objects.order_by("pk").values_list("text", flat=True))
        assert texts[0] == "[redacted]"
        assert "was angry" in texts[1]
        assert Attachment.objects.count() == 0
        assert list(sealing.broken()) == []
        page = browser_of(sam).get(case.url).content.decode()
        assert "[redacted]" in page

    def test_is_found_by_no_search(
        self, lena: Person, case: Incident, sms: User, sam: User
    ) -> None:
        for word in ("Vogel", "lena@coast.example"):
            assert find(sam, word).hits
        erased(lena, sms)
        for word in ("Vogel", "lena@coast.example", "Lena"):
            assert find(sam, word).hits == []
        assert [hit.record.number for hit in find(sam, "monday").hits] == [case.number]

    def test_ends_the_account_for_good(self, lena: Person, case: Incident, sms: User) -> None:
        done = erased(lena, sms)
        account = User.objects.get(pk=lena.user_id)
        assert (account.username, account.email, account.is_active) == (
            lena.number.lower(), "", False,
        )  # fmt: skip
        assert not account.has_usable_password()
        with pytest.raises(Denied, match="Not possible while it is erased"):
            do("people.admit")(done, by=sms)

    def test_waits_until_they_have_left(self, lena: Person, sms: User) -> None:
        with pytest.raises(Denied, match="Not possible while it is active"):
            do("people.erase")(lena, by=sms, reason="She asked for it")

    def test_is_refused_where_it_would_hide_a_broken_chain(self, lena: Person, sms: User) -> None:
        do("people.retire")(lena, by=sms, reason="Left us")
        tampered(lena.pk, 1, "via = 'rest'")
        with pytest.raises(Invalid, match="is not as it was written"):
            do("people.erase")(lena, by=sms, reason="She asked for it")

    def test_is_for_those_who_answer_for_it(self, lena: Person, sms: User, sam: User) -> None:
        starter.record_roles(["ISRM"], at=timezone.now())
        do("people.retire")(lena, by=sms, reason="Left us")
        with pytest.raises(Denied, match="data protection officer"):
            do("people.erase")(lena, by=sam, reason="She asked for it")
        officer = give(sam, RoleType.PRIVACY)
        assert do("people.erase")(lena, by=officer, reason="She asked for it").state == "erased"

    def test_done_twice_does_no_harm(self, lena: Person, case: Incident, sms: User) -> None:
        erased(lena, sms)
        before = Entry.objects.count()
        jobs.go_through(person=lena.pk)
        assert Entry.objects.count() == before
        found = Erasure.objects.get()
        assert (found.names, bool(found.done_at)) == ([], True)

    def test_names_the_files_that_people_have_to_look_at(
        self, lena: Person, case: Incident, sms: User
    ) -> None:
        erased(lena, sms)
        page = browser_of(sms).get(lena.url).content.decode()
        assert f"{case.number} mail.txt" in page


def tampered(record: int, position: int, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"UPDATE core_entry SET {what} WHERE record_id = {record} AND position = {position}"
        )
        cursor.execute("SET session_replication_role = DEFAULT")


class TestARedactedEntry:
    @pytest.mark.parametrize(
        "what",
        [
            "difference = '{}'", "given = '{\"x\": 1}'", "at = at - interval '1 day'",
            "actor_id = NULL", "verb = 'incidents.close'", "hash = decode(md5('x'), 'hex')",
        ],
    )  # fmt: skip
    def test_cannot_be_changed_afterwards(
        self, lena: Person, case: Incident, sms: User, what: str
    ) -> None:
        erased(lena, sms)
        tampered(case.pk, 1, what)
        assert any(case.number in fault for fault in sealing.broken())

    def test_needs_the_entry_that_says_so(self, case: Incident) -> None:
        tampered(case.pk, 1, "difference = '{}'")
        [fault] = sealing.broken()
        assert fault == f"{case.number}: entry 1 (incidents.record) is not as it was written."

    @pytest.mark.parametrize("allowed", ["off", "on"])
    def test_loses_nothing_but_texts_by_any_statement(self, case: Incident, allowed: str) -> None:
        with pytest.raises(DatabaseError, match="evidence"):
            forged(allowed)


def forged(allowed: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('evenkeel.redacting', %s, true)", [allowed])
        cursor.execute("UPDATE core_entry SET verb = 'x'")


def unpacked(answer: Any) -> dict[str, list[Any]]:
    content = b"".join(answer) if answer.streaming else answer.content
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {
        name.removesuffix(".jsonl"): [json.loads(line) for line in archive.read(name).splitlines()]
        for name in archive.namelist()
        if name.endswith(".jsonl")
    } | {name: [archive.read(name)] for name in archive.namelist() if name.startswith("files/")}


class TestWhatIsHeld:
    def test_is_handed_to_oneself_without_what_is_internal(
        self, lena: Person, case: Incident
    ) -> None:
        answer = browser_of(lena.user).get("/accounts/personal-data/")
        held = unpacked(answer)
        assert held["person"][0]["email"] == "lena@coast.example"
        [asked] = held["asked-for"]
        assert asked["number"] == case.number
        assert [one["text"] for one in asked["comments"]] == [
            "It fails since Monday, regards, Lena Vogel"
        ]
        assert [b"From: lena@coast.example"] in held.values()
        assert "angry" not in str(held)
        assert "password" not in held["account"][0]
        told = AccessEntry.objects.latest("position")
        assert told.said == f"Personal data of {lena.number}"

    def test_follows_every_key_that_leads_to_the_account(self, lena: Person) -> None:
        names = {section.name for section in holding.sections(lena)}
        for field in User._meta.get_fields(include_hidden=True):
            relation: Any = field
            if relation.auto_created and not relation.concrete and hasattr(relation, "on_delete"):
                model: Any = relation.related_model
                told = f"{model._meta.model_name}-{relation.field.name}"
                assert told in names or model is Person, told

    def test_lets_nobody_in_by_what_it_tells(self, lena: Person, case: Incident) -> None:
        Api(lena.user)
        browser = browser_of(lena.user)
        held = str(unpacked(browser.get("/accounts/personal-data/")))
        assert browser.cookies["sessionid"].value not in held
        assert "digest" not in held

    def test_is_the_same_over_page_rest_and_command(
        self, lena: Person, case: Incident, sam: User, tmp_path: Path
    ) -> None:
        starter.record_roles(["ISRM"], at=timezone.now())
        officer = give(sam, RoleType.PRIVACY)
        page = unpacked(browser_of(officer).get(f"/people/{lena.number}/personal-data/"))
        rest = unpacked(Api(officer).get(f"/api/people/{lena.number}/personal-data"))
        assert cli.main(["personal-data", lena.number, "-o", str(tmp_path / "held.zip")]) == 0
        archive = zipfile.ZipFile(tmp_path / "held.zip")
        assert page.keys() == rest.keys()
        assert page["asked-for"] == rest["asked-for"]
        told = archive.read("asked-for.jsonl").splitlines()
        assert [json.loads(line) for line in told] == page["asked-for"]

    def test_is_kept_from_everybody_else(self, lena: Person, sam: User, rita: User) -> None:
        for user, status in ((sam, 403), (rita, 404)):
            assert (
                browser_of(user).get(f"/people/{lena.number}/personal-data/").status_code == status
            )
            assert Api(user).get(f"/api/people/{lena.number}/personal-data").status_code == status
