"""A lifecycle as a picture: its states below one another, its verbs as lines between them.

Verbs that lead from the same states to the same state share a line. One that leads to the next
state goes straight down; the others go in lanes, forwards on the right and backwards on the left,
so that the picture stays narrow enough for a phone.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import wrap

from evenkeel.core.rules import Lifecycle
from evenkeel.core.web import tones, words

WIDE, LOW, GAP = 116, 34, 20  # of a box, and what lies between two
LINE, LETTER, LETTERS = 13, 6.3, 13  # of a label: its height, one letter, and how many in a line
LANE, BEND, HEAD = 8, 6, 6
ROW, STRONG, STRONGS = 15, 7.2, 15  # of a state's name: its height, one letter, how many in a row
NOTHING = ""  # where a record is before it is recorded


@dataclass(frozen=True)
class Line:
    """Verbs that lead from each of some states to one."""

    verbs: tuple[str, ...]
    starts: tuple[str, ...]
    end: str

    @property
    def said(self) -> list[str]:
        """Its verbs as they are written beside it, line by line."""
        return [part for verb in self.verbs for part in wrap(words.label(verb), LETTERS)]


@dataclass
class Box:
    """A state and where it stands; `ports` says how far down each line meets it, by its side."""

    state: str
    word: str
    tone: str
    is_closed: bool
    x: float = 0
    y: float = 0
    wide: float = WIDE
    high: float = LOW
    ports: dict[tuple[int, int], float] = field(default_factory=dict)  # (side, line) -> down

    @property
    def rows(self) -> list[tuple[float, str]]:
        """Its name as it is written in it: how far down each row stands, and what it says."""
        said = wrap(self.word, STRONGS)
        first = self.y + self.high / 2 + 4.5 - ROW * (len(said) - 1) / 2
        return [(first + ROW * at, part) for at, part in enumerate(said)]


@dataclass(frozen=True)
class Drawn:
    """A line as it is drawn."""

    line: Line
    path: str
    head: str  # the points of its arrow
    joints: list[tuple[float, float]]  # where starts join it
    labels: list[tuple[float, float, str]]
    title: str
    anchor: str = "start"


def lines_of(lifecycle: Lifecycle) -> list[Line]:
    """Every move that changes the state, with those joined that have the same ends."""
    verbs: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
    for move in lifecycle.moves:
        starts = tuple(one for one in move.start or (NOTHING,) if one != move.end)
        if move.end and starts:
            verbs[starts, move.end].append(move.verb)
    return [Line(tuple(dict.fromkeys(those)), *ends) for ends, those in verbs.items()]


class Diagram:
    """The picture of one kind's lifecycle: boxes and lines with their places."""

    def __init__(self, kind: str, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.order = [NOTHING, *map(str, lifecycle.states.values)]
        self.straight: list[Line] = []
        self.lanes: dict[int, list[Line]] = {1: [], -1: []}  # right and left, the shortest first
        for line in lines_of(lifecycle):
            self._sort_in(line)
        for side in self.lanes.values():
            side.sort(key=self._length)
        self.places = {side: self._lane_of_each(side) for side in self.lanes}
        self.boxes = {state: self._box(kind, state) for state in self.order}
        self._stack()

    @property
    def states(self) -> list[Box]:
        """The boxes without the dot at which all begins."""
        return [box for state, box in self.boxes.items() if state]

    @cached_property
    def wide(self) -> float:
        """How wide all of it is."""
        return self._margin(-1) + WIDE + self._margin(1)

    @cached_property
    def high(self) -> float:
        """How high all of it is."""
        last = self.boxes[self.order[-1]]
        return last.y + last.high + 2

    @cached_property
    def drawn(self) -> list[Drawn]:
        """The lines with their ways."""
        found = [self._drawn_straight(line) for line in self.straight]
        for side, lines in self.lanes.items():
            found += [self._drawn_aside(side, at, line) for at, line in enumerate(lines)]
        return found

    def _at(self, state: str) -> int:
        return self.order.index(state)

    def _length(self, line: Line) -> int:
        return max(abs(self._at(one) - self._at(line.end)) for one in line.starts)

    def _sort_in(self, line: Line) -> None:
        if len(line.starts) == 1 and self._at(line.end) == self._at(line.starts[0]) + 1:
            self.straight.append(line)
            return
        for side in (1, -1):
            ahead = tuple(s for s in line.starts if (self._at(line.end) - self._at(s)) * side > 0)
            if ahead:
                self.lanes[side].append(Line(line.verbs, ahead, line.end))

    def _lane_of_each(self, side: int) -> list[int]:
        """The nearest lane that is free all the way; lines that never meet share one."""
        taken: list[list[tuple[int, int]]] = []
        places = []
        for line in self.lanes[side]:
            ends = [self._at(one) for one in (*line.starts, line.end)]
            way = (min(ends), max(ends))
            free = (at for at, those in enumerate(taken) if not any(_meet(way, o) for o in those))
            place = next(free, len(taken))
            if place == len(taken):
                taken.append([])
            taken[place].append(way)
            places.append(place)
        return places

    def _box(self, kind: str, state: str) -> Box:
        if not state:
            return Box(state, "", "", is_closed=False, wide=10, high=10)
        word, tone = tones.state(kind, state)
        box = Box(state, word, tone, is_closed=state in self.lifecycle.closed)
        box.high = LOW + ROW * (len(box.rows) - 1)
        for side in self.lanes:
            down = 4.0
            for at, high in self._ports(side, state):
                down += high
                box.ports[side, at] = down - 4
            box.high = max(box.high, down + 4)
        return box

    def _ports(self, side: int, state: str) -> Iterator[tuple[int, float]]:
        """Which lanes meet a state on a side, from top to bottom so that they cross least."""
        lanes = list(enumerate(self.lanes[side]))
        coming = [(at, 6.0 + LINE * len(line.said)) for at, line in lanes if line.end == state]
        going = [(at, 12.0) for at, line in lanes if state in line.starts]
        yield from (*coming, *reversed(going)) if side == 1 else (*going, *reversed(coming))

    def _stack(self) -> None:
        """Put the boxes below one another, with room for the labels between them."""
        middle, y = self._margin(-1) + WIDE / 2, 2.0
        for state in self.order:
            box = self.boxes[state]
            said = sum(len(line.said) for line in self.straight if line.end == state)
            y += max(GAP, LINE * said + 14) if state else 0
            box.x, box.y = middle - box.wide / 2, y
            y += box.high

    def _room(self, side: int) -> float:
        """For the labels beside the boxes."""
        longest = max((len(said) for line in self.lanes[side] for said in line.said), default=0)
        return longest * LETTER + 16 if longest else 0

    def _margin(self, side: int) -> float:
        if not self.lanes[side]:
            return self._beside() if side == 1 else 2
        lanes = self._room(side) + LANE * (max(self.places[side]) + 1)
        return max(lanes, self._beside()) if side == 1 else lanes

    def _beside(self) -> float:
        """What the labels of straight lines need beyond the boxes."""
        longest = max((len(said) for line in self.straight for said in line.said), default=0)
        return max(2, longest * LETTER + 8 - WIDE / 2)

    def _drawn_straight(self, line: Line) -> Drawn:
        above, below = self.boxes[line.starts[0]], self.boxes[line.end]
        x, top, foot = below.x + below.wide / 2, above.y + above.high, below.y
        first = (top + foot) / 2 - LINE * (len(line.said) - 1) / 2 + 2
        labels = [(x + 8, first + LINE * at, said) for at, said in enumerate(line.said)]
        head = f"{x},{foot} {x - 4},{foot - HEAD} {x + 4},{foot - HEAD}"
        return Drawn(line, f"M{x} {top}V{foot - HEAD}", head, [], labels, self._title(line))

    def _drawn_aside(self, side: int, at: int, line: Line) -> Drawn:
        lane = self._edge(side, line.end) + side * (
            self._room(side) + LANE * (self.places[side][at] + 0.5)
        )
        end, y = self._edge(side, line.end), self._down(side, at, line.end)
        starts = sorted((self._down(side, at, one), self._edge(side, one)) for one in line.starts)
        if side == -1:
            starts.reverse()
        (far, edge), turn = starts[0], side * BEND
        path = (
            f"M{edge} {far}H{lane - turn}Q{lane} {far} {lane} {far + turn}"
            f"V{y - turn}Q{lane} {y} {lane - turn} {y}H{end + side * HEAD}"
        ) + "".join(f"M{from_} {down}H{lane}" for down, from_ in starts[1:])
        head = f"{end},{y} {end + side * HEAD},{y - 4} {end + side * HEAD},{y + 4}"
        first = y - 5 - LINE * (len(line.said) - 1)
        labels = [(end + side * 9, first + LINE * row, said) for row, said in enumerate(line.said)]
        joints = [(lane, down) for down, _ in starts[1:]]
        anchor = "start" if side == 1 else "end"
        return Drawn(line, path, head, joints, labels, self._title(line), anchor)

    def _edge(self, side: int, state: str) -> float:
        box = self.boxes[state]
        return box.x + box.wide if side == 1 else box.x

    def _down(self, side: int, at: int, state: str) -> float:
        box = self.boxes[state]
        return box.y + box.ports.get((side, at), box.high / 2)

    def _title(self, line: Line) -> str:
        verbs = ", ".join(words.label(verb) for verb in line.verbs)
        starts = ", ".join(self.boxes[one].word or "nothing" for one in line.starts)
        return f"{verbs}: from {starts} to {self.boxes[line.end].word}"


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
