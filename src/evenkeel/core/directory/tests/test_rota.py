"""Who is on duty at a moment, also where clocks are put forward and back (PR9.3, ISRM-08)."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenkeel.core.directory import rota as rotas
from evenkeel.core.directory.rota import Duty, Layer, Rota, StandIn

ZONES = ("Europe/Oslo", "America/New_York", "Australia/Sydney", "UTC")
HOURS = ("", "Mon-Fri 17:00-08:00", "Sat-Sun 00:00-24:00, Wed 02:30-03:30", "Fri-Mon 22:00-02:30")
STEP = timedelta(minutes=30)
BEGINS = [date(2026, 3, 20), date(2026, 10, 16), date(2026, 6, 1)]  # before each change of clocks


def first_showing(wall: datetime, zone: str) -> datetime:
    """When a clock on the wall shows that for the first time: found by looking at it.

    A time that is skipped is shown by the clock that nobody puts forward.
    """
    looked = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    before = looked.astimezone(ZoneInfo(zone)).utcoffset()
    assert before is not None
    end = looked + timedelta(hours=30)
    while looked < end:
        if looked.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
            return looked
        looked += STEP
    return wall.replace(tzinfo=UTC) - before


def naive(rota: Rota, at: datetime, left: set[int]) -> list[Duty]:
    """The same, found by walking from hand-over to hand-over, day by day."""
    found = []
    for number, layer in enumerate(rota.layers, 1):
        turn, day = -1, layer.begins
        while first_showing(midnight(day) + timedelta(minutes=layer.at), layer.zone) <= at:
            turn, day = turn + 1, day + timedelta(days=layer.days)
        own = layer.people[turn % len(layer.people)]
        if turn < 0 or not in_hours(layer, at):
            found.append(Duty(number, None))
            continue
        person = own
        for one in rota.stand_ins:
            if one.layer == number and one.starts <= at < one.ends:
                person = one.person if one.instead_of in (None, own) else person
        gone = person in left
        found.append(Duty(number, None if gone else person, own, person if gone else None))
    return found


def in_hours(layer: Layer, at: datetime) -> bool:
    if not layer.hours:
        return True
    for back in range(-1, 3):
        day = at.date() - timedelta(days=back)
        for part in layer.hours.split(", "):
            days, _, times = part.partition(" ")
            first, _, last = days.partition("-")
            week = list(rotas.DAYS) * 2
            start = week.index(first.lower())
            end = week.index((last or first).lower(), start)
            opens, closes = (int(t[:2]) * 60 + int(t[3:]) for t in times.split("-"))
            closes += 1440 if closes <= opens else 0
            if rotas.DAYS[day.weekday()] not in week[start : end + 1]:
                continue
            from_, until = (
                first_showing(midnight(day) + timedelta(minutes=m), layer.zone)
                for m in (opens, closes)
            )
            if from_ <= at < until:
                return True
    return False


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


layers = st.builds(
    Layer,
    people=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    begins=st.sampled_from(BEGINS),
    at=st.integers(0, 47).map(lambda half: half * 30),
    days=st.sampled_from([1, 2, 7, 14]),
    zone=st.sampled_from(ZONES),
    hours=st.sampled_from(HOURS),
)
moments = st.builds(
    lambda day, halves: datetime(day.year, day.month, day.day, tzinfo=UTC) + halves * STEP,
    st.sampled_from(BEGINS),
    st.integers(-48, 48 * 20),
)


@st.composite
def stand_ins(draw: st.DrawFn) -> StandIn:
    starts = draw(moments)
    ends = starts + draw(st.integers(1, 200)) * STEP
    other = draw(st.sampled_from([None, 1, 2]))
    return StandIn(1, draw(st.integers(1, 2)), draw(st.integers(1, 5)), starts, ends, "", other)


built = st.builds(
    Rota,
    layers=st.lists(layers, min_size=1, max_size=2),
    stand_ins=st.lists(stand_ins(), max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(built, moments, st.sets(st.integers(1, 5), max_size=2))
def test_duty_is_what_a_walk_from_hand_over_to_hand_over_finds(
    rota: Rota, at: datetime, left: set[int]
) -> None:
    assert rotas.on_duty(rota, at, left) == naive(rota, at, left)


@settings(max_examples=60, deadline=None)
@given(built, moments, st.integers(0, 200))
def test_spans_say_of_every_moment_what_is_asked_of_it_alone(
    rota: Rota, start: datetime, halves: int
) -> None:
    end = start + 15 * timedelta(days=1)
    spans = list(rotas.spans(rota, 1, start, end))
    assert (spans[0].starts, spans[-1].ends) == (start, end)
    for one, after in itertools.pairwise(spans):
        assert one.ends == after.starts
        assert one.duty != after.duty
    at = start + halves * STEP
    here = next(one for one in spans if one.starts <= at < one.ends)
    assert here.duty == rotas.on_duty(rota, at)[0]


def weekly(**more: object) -> Rota:
    return rotas.read(
        {
            "layers": [
                {"people": [1, 2], "begins": "2026-10-19", "at": 540, "days": 7}
                | {"zone": "Europe/Oslo", **more}
            ]
        }
    )


def person_at(rota: Rota, at: str) -> int | None:
    return rotas.on_duty(rota, datetime.fromisoformat(at))[0].person


def test_a_week_in_which_clocks_are_put_back_is_an_hour_longer() -> None:
    first = next(rotas.spans(weekly(), 1, datetime(2026, 10, 19, 7, tzinfo=UTC), FAR))
    assert first.ends - first.starts == timedelta(days=7, hours=1)


FAR = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_time_that_autumn_repeats_hands_over_the_first_time() -> None:
    rota = weekly(at=150, days=1, begins="2026-10-24")
    assert person_at(rota, "2026-10-25T02:29:00+02:00") == 1
    assert person_at(rota, "2026-10-25T02:30:00+02:00") == 2
    assert person_at(rota, "2026-10-25T02:15:00+01:00") == 2  # the wall shows 02:15 once more


@pytest.mark.parametrize("wrong", ["nights", "Mon 25:00-26:00", "Xyz 08:00-09:00"])
def test_hours_that_nobody_understands_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"Write them as|A time is"):
        rotas.windows(wrong)
