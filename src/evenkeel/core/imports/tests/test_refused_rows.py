"""A row that cannot be taken never stops the rest, and comes back corrected."""

from pathlib import Path

import pytest

from evenkeel.core.imports import fit
from evenkeel.core.imports.tests.made_up import CASES, STATES, STEPS, Desk, counted, incident

BAD = CASES.replace(";2;;02/10/2013", ";high;;32/10/2013")


class TestRefusedRows:
    def test_do_not_stop_the_rest(self, desk: Desk) -> None:
        assert desk.bring_in(BAD) == {"cases": counted(created=2, refused=1)}
        assert desk.code == 1
        assert str(desk.refused) in desk.told

    def test_say_row_field_and_reason(self, desk: Desk) -> None:
        desk.bring_in(BAD)
        (row,) = desk.refused.read_text().splitlines()[1:]
        assert row.startswith("cases,export-0.csv,4,priority; at,high; 32/10/2013 10:00:00,")
        assert "Prio is not a place on a scale" in row
        assert "Opened is not in the calendar" in row

    def test_come_in_when_they_are_corrected(self, desk: Desk) -> None:
        desk.bring_in(BAD)
        text = desk.refused.read_text()
        head, row = text.split("\n", 1)
        # In the columns of the row itself, behind those that tell what was wrong.
        cells = row.rpartition("C2,open")
        corrected = cells[2].replace("high", "2").replace("32/10", "02/10")
        path = desk.folder / "corrected.csv"
        path.write_text(f"{head}\n{cells[0]}{cells[1]}{corrected}")
        assert desk.bring_in(path) == {"cases": counted(created=1)}
        assert desk.code == 0
        assert incident("C2").priority == 2
        assert desk.bring_in(CASES) == {"cases": counted(unchanged=3)}

    def test_are_counted_with_their_kind(self, desk: Desk) -> None:
        bad_steps = STEPS.replace("2013-10-04 10:00:00", "soon")
        bad_states = STATES.replace("4 - Low", "low")
        figures = desk.bring_in(CASES, bad_steps, bad_states)
        assert figures["steps"] == counted(created=3, refused=1)
        assert figures["snapshots"] == counted(created=3, refused=1)
        assert figures["states"] == counted(created=1)

    @pytest.mark.parametrize("state", ["gone", "resolvd"])
    def test_are_those_whose_state_we_do_not_have(self, desk: Desk, state: str) -> None:
        figures = desk.bring_in(STATES.replace(",new,4", f",{state},4"))
        assert figures["states"] == counted(created=1, refused=1)
        assert "is none of new, classified" in desk.refused.read_text()

    def test_are_those_that_the_columns_cannot_hold(self, desk: Desk) -> None:
        long = STATES.replace("No print", "x" * 201)
        assert desk.bring_in(long)["snapshots"] == counted(created=3, refused=1)
        assert "is longer than 200 characters" in desk.refused.read_text()

    def test_are_found_when_only_the_database_refuses_them(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fit, "_check", lambda field: lambda value: "")
        long = STATES.replace("No print", "x" * 201)
        figures = desk.bring_in(long)
        assert figures["snapshots"] == counted(created=3, refused=1)
        assert "The database does not take it: value too long" in desk.refused.read_text()
        assert incident("S1").team.title == "Mail team"

    def test_of_an_unknown_file_are_none_but_it_is_told(self, desk: Desk) -> None:
        figures = desk.bring_in(CASES, "a;b\n1;2\n")
        assert figures == {"cases": counted(created=3)}
        assert desk.code == 1
        assert "export-1.csv is none of the files that Made-up desk knows" in desk.told


class TestRefusalsFile:
    def test_lies_in_the_current_folder_unless_told(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(desk.folder)
        path = desk.folder / "bad.csv"
        path.write_text(BAD)
        from evenkeel.core.imports.command import run

        assert run([str(path), "--profile", str(desk.profile)]) == 1
        (found,) = Path(desk.folder).glob("refusals-IMP-*.csv")
        assert "high" in found.read_text()
