"""A row becomes what it says, or is refused with everything that is wrong with it."""

from datetime import UTC, datetime

import pytest

from evenkeel.core.imports.mapping import Mapper, Reading, Refused
from evenkeel.core.imports.profile import WrongProfile
from evenkeel.core.imports.tests.made_up import MADE_UP, cells

CASES, STEPS, STATES = MADE_UP.files


def mapper() -> Mapper:
    return Mapper(MADE_UP, CASES, cells())


class TestMapper:
    def test_reads_a_row_in_our_words(self) -> None:
        reading = mapper().read(cells())
        assert (reading.outside_id, reading.at) == ("C1", datetime(2013, 10, 1, 7, tzinfo=UTC))
        assert reading.fields == {
            "title": "Laptop LAP1 fails",
            "state": "closed",
            "priority": 5,
            "description": "It fell",
            "closed_at": datetime(2013, 10, 2, 7, 30, tzinfo=UTC),
        }

    def test_reads_what_stands_for_nothing_as_nothing(self) -> None:
        reading = mapper().read(cells(CI="#N/B", Text="#N/B"))
        assert reading.fields["description"] is None
        assert reading.fields["title"] == "Laptop unknown fails"
        assert [one.relation for one in reading.pointers] == ["whole"]

    def test_keeps_that_there_are_several_without_a_name(self) -> None:
        ci, whole = mapper().read(cells(**{"Part of": "#MULTIVALUE"})).pointers
        assert ci.is_named
        assert not whole.is_named

    def test_keeps_the_cells_as_they_were(self) -> None:
        assert mapper().read(cells(Text=" It  fell")).cells["Text"] == " It  fell"

    def test_tells_everything_that_is_wrong(self) -> None:
        with pytest.raises(Refused) as refused:
            mapper().read(cells(Prio="high", Status="Pending", Opened="yesterday"))
        flaws = {flaw.field: (flaw.column, flaw.value) for flaw in refused.value.flaws}
        assert flaws == {
            "state": ("Status", "Pending"),
            "priority": ("Prio", "high"),
            "at": ("Opened", "yesterday"),
        }

    @pytest.mark.parametrize("column", ["Case", "Status", "Opened"])
    def test_refuses_a_row_without_what_is_needed(self, column: str) -> None:
        with pytest.raises(Refused, match="is empty, but"):
            mapper().read(cells(**{column: ""}))

    def test_refuses_a_name_too_long_to_keep(self) -> None:
        with pytest.raises(Refused, match="longer than 120"):
            mapper().read(cells(Case="C" * 121))

    def test_does_not_fit_a_file_without_one_of_its_columns(self) -> None:
        columns = [name for name in cells() if name != "Text"]
        with pytest.raises(WrongProfile, match='of cases has no column "Text"'):
            Mapper(MADE_UP, CASES, columns)


class TestFingerprint:
    def test_is_the_same_however_the_file_spells_its_columns(self) -> None:
        other = {("Priority" if k == "Prio" else k): v for k, v in cells().items()}
        assert (
            Mapper(MADE_UP, CASES, other).read(other).fingerprint
            == mapper().read(cells()).fingerprint
        )

    def test_is_another_when_any_cell_is(self) -> None:
        assert (
            mapper().read(cells()).fingerprint != mapper().read(cells(Text="It burns")).fingerprint
        )

    def test_is_the_same_when_only_a_column_set_aside_differs(self) -> None:
        row = {
            "Case": "C1",
            "Step": "Open",
            "When": "2013-10-01 09:00:00",
            "Team": "DESK",
            "Status now": "x",
        }
        read = Mapper(MADE_UP, STEPS, row).read
        assert read(row).fingerprint == read({**row, "Status now": "y"}).fingerprint
        assert read(row).record == "C1"


class TestSnapshots:
    def test_have_an_order_of_their_own(self) -> None:
        reading = snapshot("new")
        assert reading.order == (datetime(2013, 10, 1, 7, tzinfo=UTC), 2)

    def test_say_only_what_counts_in_their_state(self) -> None:
        assert snapshot("new").fields["closed_at"] is None
        assert snapshot("closed").fields["closed_at"] == datetime(2013, 10, 3, 7, tzinfo=UTC)


def snapshot(state: str) -> Reading:
    row = {
        "id": "C1",
        "modified": "2013-10-01 09:00:00",
        "count": "2",
        "title": "No mail",
        "state": state,
        "priority": "3",
        "group": "Desk",
        "end": "2013-10-03 09:00:00",
    }
    return Mapper(MADE_UP, STATES, row).read(row)
