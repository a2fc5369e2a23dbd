"""The course of a clock as a bar: geometry, and the same in words. Nothing is said by colour alone:
what counted is thick, what is expected thinner, what was paused a line."""

from dataclasses import dataclass
from datetime import datetime

from evenkeel.core.clocks import derivation
from evenkeel.core.clocks.engine import Phase, Reading
from evenkeel.core.clocks.forecast import Course, Sort
from evenkeel.core.web import words

WIDE = 1000
_THICK = {Sort.COUNTED: 10, Sort.OVER: 10, Sort.AHEAD: 6, Sort.LATE: 6, Sort.PAUSED: 2}


@dataclass(frozen=True)
class Piece:
    """One part of the bar, WIDE units from end to end and ten high."""

    sort: str
    x: float
    width: float
    y: float
    height: int


@dataclass(frozen=True)
class Bar:
    """A whole bar."""

    tone: str  # "calm", "soon", "late", "wait", "done"
    pieces: tuple[Piece, ...]
    line: float  # where the target is used up; WIDE where it is not
    used: str  # "80 %"
    expected: str  # "104 %"; "" where it does not run
    is_late: bool  # it will be beyond its target, or is
    paused: str  # "3 h 05"; "" where it never was
    words: str


def bar(course: Course, tone: str, until: datetime | None) -> Bar:
    """The bar of a course that goes on to a moment, or of one that stands still."""
    scale = WIDE / max(course.whole, 1)
    pieces, x = [], 0.0
    for part in course.parts:
        width, high = part.seconds * scale, _THICK[part.sort]
        pieces.append(Piece(part.sort, round(x, 1), round(width, 1), (10 - high) / 2, high))
        x += width
    used, paused = f"{course.share} %", _rounded(course.paused)
    expected = f"{course.expected_share} %" if until else ""
    said = [f"{used} of the target used"]
    said += [f"paused for {paused}"] if paused else []
    said += [f"{expected} by {words.by(until)} if it runs on"] if until else []
    is_late = max(course.counted, course.expected) > course.target
    line = round(course.line * scale, 1)
    return Bar(tone, tuple(pieces), line, used, expected, is_late, paused, ", ".join(said))


def said(reading: Reading, target: int) -> tuple[str, str]:
    """Tone and words: what is left in service hours, or by how much it is too late."""
    left = target - reading.elapsed
    amount = derivation.duration(abs(-left // 60) * 60)  # a minute that has begun is left
    if left < 0:
        return "late", f"breached, {amount} over"
    match reading.phase:
        case Phase.STOPPED:
            return "done", f"kept, after {_rounded(reading.elapsed) or '0 min'}"
        case Phase.CANCELLED:
            return "done", "cancelled"
        case Phase.PAUSED:
            return "wait", f"{amount} left, paused"
    return "soon" if reading.warned is not None else "calm", f"{amount} left"


def _rounded(seconds: int) -> str:
    """To whole minutes."""
    return derivation.duration(seconds // 60 * 60) if seconds >= 60 else ""
