"""Moments in three spellings and one local time, and the two faults of local time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenkeel.core.imports.moments import LocalTime, Unreadable, moment_reader

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FULL = "day/month/year hour:minute:second"


class TestMoments:
    @pytest.mark.parametrize(
        ("shape", "text"),
        [
            (FULL, "04/11/2013 13:50:00"),
            ("day-month-year hour:minute", "4-11-2013 13:50"),
            ("year-month-day hour:minute:second", "2013-11-04 13:50:00"),
            ("year-month-dayThour:minute:secondZ", "2013-11-04T13:50:00Z"),
        ],
    )
    def test_are_one_moment_in_any_spelling(self, shape: str, text: str) -> None:
        read = moment_reader(shape, LocalTime(AMSTERDAM))
        assert read(text) == datetime(2013, 11, 4, 12, 50, tzinfo=UTC)

    def test_are_an_hour_earlier_in_summer(self) -> None:
        read = moment_reader(FULL, LocalTime(AMSTERDAM))
        assert read("04/10/2013 13:50:27") == datetime(2013, 10, 4, 11, 50, 27, tzinfo=UTC)

    def test_may_be_in_utc(self) -> None:
        read = moment_reader("day/month/year hour:minute", LocalTime())
        assert read("29/2/2016 01:16") == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text", ["2013-11-04 13:50:00", "04/11/2013", "", "\uff14/11/2013 1:00:00"]
    )
    def test_are_refused_in_another_spelling(self, text: str) -> None:
        with pytest.raises(Unreadable, match="is not a moment; expected day/month/year"):
            moment_reader(FULL, LocalTime(AMSTERDAM))(text)

    @pytest.mark.parametrize("day", ["29/02/2013", "01/01/0001", "31/12/9999", "01/01/0000"])
    def test_are_refused_when_they_are_not_in_the_calendar(self, day: str) -> None:
        with pytest.raises(Unreadable, match="is not in the calendar"):
            moment_reader(FULL, LocalTime(AMSTERDAM))(f"{day} 10:00:00")

    @given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)))
    def test_come_back_as_they_were_written(self, moment: datetime) -> None:
        moment = moment.replace(microsecond=0)
        local = moment.astimezone(AMSTERDAM)
        clock = LocalTime(AMSTERDAM, twice="second" if local.fold else "first")
        assert moment_reader(FULL, clock)(f"{local:%d/%m/%Y %H:%M:%S}") == moment


class TestMomentsInWords:
    SHAPE = "day/monthname/shortyear hour:minute half"

    @pytest.mark.parametrize(
        ("text", "hour"),
        [
            ("4/Nov/13 12:50 AM", 0),
            ("04/NOV/13 1:50 am", 1),
            ("04/Nov/13 12:50 PM", 12),
            ("04/nov/13 11:50 PM", 23),
        ],
    )
    def test_are_read_by_month_and_half_of_the_day(self, text: str, hour: int) -> None:
        read = moment_reader(self.SHAPE, LocalTime())
        assert read(text) == datetime(2013, 11, 4, hour, 50, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("04/Okt/13 1:50 PM", "names no month; expected one of jan, feb"),
            ("04/Nov/13 13:50 PM", "not of a clock of 12 hours"),
            ("04/Nov/13 0:50 AM", "not of a clock of 12 hours"),
            ("31/Feb/13 1:50 PM", "is not in the calendar"),
            ("04/Nov/2013 1:50 PM", "is not a moment"),
            ("04/Nov/13 1:50", "is not a moment"),
        ],
    )
    def test_are_refused_with_the_reason(self, text: str, told: str) -> None:
        with pytest.raises(Unreadable, match=told):
            moment_reader(self.SHAPE, LocalTime())(text)

    @pytest.mark.parametrize(
        ("shape", "told"),
        [
            ("day/month/monthname/year", '"month" stands twice'),
            ("day/month/year half", "and not which hour"),
        ],
    )
    def test_are_refused_in_a_shape_that_cannot_be(self, shape: str, told: str) -> None:
        with pytest.raises(ValueError, match=told):
            moment_reader(shape, LocalTime())


class TestTheHourThatComesTwice:
    TEXT = "27/10/2013 02:30:00"

    @pytest.mark.parametrize(("twice", "hour"), [("first", 0), ("second", 1)])
    def test_is_read_as_the_profile_says(self, twice: str, hour: int) -> None:
        read = moment_reader(FULL, LocalTime(AMSTERDAM, twice=twice))
        assert read(self.TEXT) == datetime(2013, 10, 27, hour, 30, tzinfo=UTC)

    def test_is_refused_when_the_profile_says_so(self) -> None:
        with pytest.raises(Unreadable, match="came twice in Europe/Amsterdam"):
            moment_reader(FULL, LocalTime(AMSTERDAM, twice="refuse"))(self.TEXT)


class TestTheHourThatIsLeftOut:
    TEXT = "31/03/2013 02:30:00"

    def test_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="never was in Europe/Amsterdam"):
            moment_reader(FULL, LocalTime(AMSTERDAM))(self.TEXT)

    def test_is_read_as_if_the_clock_had_run_on_when_the_profile_says_so(self) -> None:
        read = moment_reader(FULL, LocalTime(AMSTERDAM, skipped="later"))
        assert read(self.TEXT) == datetime(2013, 3, 31, 1, 30, tzinfo=UTC)


class TestShape:
    @pytest.mark.parametrize(
        ("shape", "reason"),
        [
            ("day/month hour:minute", "does not say where the year stands"),
            ("day/month/year minute", "does not say where the hour stands"),
            ("day/month/year hours:minute", '"hours" is none of'),
            ("day/month/year day", '"day" stands twice'),
        ],
    )
    def test_is_refused_with_its_reason(self, shape: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            moment_reader(shape, LocalTime())
