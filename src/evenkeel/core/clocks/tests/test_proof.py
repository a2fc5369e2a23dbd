"""The engine against a naive simulator: at least 10,000 histories in every run."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenkeel.core.clocks import engine, ownership, proving

WORLDS, EACH = 250, 44  # 11,000 histories
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
chances = st.integers(0, 2**32).map(Random)
slowly = settings(max_examples=WORLDS, deadline=None, suppress_health_check=SLOW)


class TestTheEngine:
    @slowly
    @given(chances)
    def test_agrees_with_a_clock_on_every_minute(self, chance: Random) -> None:
        place = proving.world(chance)
        for _ in range(EACH):
            assert list(proving.differences(place, proving.history(chance))) == []

    @settings(slowly, max_examples=60)
    @given(chances)
    def test_never_goes_back_and_never_below_nothing(self, chance: Random) -> None:
        place = proving.world(chance)
        for _ in range(10):
            told = proving.history(chance)
            told = told._replace(turns=[turn for turn in told.turns if turn.act != "restart"])
            readings = [proving.read_in(place, told, now) for now in range(0, told.now, 97)]
            shown = [one.elapsed for one in readings]
            assert shown == sorted(shown)
            assert not shown or shown[0] >= 0
            # What is passed stays passed, and at the same moment.
            passed = [one.breached for one in readings if one.breached is not None]
            assert len(set(passed)) <= 1

    @settings(slowly, max_examples=60)
    @given(chances)
    def test_says_the_same_again_whatever_it_was_asked_before(self, chance: Random) -> None:
        place = proving.world(chance)
        told = [proving.history(chance) for _ in range(20)]
        first = [proving.read_in(place, one) for one in told]
        fresh = place._replace(hours=type(place.hours)(place.hours.calendar))
        assert first == [proving.read_in(place, one) for one in told]
        assert first[::-1] == [proving.read_in(fresh, one) for one in reversed(told)]

    @settings(slowly, max_examples=60)
    @given(chances)
    def test_is_due_exactly_when_it_says(self, chance: Random) -> None:
        """Run on to the due moment, and it shows its target; a second later, it is breached."""
        place = proving.world(chance)
        for _ in range(20):
            told = proving.history(chance)
            reading = proving.read_in(place, told)
            if reading.phase != engine.Phase.RUNNING or reading.breached or not reading.due:
                continue
            turns = [
                engine.Turn(place.start + 60 * at, act)
                for at, act, _ in told.turns
                if at <= told.now
            ]
            target = 60 * told.target
            then = engine.read(turns, target, place.hours, reading.due)
            assert (then.elapsed, then.breached, then.due) == (target, None, reading.due)

    @settings(slowly, max_examples=60)
    @given(chances)
    def test_is_cut_by_whose_hands_it_went_through_without_a_second_lost(
        self, chance: Random
    ) -> None:
        place = proving.world(chance)
        for _ in range(20):
            reading = proving.read_in(place, proving.history(chance))
            moments = sorted(place.start + chance.randrange(60 * 20_160) for _ in range(4))
            hands = [(-(2**62), None), *((at, chance.randrange(1, 4)) for at in moments)]
            found = ownership.shares(reading, place.hours, hands)
            assert sum(found.values()) == reading.elapsed
            assert all(seconds > 0 for seconds in found.values())


class TestTheSimulator:
    def test_is_not_the_engine(self) -> None:
        """A fault that is planted in the hours is found."""
        chance = Random(7)
        place = proving.world(chance)
        faulty = bytearray(1 - minute for minute in place.opened)
        told = proving.History([engine.Turn(0, "start")], 60, 10_000)
        assert list(proving.differences(place, told)) == []
        assert list(proving.differences(place._replace(opened=faulty), told)) != []
