"""The course of a clock and its forecast, held against a clock on every minute."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenkeel.core.clocks import forecast, proving, simulator
from evenkeel.core.clocks.calendar import Calendar
from evenkeel.core.clocks.engine import Phase
from evenkeel.core.clocks.forecast import Course, Part, Sort
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.proving import History, World
from evenkeel.core.clocks.tests.test_engine import ALWAYS, HOUR, OFFICE, at, shown

chances = st.integers(0, 2**32).map(Random)
many = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)


def course(
    turns: list[tuple[str, str]], now: str, until: str, target: float = 4, hours: Hours = OFFICE
) -> Course:
    reading = shown(turns, now, target, hours)
    return forecast.course(reading, int(target * HOUR), hours, at(until))


def in_hours(found: Course) -> list[tuple[str, float]]:
    return [(str(part.sort), part.seconds / HOUR) for part in found.parts]


def minute_by_minute(place: World, told: History, until: int) -> tuple[int, int]:
    """What will have counted by a later minute, and what was paused by now; naively."""
    happened = [turn for turn in told.turns if turn.at <= told.now]
    simulated = simulator.simulate(happened, told.target, place.opened, told.now)
    minute = until if simulated.phase == "running" else told.now
    expected = simulator.simulate(happened, told.target, place.opened, minute).elapsed
    paused, phase = 0, "waiting"
    for minute in range(told.now):
        for turn in (turn for turn in happened if turn.at == minute):
            again = turn.act == "restart" and phase != "cancelled"
            phase, paused = simulator._after(phase, turn.act), 0 if again else paused
        paused += place.opened[minute] if phase == "paused" else 0
    if any(turn.act == "restart" and turn.at == told.now for turn in happened):
        paused = 0 if phase != "cancelled" else paused
    return 60 * expected, 60 * paused


class TestTheForecast:
    @many
    @given(chances)
    def test_agrees_with_a_clock_on_every_minute(self, chance: Random) -> None:
        place = proving.world(chance)
        for _ in range(8):
            told = proving.history(chance)
            until = told.now + chance.randrange(4 * 24 * 60)
            found = forecast.course(
                proving.read_in(place, told),
                60 * told.target,
                place.hours,
                place.start + 60 * until,
            )
            assert (found.expected, found.paused) == minute_by_minute(place, told, until)

    @many
    @given(chances)
    def test_fills_the_target_exactly_when_the_clock_is_due(self, chance: Random) -> None:
        place = proving.world(chance)
        for _ in range(20):
            told = proving.history(chance)
            reading = proving.read_in(place, told)
            if reading.phase != Phase.RUNNING or reading.due is None:
                continue
            for until in (reading.due - 1, reading.due, reading.due + 1):
                if until < reading.stretches[-1].end:
                    continue
                found = forecast.course(reading, 60 * told.target, place.hours, until)
                assert (found.expected_share >= 100) == (until >= reading.due)

    def test_counts_the_hours_of_the_clock_and_not_those_of_the_wall(self) -> None:
        """From Friday 17:00 to Monday 10:00 three hours are promised, not 65."""
        found = course([("8 16:00", "start")], "8 17:00", "11 10:00")
        assert (found.share, found.expected_share) == (25, 100)

    @pytest.mark.parametrize("act", ["pause", "stop", "cancel"])
    def test_of_what_does_not_run_is_how_it_stands(self, act: str) -> None:
        found = course([("4 09:00", "start"), ("4 10:00", act)], "4 12:00", "4 18:00")
        assert (found.share, found.expected_share) == (25, 25)

    def test_says_100_only_where_all_is_used(self) -> None:
        turns = [("4 09:00", "start")]
        found = forecast.course(shown(turns, "4 12:00"), 4 * HOUR, OFFICE, at("4 13:00") - 1)
        assert found.expected_share == 99


class TestTheCourse:
    def test_shows_what_counted_was_paused_and_will_count_in_their_order(self) -> None:
        turns = [("4 09:00", "start"), ("4 10:00", "pause"), ("4 12:00", "resume")]
        found = course(turns, "4 13:00", "4 14:00")
        assert in_hours(found) == [("counted", 1), ("paused", 2), ("counted", 1), ("ahead", 1)]
        assert (found.whole, found.line) == (6 * HOUR, 6 * HOUR)

    def test_is_divided_where_the_target_is_used_up(self) -> None:
        found = course([("4 09:00", "start")], "4 14:00", "4 16:00")
        assert in_hours(found) == [("counted", 4), ("over", 1), ("late", 2)]
        assert (found.whole, found.line) == (7 * HOUR, 4 * HOUR)

    def test_foresees_where_it_will_be(self) -> None:
        found = course([("4 09:00", "start")], "4 12:00", "4 14:00")
        assert in_hours(found) == [("counted", 3), ("ahead", 1), ("late", 1)]
        assert found.line == 4 * HOUR

    def test_leaves_out_a_pause_while_nobody_was_there(self) -> None:
        turns = [("8 17:00", "start"), ("8 18:00", "pause"), ("11 08:00", "resume")]
        found = course(turns, "11 09:00", "11 09:00")
        assert found.parts == (Part(Sort.COUNTED, 2 * HOUR),)

    @many
    @given(chances)
    def test_adds_up(self, chance: Random) -> None:
        place = proving.world(chance)
        for _ in range(20):
            told = proving.history(chance)
            reading, target = proving.read_in(place, told), 60 * told.target
            found = forecast.course(
                reading, target, place.hours, place.start + 60 * (told.now + 600)
            )
            by_sort = dict.fromkeys(Sort, 0)
            for part in found.parts:
                assert part.seconds > 0
                by_sort[part.sort] += part.seconds
            assert by_sort[Sort.COUNTED] + by_sort[Sort.OVER] == reading.elapsed
            assert by_sort[Sort.COUNTED] + by_sort[Sort.AHEAD] <= target
            assert all(
                one.sort != two.sort for one, two in zip(found.parts, found.parts[1:], strict=False)
            )
            assert 0 <= found.line <= found.whole


class TestTheEndOfTheDay:
    @pytest.mark.parametrize(
        ("now", "days", "closes"),
        [
            ("4 09:00", 0, "4 18:00"),
            ("4 03:00", 0, "4 18:00"),
            ("4 18:00", 0, "5 18:00"),  # it has ended
            ("4 09:00", 1, "5 18:00"),
            ("8 19:00", 0, "11 18:00"),  # over the weekend
            ("8 09:00", 1, "11 18:00"),
        ],
    )
    def test_is_when_the_service_hours_end(self, now: str, days: int, closes: str) -> None:
        assert forecast.closing(OFFICE, at(now), days) == at(closes)

    def test_is_midnight_where_they_never_end(self) -> None:
        assert forecast.closing(ALWAYS, at("4 09:00")) == at("5 00:00")
        assert forecast.closing(ALWAYS, at("4 09:00"), 1) == at("6 00:00")

    def test_is_that_of_other_hours_on_the_day(self) -> None:
        hours = Hours(
            Calendar(
                "O", "Mon-Fri 08:00-18:00", "Europe/Amsterdam", days=["2026-05-04 08:00-12:00"]
            )
        )
        assert forecast.closing(hours, at("4 09:00")) == at("4 12:00")
        assert forecast.closing(hours, at("4 12:30")) == at("5 18:00")

    @many
    @given(chances)
    def test_is_the_last_open_minute_of_that_day(self, chance: Random) -> None:
        """Walk the minutes: the first after which that day has no open one."""
        place = proving.world(chance)
        for _ in range(20):
            now = chance.randrange(10 * 24 * 60)
            found = forecast.closing(place.hours, place.start + 60 * now)
            opened = [minute for minute in range(now, simulator.WINDOW) if place.opened[minute]]
            if not opened:
                continue
            day = place.hours.on_the_wall(place.start + 60 * opened[0]).date()
            on_it = (
                minute
                for minute in opened
                if place.hours.on_the_wall(place.start + 60 * minute).date() == day
            )
            assert found == place.start + 60 * (max(on_it) + 1)
