"""Calendars: what their text means, and which moments are open in a zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from evenkeel.core.clocks.calendar import Calendar, Unclear, holidays_of, intervals_of, week_of
from evenkeel.core.clocks.hours import Hours

OFFICE = "Mon-Fri 08:00-12:00 13:00-18:00; Sat 09:00-12:00"


def moment(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def open_hours(calendar: Calendar, start: str, end: str) -> float:
    hours = Hours(calendar)
    return hours.count(moment(start, calendar.zone), moment(end, calendar.zone)) / 3600


class TestTheTextOfAWeek:
    def test_names_days_alone_in_ranges_and_in_lists(self) -> None:
        week = week_of("Mon-Wed 08:00-09:00; Sat,Sun 10:00-11:00\nThu 07:00-08:00 08:00-24:00")
        assert week[0] == week[2] == ((480, 540),)
        assert week[3] == ((420, 480), (480, 1440))
        assert (week[4], week[5], week[6]) == ((), ((600, 660),), ((600, 660),))

    def test_knows_every_day_and_always(self) -> None:
        assert week_of("daily 06:00-22:00") == (((360, 1320),),) * 7
        assert week_of("24x7") == (((0, 1440),),) * 7

    def test_passes_the_end_of_the_week(self) -> None:
        assert [bool(day) for day in week_of("Sat-Mon 10:00-12:00")] == [
            True,
            *[False] * 4,
            *[True] * 2,
        ]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("Mon", "its hours are named"),
            ("Mo 08:00-12:00", "no day of the week"),
            ("Mon 8-12", "no time of day"),
            ("Mon 12:00-08:00", "does not end after it begins"),
            ("Mon 08:00-24:30", "by 24:00 at the latest"),
            ("Mon 08:00-12:00 11:00-13:00", "before the interval ahead of it ends"),
            ("Mon-Fri 08:00-12:00; Wed 13:00-14:00", "Wed is named twice"),
        ],
    )
    def test_is_refused_with_what_would_be_understood(self, text: str, why: str) -> None:
        with pytest.raises(Unclear, match=why):
            week_of(text)

    def test_has_intervals_that_touch(self) -> None:
        assert intervals_of("00:00-12:00 12:00-24:00") == ((0, 720), (720, 1440))


class TestACalendar:
    def test_counts_several_intervals_of_a_day(self) -> None:
        calendar = Calendar("Office", OFFICE)
        assert open_hours(calendar, "2026-05-04 00:00", "2026-05-11 00:00") == 5 * 9 + 3

    def test_has_days_with_other_hours_and_days_that_are_closed(self) -> None:
        days = ["2026-05-05 08:00-10:00", "2026-05-06 Summer party", "2026-05-10 10:00-11:00"]
        calendar = Calendar("Office", OFFICE, days=days)
        assert open_hours(calendar, "2026-05-04 00:00", "2026-05-11 00:00") == 3 * 9 + 2 + 3 + 1
        assert calendar.why_other(date(2026, 5, 6)) == "Summer party"

    def test_is_closed_on_holidays_unless_the_day_is_named(self) -> None:
        calendar = Calendar("Always", "24x7", holidays={"2026-12-25": "Christmas Day"})
        assert open_hours(calendar, "2026-12-24 00:00", "2026-12-27 00:00") == 48
        calendar = Calendar(
            "Always", "24x7", holidays=calendar.holidays, days=["2026-12-25 08:00-10:00"]
        )
        assert open_hours(calendar, "2026-12-24 00:00", "2026-12-27 00:00") == 50

    @pytest.mark.parametrize(
        ("zone", "start", "end", "hours"),
        [
            ("Europe/Amsterdam", "2026-03-29 00:00", "2026-03-30 00:00", 23),
            ("Europe/Amsterdam", "2026-10-25 00:00", "2026-10-26 00:00", 25),
            ("Australia/Lord_Howe", "2026-04-05 00:00", "2026-04-06 00:00", 24.5),
            ("America/Santiago", "2026-09-06 01:00", "2026-09-07 00:00", 23),
            ("Asia/Kolkata", "2026-03-29 00:00", "2026-03-30 00:00", 24),
        ],
    )
    def test_has_days_as_long_as_they_are(
        self, zone: str, start: str, end: str, hours: float
    ) -> None:
        assert open_hours(Calendar("Always", "24x7", zone), start, end) == hours

    def test_never_opens_in_an_hour_that_is_skipped_and_twice_in_one_that_is_repeated(self) -> None:
        night = Calendar("Night", "daily 02:00-03:00", "Europe/Amsterdam")
        assert open_hours(night, "2026-03-29 00:00", "2026-03-30 00:00") == 0
        assert open_hours(night, "2026-10-25 00:00", "2026-10-26 00:00") == 2

    def test_goes_on_over_the_turn_of_the_year(self) -> None:
        hours = Hours(Calendar("Always", "24x7", "Pacific/Kiritimati"))
        start, end = moment("2025-12-30 00:00"), moment("2026-01-02 12:00")
        assert list(hours.spans(start, end)) == [(start, end)]
        assert hours.reach(start, end - start) == end

    def test_that_is_open_on_two_days_only_is_counted_right(self) -> None:
        sparse = Calendar("Sparse", "Mon,Thu 09:00-10:00")
        hours = Hours(sparse)
        friday = moment("2026-05-08 12:00")
        assert hours.reach(friday, 90 * 60) == moment("2026-05-14 09:30")

    def test_that_never_opens_again_is_never_reached(self) -> None:
        closed = Calendar("Gone", "Mon 08:00-09:00", days=[])
        hours = Hours(closed)
        assert hours.reach(moment("2026-05-08 12:00"), 10**9) is None

    @pytest.mark.parametrize(
        ("calendar", "why"),
        [
            (Calendar("", "24x7"), "needs a name"),
            (Calendar("A", "Mon"), "hours are named"),
            (Calendar("A", ""), "never open"),
            (Calendar("A", "24x7", "Europe/Atlantis"), "no time zone"),
            (Calendar("A", "24x7", days=["Christmas"]), "no day that differs"),
            (Calendar("A", "24x7", days=["2026-02-30 closed"]), "There is no 2026-02-30"),
        ],
    )
    def test_says_what_makes_it_unusable(self, calendar: Calendar, why: str) -> None:
        assert why in " ".join(calendar.faults())

    def test_without_a_fault_says_nothing(self) -> None:
        assert (
            Calendar("Office", OFFICE, "Europe/Berlin", days=["2026-12-24 08:00-12:00"]).faults()
            == []
        )


class TestHolidays:
    def test_are_those_of_the_region(self) -> None:
        bavaria, berlin = (holidays_of("DE", region, 2026, 2026) for region in ("BY", "BE"))
        assert "2026-01-06" in bavaria
        assert "2026-01-06" not in berlin
        assert "2026-12-25" in berlin

    def test_of_nowhere_are_none(self) -> None:
        assert holidays_of("", "", 2026, 2027) == {}

    @pytest.mark.parametrize(("country", "region"), [("XX", ""), ("DE", "XX")])
    def test_of_an_unknown_place_are_refused(self, country: str, region: str) -> None:
        with pytest.raises(Unclear, match="are not known"):
            holidays_of(country, region, 2026, 2026)


def test_a_moment_is_a_whole_second() -> None:
    assert moment("1970-01-02 00:00") == int(datetime(1970, 1, 2, tzinfo=UTC).timestamp()) == 86_400
