"""Rows put together: what one record of the other system is made from, and batches of them."""

from dataclasses import dataclass
from typing import Any, Protocol

from evenkeel.core.imports.intake import Taken
from evenkeel.core.imports.mapping import Reading


@dataclass
class Case:
    """One record as its rows tell it: one row, or snapshots in their order."""

    name: str
    taken: list[Taken]

    @property
    def last(self) -> Reading:
        return self.taken[-1].reading

    def sort(self) -> None:
        """Bring snapshots into their order; those of one moment and count stay as they stood."""
        self.taken.sort(key=lambda one: one.reading.order)


class Batcher(Protocol):
    """Puts rows into batches."""

    def add(self, one: Taken) -> list[Any]:
        """Take a row; answers a batch if that was full without it, else an empty list."""

    def rest(self) -> list[Any]:
        """What is left."""


class Cases:
    """Batches of about `size` rows, in which no name comes twice.

    Snapshots of one record that stand together, or in one batch, make one case.
    """

    def __init__(self, size: int, *, snapshots: bool) -> None:
        self.size, self.snapshots = size, snapshots
        self.batch: dict[str, Case] = {}
        self.count = 0

    def add(self, one: Taken) -> list[Case]:
        name = one.reading.outside_id
        full = self.rest() if self._is_full(name) else []
        self.batch.setdefault(name, Case(name, [])).taken.append(one)
        self.count += 1
        return full

    def rest(self) -> list[Case]:
        found = list(self.batch.values())
        for case in found:
            case.sort()
        self.batch, self.count = {}, 0
        return found

    def _is_full(self, name: str) -> bool:
        enough = self.count >= self.size
        if self.snapshots:
            return enough and name not in self.batch
        return enough or name in self.batch


class Rows:
    """Batches of about `size` rows that stand for themselves.

    Those about one record that stand together come into one batch, which puts them in order.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.batch: list[Taken] = []

    def add(self, one: Taken) -> list[Taken]:
        full = self.rest() if self._is_full(one.reading.record) else []
        self.batch.append(one)
        return full

    def rest(self) -> list[Taken]:
        found, self.batch = self.batch, []
        return found

    def _is_full(self, record: str) -> bool:
        return len(self.batch) >= self.size and record != self.batch[-1].reading.record
