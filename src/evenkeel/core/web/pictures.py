"""Lines over a few periods, for a page and for a file. Plain geometry; a table says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

LEFT, RIGHT, TOP, FOOT = 56, 12, 10, 20  # what the words around the lines need
WIDE, HIGH = 640, 190
ROOM = 1.1  # above the highest value
STEPS = 5  # at most, between the values that are written at the left
_FEW = 8  # periods that have room for their names


class Point(NamedTuple):
    """A value of a line, and where it stands."""

    x: float
    y: float
    title: str


class Line(NamedTuple):
    """What is counted, and its pieces between the periods of which nothing is known."""

    name: str
    pieces: list[list[Point]]


@dataclass(frozen=True)
class Picture:
    """Some series over the same periods, the oldest first; None where there is no value."""

    title: str
    periods: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    unit: str = ""  # "%": then the most is 100

    @cached_property
    def scale(self) -> tuple[float, float]:
        """The least and the most that it has room for."""
        shown = [value for _, values in self.series for value in values if value is not None]
        if self.unit == "%":
            return max(0, min(10 * ((min(shown, default=0) - 5) // 10), 90)), 100
        return 0, max([*shown, STEPS]) * ROOM

    @property
    def lines(self) -> list[Line]:
        """One for each series."""
        return [Line(name, list(self._pieces(name, values))) for name, values in self.series]

    @property
    def edges(self) -> list[tuple[float, str]]:
        """The values that are written at the left, and how far down."""
        least, most = self.scale
        step = _step((most if self.unit else most / ROOM) - least)
        values = (least + step * place for place in range(int((most - least) / step) + 1))
        return [(self.down(one), f"{one:,.0f}{self.unit and ' '}{self.unit}") for one in values]

    @property
    def named(self) -> list[tuple[float, str]]:
        """The periods that are named below the lines: all, or every other one to the last."""
        last, step = len(self.periods) - 1, 1 if len(self.periods) <= _FEW else 2
        return [
            (self.across(at), name)
            for at, name in enumerate(self.periods)
            if (last - at) % step == 0
        ]

    def across(self, at: int) -> float:
        """How far right a period stands."""
        return round(LEFT + (WIDE - LEFT - RIGHT) * at / max(1, len(self.periods) - 1), 1)

    def down(self, value: float) -> float:
        """How far down a value stands."""
        least, most = self.scale
        share = (min(max(value, least), most) - least) / (most - least)
        return round(TOP + (HIGH - TOP - FOOT) * (1 - share), 1)

    def _pieces(self, name: str, values: Sequence[float | None]) -> Iterator[list[Point]]:
        piece: list[Point] = []
        for at, value in enumerate(values):
            if value is None:
                if piece:
                    yield piece
                piece = []
                continue
            said = f"{value:.1f} %" if self.unit else f"{value:,.0f}"
            title = f"{self.periods[at]}: {name} {said}"
            piece.append(Point(self.across(at), self.down(value), title))
        if piece:
            yield piece


def _step(span: float) -> float:
    """A round number, of which a few make the span."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * STEPS >= span:
                return step
        size *= 10
