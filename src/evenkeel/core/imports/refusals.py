"""The refusals file: each row that was not taken, as it was, with what is wrong with it.

Correct the cells and import the file again; the columns that begin with "refused:" are passed over.
"""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from evenkeel.core.imports.cells import Flaw

KIND, SURPLUS = "refused: kind", "refused: surplus"
ABOUT = (
    KIND,
    "refused: file",
    "refused: row",
    "refused: field",
    "refused: value",
    "refused: reason",
    SURPLUS,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken."""

    kind: str
    file: str
    row: int
    flaws: tuple[Flaw, ...]
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return "; ".join(
            f"{flaw.column} {flaw.reason}" if flaw.column else flaw.reason for flaw in self.flaws
        )


class RefusalsFile:
    """Written beside its place and put there at the end, so that it may replace what was read."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        self.path = path
        self.columns = [*ABOUT, *dict.fromkeys(columns)]
        self.beside = path.with_name(f"{path.name}.part")
        self.file: TextIO | None = None
        self.count = 0

    def add(self, refusal: Refusal) -> None:
        if self.file is None:
            self.file = self.beside.open(
                "w", encoding="utf-8", errors="surrogateescape", newline=""
            )
            self.writer = csv.DictWriter(self.file, self.columns, extrasaction="ignore")
            self.writer.writeheader()
        about = (
            refusal.kind,
            refusal.file,
            str(refusal.row),
            "; ".join(flaw.field for flaw in refusal.flaws),
            "; ".join(flaw.value for flaw in refusal.flaws),
            refusal.reason,
            ";".join(refusal.surplus),
        )
        self.writer.writerow({**refusal.cells, **dict(zip(ABOUT, about, strict=True))})
        self.count += 1

    def close(self) -> Path | None:
        """Put the file in its place; answers where it lies, or None if nothing was refused."""
        if self.file is None:
            return None
        self.file.close()
        os.replace(self.beside, self.path)
        return self.path
