"""Rows that changed in the other system edit their record, and never over an edit made here."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.imports.tests.made_up import CASES, Desk, counted, entries, incident
from evenkeel.core.records.links import Link, Origin, Reference
from evenkeel.core.records.record import Record
from evenkeel.core.records.sealing import broken

NEWS = CASES.replace(";3;Slow;", ";2;Slower;")
ELSEWHERE = CASES.replace(";SRV1;", ";SRV2;").replace("#MULTIVALUE", "C1")


class TestEdits:
    def test_set_what_changed(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        assert desk.bring_in(NEWS) == {"cases": counted(changed=1, unchanged=2)}
        case = incident("C3")
        assert (case.priority, case.description, case.version) == (2, "Slower", 2)

    def test_leave_an_entry_with_the_difference(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        desk.bring_in(NEWS)
        entry = entries(incident("C3"))[-1]
        assert entry.verb == "incidents.imported_edit"
        assert entry.difference == {"priority": [3, 2], "description": ["Slow", "Slower"]}
        assert entry.given["row"] == {"Prio": ["3", "2"], "Text": ["Slow", "Slower"]}
        assert list(broken()) == []

    def test_keep_the_new_row(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        desk.bring_in(NEWS)
        assert Origin.objects.get(outside_id="C3").row["Text"] == "Slower"
        assert desk.bring_in(NEWS) == {"cases": counted(unchanged=3)}

    def test_close_what_was_closed_there(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        desk.bring_in(CASES.replace("C3;open", "C3;closed"))
        case = incident("C3")
        assert (case.state, case.is_open) == ("closed", False)

    def test_follow_what_the_row_points_to(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        desk.bring_in(ELSEWHERE)
        found = Reference.objects.filter(record=incident("C3")).order_by("relation")
        assert list(found.values_list("outside_name", flat=True)) == ["SRV2", "C1"]
        assert Link.objects.filter(source=incident("C3"), target=incident("C1")).exists()
        assert entries(incident("C3"))[-1].verb == "incidents.link"
        assert list(broken()) == []

    def test_are_as_many_queries_for_many_rows_as_for_one(self, desk: Desk) -> None:
        header, *_, third = CASES.splitlines()
        rows = [third.replace("C3;", f"C{n};") for n in range(3, 43)]
        many = "\n".join([header, *rows])
        desk.bring_in(many)
        news = many.replace("C3;open;Server;SRV1;3;Slow", "C3;open;Server;SRV2;2;Slower")
        desk.bring_in(news)
        desk.bring_in(many)  # what is asked only once in a process has been asked
        with CaptureQueriesContext(connection) as for_one:
            desk.bring_in(news)
        with CaptureQueriesContext(connection) as for_many:
            desk.bring_in(many.replace("SRV1;3;Slow", "SRV3;4;Slowest"))
        assert len(for_many) == len(for_one)

    def test_know_the_row_again_in_another_spelling_of_its_columns(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        renamed = NEWS.replace(";Prio;", ";Priority;", 1)
        assert desk.bring_in(renamed) == {"cases": counted(changed=1, unchanged=2)}
        assert entries(incident("C3"))[-1].difference["priority"] == [3, 2]


class TestConflicts:
    def test_are_refused_with_both_values(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        Record.objects.filter(pk=incident("C3").pk).update(priority=1)
        assert desk.bring_in(NEWS) == {"cases": counted(refused=1, unchanged=2)}
        assert desk.code == 1
        case = incident("C3")
        assert (case.priority, case.description) == (1, "Slow")
        told = desk.refused.read_text()
        assert "priority is 1 here by now, and was 3 before" in told

    def test_are_over_when_both_say_the_same(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        Record.objects.filter(pk=incident("C3").pk).update(priority=2)
        assert desk.bring_in(NEWS) == {"cases": counted(changed=1, unchanged=2)}
        assert incident("C3").description == "Slower"

    def test_are_none_where_the_other_system_changed_nothing(self, desk: Desk) -> None:
        desk.bring_in(CASES)
        case = incident("C3")
        type(case).objects.filter(pk=case.pk).update(solution="Restarted")
        desk.bring_in(NEWS)
        assert incident("C3").solution == "Restarted"
