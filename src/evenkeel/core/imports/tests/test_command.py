"""`evenkeel import`: who may, what it prints, and that it leaves a record."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.imports import running
from evenkeel.core.imports.command import run
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.imports.tests.made_up import CASES, Desk, counted, entries, incident
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.records.record import Record


def sms_manager(login: str) -> User:
    person = User.objects.create_user(login)
    role = Role.objects.create(
        number="ROLE-900",
        of_kind="role",
        state="in_force",
        title="SMS manager",
        role_type="sms_manager",
        context="SMS",
    )
    start = timezone.now() - timedelta(days=1)
    RoleAssignment.objects.create(role=role, person=person, starts_at=start)
    return person


class TestImportCommand:
    def test_leaves_a_record_of_the_import(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        record = ImportRun.objects.get()
        assert (record.state, record.system) == ("finished", "made-up")
        assert record.figures == {"cases": counted(created=3)}
        (file,) = record.files
        assert file["sha256"] == hashlib.sha256(CASES.encode()).hexdigest()
        assert record.requester == running.importer()
        assert [one.verb for one in entries(record)] == ["imports.record", "imports.finish"]
        assert entries(incident("C1"))[0].given["import"] == record.number

    def test_is_in_the_name_of_who_asks(self, desk: Desk) -> None:
        sms_manager("tomas")
        desk.bring_in(CASES, options=("--as", "Tomas"))
        assert ImportRun.objects.get().requester == User.objects.get(username="tomas")
        assert entries(incident("C1"))[0].actor.username == "tomas"

    def test_is_refused_to_who_may_not(self, desk: Desk) -> None:
        User.objects.create_user("ben")
        assert desk.bring_in(CASES, options=("--as", "ben")) == {}
        assert desk.code == 2
        assert desk.told == "Only the SMS manager or the SMS itself can do this.\n"
        assert not Record.objects.exclude(requester__is_system=True).exists()

    def test_writes_nothing_on_a_dry_run(self, desk: Desk) -> None:
        assert desk.bring_in(CASES, options=("--dry-run",)) == {"cases": counted(created=3)}
        assert not Record.objects.exclude(requester__is_system=True).exists()
        desk.bring_in(CASES)
        news = CASES.replace("Slow", "Slower")
        figures = desk.bring_in(news, options=("--dry-run",))
        assert figures == {"cases": counted(changed=1, unchanged=2)}
        assert incident("C3").description == "Slow"

    def test_prints_figures_for_people_without_json(
        self, desk: Desk, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = desk.folder / "cases.csv"
        path.write_text(CASES)
        assert run([str(path), "--profile", str(desk.profile)]) == 0
        told = capsys.readouterr().out
        assert told == "cases: 3 created, 0 changed, 0 unchanged, 0 refused\n"

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (["gone.csv", "--profile", "servicenow"], "There is no file gone.csv."),
            (
                ["gone.csv", "--profile", "none"],
                "There is no profile none. There are glpi, hp-service",
            ),
            (["gone.csv", "--profile", "servicenow", "--as", "x"], "There is no account x"),
        ],
    )
    def test_says_what_is_wrong_with_it(
        self, desk: Desk, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
    ) -> None:
        assert run(options) == 2
        assert sentence in capsys.readouterr().err

    def test_says_what_is_wrong_with_a_profile(self, desk: Desk) -> None:
        desk.profile.write_text(desk.profile.read_text().replace("description =", "hours ="))
        desk.bring_in(CASES)
        assert desk.code == 2
        assert '[files.cases.fields] names "hours", which is no field of incidents' in desk.told

    def test_knows_no_file_at_all(self, desk: Desk) -> None:
        desk.bring_in("a;b\n1;2\n")
        assert desk.code == 2
        assert "is none of the files" in desk.told

    @pytest.mark.parametrize("content", ["Größe;Preis\n".encode("cp1252"), "a;b".encode("utf-16")])
    def test_says_that_a_file_is_in_another_encoding(self, desk: Desk, content: bytes) -> None:
        path = desk.folder / "export.csv"
        path.write_bytes(content)
        desk.bring_in(path)
        assert desk.code == 2
        assert "It is no text in utf-8; name its encoding in the profile." in desk.told

    def test_shows_a_bar_to_people_alone(
        self, desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        desk.bring_in(CASES)
        assert "100%" not in desk.told
        run([str(desk.folder / "export-0.csv"), "--profile", str(desk.profile)])
        assert "100% 3 rows" in capsys.readouterr().err


class TestOneAtATime:
    def test_another_import_is_refused(self, desk: Desk) -> None:
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('evenkeel import'))")
        try:
            desk.bring_in(CASES)
            assert desk.code == 2
            assert desk.told.startswith("Another import is running, or being undone.")
        finally:
            other.close()

    def test_an_import_that_was_killed_is_on_record_as_broken_off(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        ImportRun.objects.update(state="running", is_open=True)
        desk.bring_in(CASES)
        first, second = ImportRun.objects.order_by("pk")
        assert (first.state, second.state) == ("broken_off", "finished")
        assert "It was killed" in entries(first)[-1].given["reason"]

    def test_an_import_that_fails_is_on_record_as_broken_off(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("disk full")

        monkeypatch.setattr("evenkeel.core.imports.origins.keep", fail)
        with pytest.raises(RuntimeError):
            desk.bring_in(CASES)
        assert ImportRun.objects.get().state == "broken_off"
        assert not Record.objects.filter(of_kind="incident").exists()
