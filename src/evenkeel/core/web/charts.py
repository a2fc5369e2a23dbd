"""A figure as a line over the months, with the band in which it should lie. Plain geometry."""

from dataclasses import dataclass, field
from functools import cached_property

from evenkeel.core.figures.declaring import Target, Unit
from evenkeel.core.figures.months import Month
from evenkeel.core.figures.reading import Reading

LEFT, RIGHT, TOP, FOOT = 34, 10, 10, 20  # what the words around the lines need
HALF = 50  # above which a share is drawn from below its least value, not from nothing
ROOM = 1.15  # above the highest value, so that it does not touch the edge


@dataclass(frozen=True)
class Point:
    """One month of the line."""

    x: float
    y: float
    is_fine: bool  # where it should lie, or nothing says where
    title: str


@dataclass
class Chart:
    """The line of one figure: of one priority, or of all."""

    reading: Reading
    priority: int | None
    wide: int = 360
    high: int = 140
    target: Target | None = field(init=False)

    def __post_init__(self) -> None:
        self.target = self.reading.target(self.priority)

    @cached_property
    def values(self) -> list[float | None]:
        """One for each month."""
        return [self.reading.value(month, self.priority) for month in self.reading.months]

    @cached_property
    def scale(self) -> tuple[float, float]:
        """The least and the most that it has room for."""
        unit = self.reading.figure.unit
        if unit == Unit.MARK:
            return 1, 5
        shown = [value for value in (*self.values, *self._aims) if value is not None]
        if unit == Unit.PERCENT and min(shown, default=0) > HALF:
            return 10 * ((min(shown) - 5) // 10), 100
        most = max([*shown, 1]) * ROOM
        return 0, min(most, 100) if unit == Unit.PERCENT else most

    @property
    def _aims(self) -> list[float]:
        aims = [] if self.target is None else [self.target.at_least, self.target.at_most]
        return [one for one in aims if one is not None]

    @cached_property
    def lines(self) -> list[list[Point]]:
        """The points, in pieces between the months of which nothing is known."""
        pieces: list[list[Point]] = [[]]
        for at, (month, value) in enumerate(zip(self.reading.months, self.values, strict=True)):
            if value is None:
                pieces.append([])
                continue
            fine = self.target is None or self.target.holds(value)
            title = f"{month.said}: {said(value, self.reading.figure.unit)}"
            pieces[-1].append(Point(self.across(at), self.down(value), fine, title))
        return [piece for piece in pieces if piece]

    @property
    def band(self) -> tuple[float, float] | None:
        """Where it should lie: from how far down, to how far down."""
        if self.target is None:
            return None
        least, most = self.scale
        above = self.target.at_most if self.target.at_most is not None else most
        below = self.target.at_least if self.target.at_least is not None else least
        return self.down(above), self.down(below)

    @property
    def edges(self) -> list[tuple[float, str]]:
        """The values that are written at the left: both ends and the target."""
        ends = [end for end in self.scale if all(self._is_apart(end, one) for one in self._aims)]
        return [(self.down(one), f"{one:.3g}") for one in (*ends, *self._aims)]

    @property
    def months(self) -> list[tuple[float, Month]]:
        """Those that are named below the line: every third, this one among them."""
        last = len(self.reading.months) - 1
        return [
            (self.across(at), month)
            for at, month in enumerate(self.reading.months)
            if (last - at) % 3 == 0
        ]

    def across(self, at: int) -> float:
        """How far right a month stands."""
        steps = max(1, len(self.reading.months) - 1)
        return round(LEFT + (self.wide - LEFT - RIGHT) * at / steps, 1)

    def down(self, value: float) -> float:
        """How far down a value stands."""
        least, most = self.scale
        share = (min(max(value, least), most) - least) / (most - least)
        return round(TOP + (self.high - TOP - FOOT) * (1 - share), 1)

    def _is_apart(self, one: float, other: float) -> bool:
        return abs(self.down(one) - self.down(other)) >= 12


def said(value: float | None, unit: Unit) -> str:
    """A value with its unit; what is missing is said to be (R-74)."""
    if value is None:
        return "no data"
    if unit == Unit.MARK:
        return f"{value:.2f} of 5"
    return f"{value:.1f} {unit}" if value % 1 and value < 99.95 else f"{value:.0f} {unit}"


def aim(target: Target | None, unit: Unit) -> str:
    """A target in words: ≥ 90 %."""
    if target is None:
        return ""
    if target.at_least is not None:
        return f"≥ {target.at_least:g} {unit}"
    return f"≤ {target.at_most:g} {unit}"
