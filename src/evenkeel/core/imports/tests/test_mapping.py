"""A row becomes what it says, or is refused with everything that is wrong with it."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from evenkeel.core.imports.mapping import Mapper, Refused
from evenkeel.core.imports.profile import Profile, WrongProfile
from evenkeel.core.imports.tests.made_up import PROFILE, cells

MADE_UP = Profile.of(tomllib.loads(PROFILE), "made-up")
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
            "hours": Decimal("3.5"),
        }

    def test_reads_what_stands_for_nothing_as_nothing(self) -> None:
        reading = mapper().read(cells(CI="#N/B", Hours="#N/B"))
        assert reading.fields["hours"] is None
        assert reading.fields["title"] == "Laptop unknown fails"
        assert [one.relation for one in reading.pointers] == ["call"]

    def test_keeps_that_there_are_several_without_a_name(self) -> None:
        ci, calls = mapper().read(cells(Call="#MULTIVALUE")).pointers
        assert ci.is_named
        assert not calls.is_named

    def test_keeps_the_cells_as_they_were(self) -> None:
        assert mapper().read(cells(Hours="3,50")).cells["Hours"] == "3,50"

    def test_tells_everything_that_is_wrong(self) -> None:
        with pytest.raises(Refused) as refused:
            mapper().read(cells(Prio="high", Hours="3.5", Status="Pending", Opened="yesterday"))
        flaws = {flaw.field: (flaw.column, flaw.value) for flaw in refused.value.flaws}
        assert flaws == {
            "state": ("Status", "Pending"),
            "priority": ("Prio", "high"),
            "hours": ("Hours", "3.5"),
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
        columns = [name for name in cells() if name != "Hours"]
        with pytest.raises(WrongProfile, match='of cases has no column "Hours"'):
            Mapper(MADE_UP, CASES, columns)


class TestFingerprint:
    def test_is_the_same_however_the_file_spells_its_columns(self) -> None:
        other = {("Priority" if k == "Prio" else k): v for k, v in cells().items()}
        assert (
            Mapper(MADE_UP, CASES, other).read(other).fingerprint
            == mapper().read(cells()).fingerprint
        )

    def test_is_another_when_any_cell_is(self) -> None:
        assert mapper().read(cells()).fingerprint != mapper().read(cells(Hours="4")).fingerprint

    def test_is_the_same_when_only_a_column_set_aside_differs(self) -> None:
        row = {"Case": "C1", "Step": "Open", "When": "2013-10-01 09:00:00", "Status now": "x"}
        read = Mapper(MADE_UP, STEPS, row).read
        assert read(row).fingerprint == read({**row, "Status now": "y"}).fingerprint
        assert read(row).record == "C1"


class TestSnapshots:
    def test_have_an_order_of_their_own(self) -> None:
        row = {"id": "C1", "modified": "2013-10-01 09:00:00", "count": "2", "state": "new"}
        reading = Mapper(MADE_UP, STATES, row).read(row)
        assert reading.order == (datetime(2013, 10, 1, 7, tzinfo=UTC), 2)
