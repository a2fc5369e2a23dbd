"""Rows become records with their history, once."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from django.db import IntegrityError, connection

from evenkeel.core.directory.models import Team
from evenkeel.core.imports.models import WaitingRow
from evenkeel.core.imports.tests.made_up import (
    CASES,
    STATES,
    STEPS,
    Desk,
    counted,
    entries,
    incident,
)
from evenkeel.core.records.links import Link, Origin, Reference
from evenkeel.core.records.record import Record
from evenkeel.core.records.sealing import broken

LATER = "C2,Called,2013-10-05 10:00:00,DESK,Open\n"
HEADER = STEPS.splitlines()[0]


class TestRows:
    def test_become_records(self, desk: Desk) -> None:
        assert desk.bring_in(CASES) == {"cases": counted(created=3)}
        assert desk.code == 0
        case = incident("C1")
        assert (case.title, case.state, case.priority) == ("Laptop LAP1 fails", "closed", 5)
        assert (case.is_open, case.description) == (False, "It fell")
        assert case.recorded_at == datetime(2013, 10, 1, 7, tzinfo=UTC)
        assert case.closed_at == datetime(2013, 10, 2, 7, 30, tzinfo=UTC)
        assert incident("C2").is_open

    def test_take_their_numbers_in_the_order_of_the_file(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        numbers = [int(incident(name).number.removeprefix("INC-")) for name in ("C1", "C2", "C3")]
        assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]

    def test_leave_an_entry_in_a_chain_that_holds(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        (entry,) = entries(incident("C1"))
        assert (entry.verb, entry.via, entry.actor.username) == (
            "incidents.imported",
            "import",
            "importer",
        )
        assert entry.at == datetime(2013, 10, 1, 7, tzinfo=UTC)
        assert entry.difference["state"] == [None, "closed"]
        assert entry.given["outside_id"] == "C1"
        assert list(broken()) == []

    def test_are_kept_whole(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        origin = Origin.objects.get(outside_id="C1")
        assert origin.system == "made-up"
        assert origin.row["Prio"] == "5 - Very Low"
        assert origin.row["Opened"] == "01/10/2013 09:00:00"

    def test_that_are_empty_are_passed_over(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        assert "1 empty rows passed over" in desk.told

    def test_change_nothing_when_they_come_again(self, desk: Desk) -> None:
        desk.bring_in(CASES, STEPS, STATES)
        before = list(Record.objects.order_by("pk").values_list("number", "version", "chain_head"))
        assert desk.bring_in(CASES, STEPS, STATES) == {
            "cases": counted(unchanged=3),
            "steps": counted(unchanged=4),
            "states": counted(unchanged=2),
            "snapshots": counted(unchanged=4),
        }
        after = Record.objects.exclude(of_kind="import").order_by("pk")
        assert list(after.values_list("number", "version", "chain_head")) == [
            one for one in before if not one[0].startswith("IMP")
        ]

    def test_that_come_twice_in_a_file_are_one_record(self, desk: Desk) -> None:
        again = CASES.splitlines()[1]
        assert desk.bring_in(f"{CASES}{again}\n") == {"cases": counted(created=3, unchanged=1)}

    def test_of_a_kind_of_record_are_not_another_kind(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        Record.objects.filter(pk=incident("C1").pk).update(of_kind="service_request")
        desk.bring_in(CASES.replace("It fell", "It burns"))
        assert "came as service request before" in desk.refused.read_text()


class TestReferences:
    def test_are_kept_by_the_name_outside(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        found = Reference.objects.filter(relation="affected CI", target=None)
        assert sorted(found.values_list("outside_name", flat=True)) == ["LAP1", "SRV1"]

    def test_to_a_record_that_is_here_link_it_with_an_entry(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        link = Link.objects.get()
        assert (link.source_id, link.kind, link.target_id) == (
            incident("C2").pk,
            "part_of",
            incident("C1").pk,
        )
        entry = entries(incident("C2"))[-1]
        assert (entry.verb, entry.given) == (
            "incidents.link",
            {"target": incident("C1").number, "kind": "part_of"},
        )

    def test_are_joined_when_the_record_comes_later(self, desk: Desk) -> None:
        header, first, _, second, *_ = CASES.splitlines()
        desk.bring_in(f"{header}\n{second}\n")
        assert Reference.objects.get(relation="whole").target_id is None
        desk.bring_in(f"{header}\n{first}\n")
        assert Reference.objects.get(relation="whole").target_id == incident("C1").pk
        assert Link.objects.get().source_id == incident("C2").pk
        assert entries(incident("C2"))[-1].verb == "incidents.link"
        assert list(broken()) == []

    def test_that_are_several_name_nothing(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        several = Reference.objects.get(relation="whole", record=incident("C3"))
        assert (several.outside_name, several.target_id) == ("#MULTIVALUE", None)

    def test_cannot_lose_their_record(self, desk: Desk) -> None:
        """No foreign key guards them; the entries of the record do."""
        desk.bring_in(CASES)
        pk = incident("C3").pk
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DELETE FROM core_origin WHERE record_id = %s", [pk])
            cursor.execute("DELETE FROM incidents_incident WHERE record_ptr_id = %s", [pk])
            with pytest.raises(IntegrityError, match="core_entry"):
                cursor.execute("DELETE FROM core_record WHERE id = %s", [pk])


class TestSteps:
    def test_become_entries_at_their_own_moments(self, desk: Desk) -> None:
        assert desk.bring_in(CASES, STEPS)["steps"] == counted(created=4)
        _, opened, closed = entries(incident("C1"))
        assert opened.verb == closed.verb == "incidents.imported_activity"
        assert (opened.given["step"], opened.at) == (
            "Open",
            datetime(2013, 10, 1, 7, tzinfo=UTC),
        )
        assert closed.given["row"] == {
            "Case": "C1",
            "Step": "Closed",
            "When": "2013-10-02 09:30:00",
            "Team": "DESK",
            "Status now": "Closed",
        }

    def test_wait_for_a_record_that_has_not_come(self, desk: Desk) -> None:
        desk.bring_in(CASES, STEPS)
        assert WaitingRow.objects.get().outside_id == "C9"
        assert "1 steps wait for their record" in desk.told
        desk.bring_in(CASES.replace("C3;", "C9;"))
        assert not WaitingRow.objects.exists()
        assert entries(incident("C9"))[-1].given["step"] == "Open"
        assert desk.bring_in(STEPS) == {"steps": counted(unchanged=4)}

    def test_that_come_later_continue_the_chain(self, desk: Desk) -> None:
        desk.bring_in(CASES, STEPS)
        assert desk.bring_in(f"{HEADER}\n{LATER}")["steps"] == counted(created=1)
        assert entries(incident("C2"))[-1].given["step"] == "Called"
        assert list(broken()) == []

    def test_are_the_same_when_only_a_column_set_aside_differs(self, desk: Desk) -> None:
        desk.bring_in(CASES, STEPS)
        again = STEPS.replace(",Open\n", ",Closed\n")
        assert desk.bring_in(again)["steps"] == counted(unchanged=4)

    def test_come_to_the_same_whatever_the_order_of_the_files(self, desk: Desk) -> None:
        seen = set()
        for order in permutations((CASES, STEPS)):
            desk.bring_in(*order)
            seen.add(tuple(entry.verb for entry in entries(incident("C1"))))
        assert len(seen) == 1

    @pytest.mark.parametrize("first", ["cases", "steps"])
    def test_come_to_the_same_in_one_import_or_in_two(self, desk: Desk, first: str) -> None:
        for text in (CASES, STEPS) if first == "cases" else (STEPS, CASES):
            desk.bring_in(text)
        told = [(entry.verb, entry.given.get("step")) for entry in entries(incident("C1"))]
        assert told == [
            ("incidents.imported", None),
            ("incidents.imported_activity", "Open"),
            ("incidents.imported_activity", "Closed"),
        ]
        assert list(broken()) == []


class TestSnapshots:
    def test_become_a_record_with_the_history_of_its_states(self, desk: Desk) -> None:
        figures = desk.bring_in(STATES)
        assert figures == {"states": counted(created=2), "snapshots": counted(created=4)}
        case = incident("S1")
        assert (case.state, case.priority, case.team.title) == ("closed", 2, "Mail team")
        begun, taken, closed = entries(case)
        assert begun.difference["state"] == [None, "new"]
        assert taken.difference["state"] == ["new", "in_progress"]
        assert taken.difference["priority"] == [3, 2]
        assert taken.at == datetime(2013, 10, 1, 8, tzinfo=UTC)
        assert closed.difference["state"] == ["in_progress", "closed"]
        assert closed.difference["is_open"] == [True, False]

    def test_are_kept_whole_as_what_differs(self, desk: Desk) -> None:
        desk.bring_in(STATES)
        begun, taken, _ = entries(incident("S1"))
        assert begun.given["row"]["title"] == "No mail"
        assert set(taken.given["row"]) == {"modified", "count", "state", "priority", "group"}

    def test_record_each_team_once_whatever_the_case_of_its_name(self, desk: Desk) -> None:
        desk.bring_in(STATES)
        assert sorted(Team.objects.values_list("title", flat=True)) == ["Desk", "Mail team"]
        assert incident("S2").team.title == "Desk"
        desk.bring_in(STATES.replace("S2,", "S3,"))
        assert Team.objects.count() == 2

    def test_are_put_in_order_whatever_the_order_of_the_file(self, desk: Desk) -> None:
        header, *rows = STATES.splitlines()
        desk.bring_in("\n".join([header, *reversed(rows)]))
        states = [one.difference.get("state") for one in entries(incident("S1"))]
        assert states == [[None, "new"], ["new", "in_progress"], ["in_progress", "closed"]]

    def test_that_come_later_continue_the_history(self, desk: Desk) -> None:
        header, *rows = STATES.splitlines()
        desk.bring_in("\n".join([header, *rows[:2]]))
        figures = desk.bring_in(STATES)
        assert figures["states"] == counted(created=1, changed=1)
        assert figures["snapshots"] == counted(created=2, unchanged=2)
        case = incident("S1")
        assert (case.state, case.is_open) == ("closed", False)
        assert [one.difference.get("state") for one in entries(case)][-1] == [
            "in_progress",
            "closed",
        ]
        assert list(broken()) == []

    def test_that_come_late_are_kept_and_change_nothing(self, desk: Desk) -> None:
        header, first, second, third, _ = STATES.splitlines()
        desk.bring_in("\n".join([header, first, third]))
        desk.bring_in("\n".join([header, second]))
        case = incident("S1")
        assert case.state == "closed"
        assert entries(case)[-1].difference == {}
        assert entries(case)[-1].given["row"]["state"] == "in_progress"
