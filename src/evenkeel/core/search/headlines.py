"""Which words of a text to mark, and which part of a long one to show.

A text is given in pieces, each marked or not, so that whoever draws it escapes it like any text.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

Pieces = list[tuple[str, bool]]

WINDOW = 220  # characters of a long text that are shown
_LONGEST_ENDING = 6  # letters that a form of a word adds to its stem: transfer-ring
_GAP = re.compile(r"\s")
_AHEAD = 40  # characters shown before the first mark


class _Plain(dict[int, str]):
    """Letter -> letter without accent, for str.translate; keeps the length."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFD", chr(code))[0].lower()
        return self[code]


_plain = _Plain()


class Marker:
    """Marks the words of a question in texts."""

    def __init__(self, lexemes: Iterable[tuple[str, bool]]) -> None:
        patterns = [_forms(lexeme, is_beginning) for lexeme, is_beginning in lexemes]
        self._words = (
            re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W_])") if patterns else None
        )

    def whole(self, text: str) -> Pieces:
        """The whole text."""
        return _pieces(text, self._places(text))

    def part(self, text: str) -> Pieces:
        """The part of a long text where most of the question's words stand together."""
        places = self._places(text)
        start = _best_start(places)
        end = start + WINDOW
        if start:
            gap = _GAP.search(text, start, end)
            start = gap.end() if gap else start
        if end < len(text):
            last = deque(_GAP.finditer(text, start, end), maxlen=1)
            end = max(last[0].start() if last else 0, start + WINDOW // 2)
        cut = text[start:end]
        inside = [(a - start, b - start) for a, b in places if start <= a and b <= end]
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return _joined([(before, False), *_pieces(cut, inside), (after, False)])

    def _places(self, text: str) -> list[tuple[int, int]]:
        plain = text.lower() if text.isascii() else text.translate(_plain)
        return [match.span() for match in self._words.finditer(plain)] if self._words else []


def _forms(lexeme: str, is_beginning: bool) -> str:
    """The forms of a word by its stem; "entri" stands for entry and entries."""
    plain = lexeme.translate(_plain)
    stem = f"{re.escape(plain[:-1])}[iy]" if plain.endswith("i") else re.escape(plain)
    ending = r"[^\W_]*" if is_beginning else rf"[^\W\d_]{{0,{_LONGEST_ENDING}}}"
    return stem + ending


def _best_start(places: Sequence[tuple[int, int]]) -> int:
    """Where a window should begin to hold most of the places."""
    if not places:
        return 0
    room = WINDOW - _AHEAD

    def held(first: int) -> int:
        return sum(1 for _, end in places[first : first + 10] if end <= places[first][0] + room)

    best = max(range(min(len(places), 50)), key=held)
    return max(places[best][0] - _AHEAD, 0)


def _pieces(text: str, places: Sequence[tuple[int, int]]) -> Pieces:
    edges = [0, *(edge for place in places for edge in place), len(text)]
    return _joined(
        (text[start:end], bool(place % 2)) for place, (start, end) in enumerate(pairwise(edges))
    )


def _joined(pieces: Iterable[tuple[str, bool]]) -> Pieces:
    return [(text, is_marked) for text, is_marked in pieces if text]
