"""A file read into portions: batches of rows that could be read, and the rows that could not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evenkeel.core.imports.cases import Batcher
from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.intake import Taken
from evenkeel.core.imports.mapping import Mapper, Refused
from evenkeel.core.imports.recognise import Source
from evenkeel.core.imports.refusals import Refusal
from evenkeel.core.imports.rows import BrokenRow, Row

_MOST_REFUSED = 2_000  # in one portion; a file in a wrong encoding is refused row by row


@dataclass(frozen=True, slots=True)
class Portion:
    """What was read since the portion before."""

    batch: Sequence[Any]  # cases or rows, as its batcher makes them
    refused: list[Refusal]
    rows: int  # read of the file so far


def portions(source: Source, mapper: Mapper, batcher: Batcher) -> Iterator[Portion]:
    """The whole file. Touches no database, so that it may run beside what does."""
    refused: list[Refusal] = []
    rows = 0
    for rows, row in enumerate(source.rows(), 1):
        read = _read(source, mapper, row)
        if isinstance(read, Taken):
            batch = batcher.add(read)
        else:
            refused.append(read)
            batch = batcher.rest() if len(refused) >= _MOST_REFUSED else []
        if batch or len(refused) >= _MOST_REFUSED:
            yield Portion(batch, refused, rows)
            refused = []
    yield Portion(batcher.rest(), refused, rows)


def _read(source: Source, mapper: Mapper, row: Row | BrokenRow) -> Taken | Refusal:
    name, kind = source.path.name, source.mapping.name
    if isinstance(row, BrokenRow):
        flaws = (Flaw("", "", "", row.reason),)
        return Refusal(kind, name, row.number, flaws, row.cells, row.surplus)
    try:
        return Taken(name, row.number, mapper.read(row.cells))
    except Refused as refused:
        return Refusal(kind, name, row.number, tuple(refused.flaws), row.cells)
