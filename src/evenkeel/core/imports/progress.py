"""How far an import is, on standard error: a bar for people, nothing for pipes."""

import sys
import time
from collections.abc import Sequence

from evenkeel.core.imports.recognise import Source

_WIDTH = 24


class Bar:
    """One line for all files, redrawn after each batch."""

    def __init__(self, sources: Sequence[Source], *, is_shown: bool) -> None:
        self.is_shown = is_shown
        self.total = max(1, sum(source.path.stat().st_size for source in sources))
        self.done_files: dict[int, int] = {}
        self.rows: dict[int, int] = {}
        self.start = time.monotonic()

    def __call__(self, source: Source, rows: int) -> None:
        self.done_files[id(source)] = source.sheet.bytes_read()
        self.rows[id(source)] = rows
        if self.is_shown:
            self._draw(source)

    def end(self) -> None:
        if self.is_shown and self.rows:
            sys.stderr.write("\n")

    def _draw(self, source: Source) -> None:
        part = min(1.0, sum(self.done_files.values()) / self.total)
        rows = sum(self.rows.values())
        rate = rows / max(0.001, time.monotonic() - self.start)
        bar = "█" * int(part * _WIDTH) + "·" * (_WIDTH - int(part * _WIDTH))
        told = f"\r{bar} {part:4.0%} {rows:,} rows, {rate:,.0f}/s, {source.mapping.name}"
        sys.stderr.write(f"{told:<79}"[:79])
        sys.stderr.flush()
