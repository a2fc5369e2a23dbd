"""Days off out of iCalendar files: what is understood, what is refused, and that all is bounded."""

import time
from datetime import date

import pytest

from evenkeel.core.clocks import ical
from evenkeel.core.clocks.calendar import Unclear

FIRST, LAST = date(2025, 1, 1), date(2036, 12, 31)


def event(*lines: str, begins: str = "20260501", name: str = "Closed") -> str:
    """An event of a whole day, with these lines besides."""
    head = ("BEGIN:VEVENT", f"SUMMARY:{name}", f"DTSTART;VALUE=DATE:{begins}")
    return "\r\n".join([*head, *lines, "END:VEVENT"])


def read(*events: str) -> ical.Found:
    """What a file with these events says."""
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""])
    return ical.read(text.encode(), FIRST, LAST)


class TestWhatIsRead:
    def test_an_event_of_several_days_closes_each_of_them(self) -> None:
        found = read(event("DTEND;VALUE=DATE:20260504", name="Move"))
        assert found.days == dict.fromkeys(("2026-05-01", "2026-05-02", "2026-05-03"), "Move")

    def test_a_length_is_as_good_as_an_end(self) -> None:
        assert list(read(event("DURATION:P2D")).days) == ["2026-05-01", "2026-05-02"]

    def test_from_midnight_to_midnight_is_a_whole_day(self) -> None:
        hours = "BEGIN:VEVENT\r\nDTSTART:20260501T000000Z\r\nDTEND:20260502T000000Z\r\nEND:VEVENT"
        assert read(hours).days == {"2026-05-01": "event 1"}

    def test_a_series_is_read_to_its_end_and_to_ours(self) -> None:
        yearly = read(event("RRULE:FREQ=YEARLY"))
        assert len(yearly.days) == 11
        assert list(read(event("RRULE:FREQ=YEARLY;UNTIL=20280501")).days) == [
            *("2026-05-01", "2027-05-01", "2028-05-01")
        ]
        assert len(read(event("RRULE:FREQ=WEEKLY;COUNT=5")).days) == 5

    def test_the_last_monday_of_a_month_is_found_in_each_year(self) -> None:
        found = read(event("RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", begins="20260525"))
        assert list(found.days)[:3] == ["2026-05-25", "2027-05-31", "2028-05-29"]

    def test_a_series_that_began_long_ago_goes_on(self) -> None:
        found = read(event("RRULE:FREQ=YEARLY", begins="19500229"))  # there is no such day
        assert found.days == {}
        assert "2028-02-29" in read(event("RRULE:FREQ=YEARLY", begins="19520229")).days

    def test_days_are_taken_out_of_a_series_and_added_to_it(self) -> None:
        found = read(
            event(
                "RRULE:FREQ=YEARLY;COUNT=3",
                "EXDATE;VALUE=DATE:20270501",
                "RDATE;VALUE=DATE:20260612",
            )
        )
        assert list(found.days) == ["2026-05-01", "2026-06-12", "2028-05-01"]

    def test_one_of_a_series_that_was_moved_stands_where_it_was_moved_to(self) -> None:
        series = event("UID:a", "RRULE:FREQ=YEARLY;COUNT=2")
        moved = event("UID:a", "RECURRENCE-ID;VALUE=DATE:20270501", begins="20270503")
        assert list(read(series, moved).days) == ["2026-05-01", "2027-05-03"]

    def test_one_of_a_series_that_was_cancelled_is_no_day_off(self) -> None:
        series = event("UID:a", "RRULE:FREQ=YEARLY;COUNT=2")
        off = event("UID:a", "RECURRENCE-ID;VALUE=DATE:20270501", "STATUS:CANCELLED")
        assert list(read(series, off).days) == ["2026-05-01"]

    def test_a_name_is_one_line_that_can_be_shown(self) -> None:
        assert read(event(name="Two\\nlines\x00 and\ttabs")).days == {
            "2026-05-01": "Two lines and tabs"
        }


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("RRULE:FREQ=YEARLY;INTERVAL=0", "INTERVAL"),
            ("RRULE:FREQ=YEARLY;INTERVAL=-1", "INTERVAL"),
            ("RRULE:FREQ=SECONDLY", "neither by days, weeks, months nor years"),
            ("RRULE:FREQ=YEARLY;BYHOUR=3", "BYHOUR"),
            ("RRULE:FREQ=YEARLY;BYSETPOS=0", "cannot be understood"),
            ("RRULE:FREQ=NEVER", "RRULE cannot be understood"),
            ("DTEND;VALUE=DATE:20260430", "ends before it begins"),
            ("DTEND;VALUE=DATE:20280430", "more than 366 days"),
            ("DTEND;VALUE=DATE:2026133x", "DTEND cannot be understood"),
            ("DURATION:PT5H", "whole days"),
            ("RRULE:FREQ=YEARLY\r\nRRULE:FREQ=DAILY", "more than one rule"),
            ("DTSTART;VALUE=DATE:20260601", "more than one DTSTART"),
            ("RRULE:FREQ=DAILY", "more than 2,000 days off"),
        ],
    )
    def test_an_event_by_its_name_with_the_reason_while_the_others_stand(
        self, line: str, why: str
    ) -> None:
        found = read(event(line, name="Bad"), event(begins="20261224"))
        assert found.days == {"2026-12-24": "Closed"}
        (said,) = found.refused
        assert said.startswith("“Bad” is not read: ")
        assert why in said

    def test_an_event_with_hours_for_only_whole_days_are_days_off(self) -> None:
        hours = "BEGIN:VEVENT\r\nSUMMARY:Call\r\nDTSTART:20260501T090000Z\r\nEND:VEVENT"
        assert "has hours" in read(hours).refused[0]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"days;off",
            b"\xff\xfe\x00",
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:cut off",
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000,
        ],
    )
    def test_what_is_no_calendar(self, data: bytes) -> None:
        with pytest.raises(Unclear, match="no whole iCalendar file"):
            ical.read(data, FIRST, LAST)

    def test_more_than_there_can_be(self) -> None:
        with pytest.raises(Unclear, match=r"more than 1,000,000 bytes"):
            ical.read(b"x" * (ical.MOST_BYTES + 1), FIRST, LAST)
        many = [
            f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260501\r\nUID:{n}\r\nEND:VEVENT"
            for n in range(2001)
        ]
        with pytest.raises(Unclear, match=r"more than 2,000 events"):
            read(*many)

    @pytest.mark.parametrize(
        "rule",
        [
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
            "FREQ=DAILY;BYYEARDAY=366;BYMONTH=1",
        ],
    )
    def test_a_rule_that_fits_no_day_ends_in_bounds(self, rule: str) -> None:
        began = time.process_time()
        assert read(event(f"RRULE:{rule}")).days == {}
        assert time.process_time() - began < 3
