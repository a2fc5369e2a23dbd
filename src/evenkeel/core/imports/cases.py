"""Rows put together: what one record of the other system is made from, and batches of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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


def cases(rows: Iterable[Taken], size: int, *, snapshots: bool) -> Iterator[list[Case]]:
    """Batches of about `size` rows, in which no name comes twice.

    Snapshots of one record that stand together, or in one batch, make one case.
    """
    batch: dict[str, Case] = {}
    count = 0
    for one in rows:
        name = one.reading.outside_id
        if batch and _is_full(batch, name, count >= size, snapshots):
            yield _whole(batch)
            batch, count = {}, 0
        batch.setdefault(name, Case(name, [])).taken.append(one)
        count += 1
    if batch:
        yield _whole(batch)


def _is_full(batch: dict[str, Case], name: str, enough: bool, snapshots: bool) -> bool:
    if not snapshots:
        return enough or name in batch
    return enough and name not in batch


def _whole(batch: dict[str, Case]) -> list[Case]:
    found = list(batch.values())
    for case in found:
        case.sort()
    return found


def rows_in_batches(rows: Iterable[Taken], size: int) -> Iterator[list[Taken]]:
    """Batches of rows that stand for themselves."""
    batch: list[Taken] = []
    for one in rows:
        batch.append(one)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
