"""An import is undone: what it created is cancelled, what was worked on stays and is named."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.imports import actions, jobs, running, undoing
from evenkeel.core.imports.models import ImportRun, KeptRecord, Undoing, WaitingRow
from evenkeel.core.imports.running import Busy
from evenkeel.core.imports.tests.made_up import CASES, STEPS, Desk, counted, entries, incident
from evenkeel.core.imports.tests.test_command import sms_manager
from evenkeel.core.jobs import listing
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import evidence
from evenkeel.core.records.links import Reference
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, registry
from evenkeel.core.rules.inputs import Invalid

WHY = "It was the file of another year."


def undo(run: ImportRun | None = None) -> ImportRun:
    """What somebody asks for, and what the worker does then."""
    asked = run or ImportRun.objects.latest("pk")
    actions.undo(asked, by=running.importer(), reason=WHY)
    jobs.take_back(asked.pk)
    return ImportRun.objects.get(pk=asked.pk)


def states() -> list[str]:
    """Of every incident, oldest first."""
    return [one.state for one in incidents()]


def incidents() -> list[Record]:
    """All of them, oldest first."""
    return list(Record.objects.filter(of_kind="incident").order_by("pk"))


def kept() -> dict[str, str]:
    """The name outside of each record that stayed, and why."""
    found = KeptRecord.objects.order_by("pk").values_list("record__origins__outside_id", "why")
    return dict(found)


def do(verb: str, record: Record, by: User, **given: Any) -> None:
    registry[f"{record.collection}.{verb}"](record, by=by, **given)


@pytest.fixture
def sam(db: None) -> User:
    return staff()


def staff() -> User:
    """Sam, of the staff of ISRM."""
    person = User.objects.create_user("sam")
    role = Role.objects.create(
        number="ROLE-901",
        of_kind="role",
        state="in_force",
        title="Staff",
        role_type=RoleType.PROCESS_STAFF,
        context="ISRM",
    )
    start = timezone.now() - timedelta(days=1)
    RoleAssignment.objects.create(role=role, person=person, starts_at=start)
    return person


class TestAnUndoneImport:
    def test_has_cancelled_what_it_created_from_whatever_state(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        assert states() == ["closed", "new", "new"]
        run = undo()
        assert states() == ["cancelled"] * 3
        assert not Record.objects.filter(of_kind="incident", is_open=True).exists()
        assert (run.state, run.is_open) == ("undone", False)
        assert entries(run)[-1].given == {"undone": 3, "kept": 0}

    def test_leaves_one_entry_with_run_and_reason_on_each(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        record = incident("C2")
        before = len(entries(record))
        run = undo()
        *_, last = entries(record)
        assert len(entries(record)) == before + 1
        assert last.verb == "incidents.withdraw_import"
        assert last.given == {"run": run.number, "reason": WHY}

    def test_leaves_chains_that_hold(self, desk: Desk) -> None:
        desk.bring_in(CASES, STEPS)
        undo()
        assert list(evidence.faults(evidence.lines())) == []

    def test_lets_the_same_file_come_in_anew(self, desk: Desk) -> None:
        desk.bring_in(CASES, STEPS)
        first = incident("C1")
        undo()
        assert not WaitingRow.objects.exists()
        told = {one.pk: len(entries(one)) for one in incidents()}
        figures = desk.bring_in(CASES, STEPS)
        assert figures == {"cases": counted(created=3), "steps": counted(created=4)}
        assert incident("C1").number != first.number
        assert states() == ["cancelled"] * 3 + ["closed", "new", "new"]
        assert {one.pk: len(entries(one)) for one in incidents() if one.pk in told} == told
        assert first.origins.get().row["Case"] == "C1"
        undo()
        assert states() == ["cancelled"] * 6

    def test_gives_what_pointed_to_it_the_record_that_comes_anew(self, desk: Desk) -> None:
        head, one, _, two, three = CASES.splitlines(keepends=True)
        desk.bring_in(head + two + three)
        desk.bring_in(head + one)
        pointer = Reference.objects.get(outside_name="C1")
        assert pointer.target_id == incident("C1").pk
        undo()
        assert kept() == {"C2": undoing.CHANGED}
        assert Reference.objects.get(pk=pointer.pk).target is None
        desk.bring_in(head + one)
        assert Reference.objects.get(pk=pointer.pk).target_id == incident("C1").pk

    def test_is_undone_once(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        run = undo()
        jobs.take_back(run.pk)
        with pytest.raises(Denied, match="Not possible while it is undone"):
            actions.undo(run, by=running.importer(), reason=WHY)
        assert {entries(one)[-2].verb for one in incidents()} != {"incidents.withdraw_import"}

    def test_says_nothing_was_resolved(self, desk: Desk) -> None:
        desk.profile.write_text(
            desk.profile.read_text().replace("closed_at = {", "resolved_at = {", 1)
        )
        desk.bring_in(CASES)
        record = incident("C1")
        assert record.resolved_at
        undo()
        record.refresh_from_db()
        assert (record.state, record.resolved_at) == ("cancelled", None)


class TestRecordsThatStay:
    def test_are_those_that_somebody_worked_on(self, desk: Desk, sam: User) -> None:
        desk.bring_in(CASES)
        do("note", incident("C2"), sam, text="I call the user.")
        run = undo()
        assert incident("C2").state == "new"
        assert states() == ["cancelled", "new", "cancelled"]
        assert kept() == {"C2": "Somebody worked on it since (note)."}
        assert entries(run)[-1].given == {"undone": 2, "kept": 1}

    def test_are_those_that_another_record_was_linked_to(self, desk: Desk, sam: User) -> None:
        desk.bring_in(CASES)
        do("link", incident("C2"), sam, target=incident("C3"), kind="relates_to")
        undo()
        worked = "Somebody worked on it since (link)."
        assert kept() == {"C2": worked, "C3": undoing.LINKED}

    def test_are_those_that_it_changed(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        more = CASES.replace("Slow", "Slower") + (
            "C4;open;Phone;P1;3;Late;04/10/2013 10:00:00;;;;\n"
        )
        assert desk.bring_in(more) == {"cases": counted(created=1, changed=1, unchanged=2)}
        undo()
        assert states() == ["closed", "new", "new", "cancelled"]
        assert kept() == {"C3": undoing.CHANGED}
        first = undo(ImportRun.objects.earliest("pk"))
        assert entries(first)[-1].given == {"undone": 2, "kept": 1}
        assert incident("C3").state == "new"

    def test_are_not_those_that_the_sms_itself_wrote_about(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        sms = User.objects.the_sms()
        do("note_recovery", incident("C2"), sms, source="Monitoring", recovered_at=timezone.now())
        undo()
        assert states() == ["cancelled"] * 3


class TestUndoing:
    def test_is_for_those_who_import(self, desk: Desk, sam: User) -> None:
        desk.bring_in(CASES)
        run = ImportRun.objects.get()
        with pytest.raises(Denied, match="Only the SMS manager"):
            actions.undo(run, by=sam, reason=WHY)
        actions.undo(run, by=sms_manager("tomas"), reason=WHY)
        assert [job.name for job in listing.not_done()] == ["core.take_back"]

    def test_asks_for_a_reason(self, desk: Desk) -> None:
        with pytest.raises(Invalid, match="reason"):
            actions.undo.clean({"reason": " "}, by=running.importer())

    def test_goes_on_where_it_was_killed(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(undoing, "BATCH", 1)
        desk.bring_in(CASES, STEPS)
        run = ImportRun.objects.get()
        actions.undo(run, by=running.importer(), reason=WHY)
        left, step = [1, 1], undoing._Undo.step

        def killed(self: Any) -> bool:
            left.pop()
            return step(self)

        monkeypatch.setattr(undoing._Undo, "step", killed)
        with pytest.raises(IndexError):
            jobs.take_back(run.pk)
        assert 0 < states().count("cancelled") < 3
        assert 0 < Undoing.objects.get().part < 1
        monkeypatch.setattr(undoing._Undo, "step", step)
        jobs.take_back(run.pk)
        assert states() == ["cancelled"] * 3
        assert Undoing.objects.get().undone == 3
        verbs = [one.verb for one in entries(incidents()[0])]
        assert verbs.count("incidents.withdraw_import") == 1

    def test_waits_while_an_import_runs(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        run = ImportRun.objects.get()
        actions.undo(run, by=running.importer(), reason=WHY)
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('evenkeel import'))")
        try:
            with pytest.raises(Busy):
                jobs.take_back(run.pk)
        finally:
            other.close()
        assert states() == ["closed", "new", "new"]
