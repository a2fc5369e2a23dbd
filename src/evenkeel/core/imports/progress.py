"""How far an import is: counted for whoever shows it; on standard error a bar for people."""

import sys
import time
from collections.abc import Sequence

from evenkeel.core.imports.recognise import Source

_WIDTH = 24


class SoFar:
    """How much of all files has been read; told after each batch."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.total = max(1, sum(source.path.stat().st_size for source in sources))
        self.read: dict[int, tuple[int, int]] = {}  # of each file: bytes and rows

    def __call__(self, source: Source, rows: int) -> None:
        self.read[id(source)] = source.sheet.bytes_read(), rows

    @property
    def part(self) -> float:
        """From 0 to 1."""
        return min(1.0, sum(size for size, _ in self.read.values()) / self.total)

    @property
    def rows(self) -> int:
        return sum(rows for _, rows in self.read.values())


class Bar(SoFar):
    """One line for all files, redrawn after each batch; nothing for pipes."""

    def __init__(self, sources: Sequence[Source], *, is_shown: bool) -> None:
        super().__init__(sources)
        self.is_shown = is_shown
        self.start = time.monotonic()

    def __call__(self, source: Source, rows: int) -> None:
        super().__call__(source, rows)
        if self.is_shown:
            self._draw(source)

    def end(self) -> None:
        if self.is_shown and self.read:
            sys.stderr.write("\n")

    def _draw(self, source: Source) -> None:
        rate = self.rows / max(0.001, time.monotonic() - self.start)
        bar = "█" * int(self.part * _WIDTH) + "·" * (_WIDTH - int(self.part * _WIDTH))
        told = f"\r{bar} {self.part:4.0%} {self.rows:,} rows, {rate:,.0f}/s, {source.mapping.name}"
        sys.stderr.write(f"{told:<79}"[:79])
        sys.stderr.flush()
