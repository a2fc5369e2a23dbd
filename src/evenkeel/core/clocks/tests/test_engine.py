"""The engine by example: the rules that service managers know by heart."""

import pytest

from evenkeel.core.clocks import derivation
from evenkeel.core.clocks.calendar import Calendar
from evenkeel.core.clocks.engine import Act, Phase, Reading, Turn, read
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.tests.test_calendar import moment

HOUR = 3600
OFFICE = Hours(Calendar("Office", "Mon-Fri 08:00-18:00", "Europe/Amsterdam"))
ALWAYS = Hours(Calendar("Always", "24x7", "Europe/Amsterdam"))


def at(text: str) -> int:
    """Of May 2026, a month that begins on a Friday: "4 09:00"."""
    day, time = text.split()
    return moment(f"2026-05-{int(day):02} {time}", "Europe/Amsterdam")


def shown(
    turns: list[tuple[str, str]], now: str, target: float = 4, hours: Hours = OFFICE
) -> Reading:
    history = [
        Turn(at(when), act, "awaiting the user" if act == "pause" else "") for when, act in turns
    ]
    return read(history, int(target * HOUR), hours, at(now))


class TestAClock:
    @pytest.mark.row("R-08")
    def test_that_starts_on_friday_evening_is_due_on_monday(self) -> None:
        assert shown([("8 17:30", "start")], "8 17:31").due == at("11 11:30")

    def test_that_starts_outside_the_hours_begins_to_count_with_them(self) -> None:
        reading = shown([("9 12:00", "start")], "11 09:00")
        assert (reading.elapsed, reading.due) == (HOUR, at("11 12:00"))

    def test_that_is_paused_is_due_later_by_the_open_time_it_waited(self) -> None:
        turns = [("4 09:00", "start"), ("4 10:00", "pause"), ("5 10:00", "resume")]
        reading = shown(turns, "5 11:00")
        assert (reading.elapsed, reading.due) == (2 * HOUR, at("5 13:00"))

    def test_that_is_paused_is_not_due(self) -> None:
        reading = shown([("4 09:00", "start"), ("4 10:00", "pause")], "6 10:00")
        assert (reading.phase, reading.elapsed, reading.due) == (Phase.PAUSED, HOUR, None)

    def test_that_is_late_stays_due_when_it_was(self) -> None:
        turns = [("4 09:00", "start"), ("4 17:00", "pause")]
        reading = shown(turns, "7 10:00")
        assert (reading.due, reading.breached) == (at("4 13:00"), at("4 13:00"))

    def test_that_stops_at_the_very_second_is_kept(self) -> None:
        turns = [("4 09:00", "start"), ("4 13:00", "stop")]
        assert shown(turns, "8 10:00").breached is None
        late = [Turn(at("4 09:00"), Act.START), Turn(at("4 13:00") + 1, Act.STOP)]
        assert read(late, 4 * HOUR, OFFICE, at("8 10:00")).breached == at("4 13:00")

    def test_that_stopped_does_not_go_on(self) -> None:
        reading = shown([("4 09:00", "start"), ("4 10:00", "stop")], "8 10:00")
        assert (reading.phase, reading.elapsed, reading.due) == (Phase.STOPPED, HOUR, at("4 13:00"))

    @pytest.mark.row("R-13")
    def test_that_goes_on_after_a_stop_adds_to_what_passed(self) -> None:
        turns = [("4 09:00", "start"), ("4 11:00", "stop"), ("6 09:00", "resume")]
        reading = shown(turns, "6 10:00")
        assert (reading.elapsed, reading.due) == (3 * HOUR, at("6 11:00"))

    def test_that_begins_anew_forgets_what_passed(self) -> None:
        turns = [("4 09:00", "start"), ("4 12:00", "restart")]
        reading = shown(turns, "4 13:00")
        assert (reading.elapsed, reading.due, reading.since) == (HOUR, at("4 16:00"), at("4 12:00"))

    def test_that_begins_anew_while_it_is_paused_stays_paused(self) -> None:
        turns = [
            ("4 09:00", "start"),
            ("4 10:00", "pause"),
            ("4 12:00", "restart"),
            ("4 13:00", "resume"),
        ]
        assert shown(turns[:3], "4 12:30").phase == Phase.PAUSED
        assert shown(turns, "4 14:00").elapsed == HOUR

    def test_that_is_cancelled_is_never_due(self) -> None:
        reading = shown(
            [("4 09:00", "start"), ("4 10:00", "cancel"), ("4 11:00", "resume")], "8 10:00"
        )
        assert (reading.phase, reading.elapsed, reading.due) == (Phase.CANCELLED, HOUR, None)

    def test_warns_when_three_quarters_have_passed(self) -> None:
        assert shown([("4 09:00", "start")], "4 11:59").warned is None
        assert shown([("4 09:00", "start")], "4 11:59").warns == at("4 12:00")
        assert shown([("4 09:00", "start")], "4 12:00").warned == at("4 12:00")

    def test_may_start_before_anybody_wrote_it_down(self) -> None:
        """Retroactively: the start is an earlier moment than the turn that made it known."""
        reading = shown(
            [("4 15:00", "pause"), ("4 16:00", "resume"), ("4 09:00", "start")], "4 17:00"
        )
        assert reading.elapsed == 7 * HOUR

    def test_that_did_not_start_shows_nothing(self) -> None:
        reading = shown([], "4 10:00")
        assert (reading.phase, reading.elapsed, reading.due, reading.since) == (
            Phase.WAITING,
            0,
            None,
            None,
        )

    def test_knows_only_what_has_happened_by_now(self) -> None:
        turns = [("4 09:00", "start"), ("4 12:00", "stop")]
        assert shown(turns, "4 10:00").phase == Phase.RUNNING


class TestADerivation:
    def words(self, turns: list[tuple[str, str]], now: str, hours: Hours = OFFICE) -> list[str]:
        reading = shown(turns, now, hours=hours)
        found = list(derivation.steps(reading, hours))
        assert sum(step.counted for step in found) == reading.elapsed
        return [step.words for step in found]

    def test_says_what_counted_and_what_did_not(self) -> None:
        turns = [
            ("4 09:00", "start"),
            ("4 12:10", "pause"),
            ("4 15:15", "resume"),
            ("5 09:00", "stop"),
        ]
        assert self.words(turns, "8 10:00") == [
            "Mon 4 May 2026 09:00–12:10 counted, 3 h 10",
            "Mon 4 May 2026 12:10–15:15 paused awaiting the user, 3 h 05 not counted",
            "Mon 4 May 2026 15:15–18:00 counted, 2 h 45",
            "Tue 5 May 2026 08:00–09:00 counted, 1 h 00",
            "Tue 5 May 2026 09:00 stopped",
        ]

    def test_names_the_day_that_was_closed(self) -> None:
        calendar = Calendar(
            "Office", "Mon-Fri 08:00-18:00", holidays={"2026-05-05": "Liberation Day"}
        )
        hours = Hours(calendar, "Europe/Amsterdam")
        assert self.words([("4 17:00", "start")], "6 09:00", hours) == [
            "Mon 4 May 2026 17:00–18:00 counted, 1 h 00",
            "Tue 5 May 2026 closed, Liberation Day",
            "Wed 6 May 2026 08:00–09:00 counted, 1 h 00",
        ]

    def test_says_that_the_clocks_changed(self) -> None:
        start, now = (
            moment("2026-10-24 22:00", "Europe/Amsterdam"),
            moment("2026-10-25 08:00", "Europe/Amsterdam"),
        )
        reading = read([Turn(start, Act.START)], 4 * HOUR, ALWAYS, now)
        (step,) = derivation.steps(reading, ALWAYS)
        assert step.counted == 11 * HOUR
        assert step.words.endswith("counted, 11 h 00 (the clocks go back by 1 h 00)")

    def test_is_exact_to_the_second(self) -> None:
        assert [derivation.duration(one) for one in (0, 59, 60, 3600, 3661)] == [
            "0 min", "0 min 59 s", "1 min", "1 h 00", "1 h 01 min 01 s",
        ]  # fmt: skip
