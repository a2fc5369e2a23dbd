"""The pipeline of an import: files in the order of the profile, rows to batches, batches in."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import DataError, IntegrityError

from evenkeel.core.imports.cases import Case, cases, rows_in_batches
from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.entries import EntryLoader
from evenkeel.core.imports.intake import Intake, Taken
from evenkeel.core.imports.mapping import Mapper, Refused
from evenkeel.core.imports.recognise import Source
from evenkeel.core.imports.records import RecordLoader
from evenkeel.core.imports.refusals import Refusal
from evenkeel.core.imports.rows import BrokenRow
from evenkeel.core.imports.teams import Teams
from evenkeel.core.imports.waiting import Waiting

BATCH = 2_000  # rows in one transaction

Progress = Callable[[Source, int], None]  # told after each batch: the file, rows read of it


class Loader(Protocol):
    """What takes the batches of one mapping."""

    def take(self, batch: Sequence[Any]) -> None: ...


class Loading:
    """Loads the sources of one import."""

    def __init__(self, intake: Intake, progress: Progress) -> None:
        self.intake, self.progress = intake, progress
        self.waiting = Waiting(intake.profile.system)
        self.teams = Teams(intake)

    def load(self, sources: Iterable[Source]) -> None:
        """Records before what is about them, whatever the order on the command line."""
        with _rare_collection():
            self._load(sources)

    def _load(self, sources: Iterable[Source]) -> None:
        order = {mapping.name: place for place, mapping in enumerate(self.intake.profile.files)}
        for source in sorted(sources, key=lambda one: (order[one.mapping.name], one.path.name)):
            self.load_one(source)

    def load_one(self, source: Source) -> None:
        intake, mapping = self.intake, source.mapping
        mapper = Mapper(intake.profile, mapping, source.columns)
        intake.of(mapping.name)
        self.read = 0
        rows = self._readable(source, mapper)
        batches: Iterator[Sequence[Any]]
        loader: Loader
        if mapping.becomes == "entries":
            loader = EntryLoader(intake, mapper, self.waiting)
            batches = rows_in_batches(rows, BATCH)
        else:
            loader = RecordLoader(intake, mapper, self.waiting, self.teams)
            batches = cases(rows, BATCH, snapshots=mapping.becomes == "snapshots")
        for batch in batches:
            self._take(source, loader, batch)
            self.progress(source, self.read)
        with intake.batch():  # what was refused after the last batch
            intake.note("empty rows passed over", source.sheet.empty_rows)
        self.progress(source, self.read)

    def _readable(self, source: Source, mapper: Mapper) -> Iterator[Taken]:
        intake, mapping = self.intake, source.mapping
        for row in source.rows():
            self.read += 1
            if isinstance(row, BrokenRow):
                flaws, surplus = [Flaw("", "", "", row.reason)], row.surplus
            else:
                try:
                    yield Taken(source.path.name, row.number, mapper.read(row.cells))
                    continue
                except Refused as refused:
                    flaws, surplus = refused.flaws, ()
            intake.put_aside(
                mapping,
                Refusal(
                    mapping.name, source.path.name, row.number, tuple(flaws), row.cells, surplus
                ),
            )

    def _take(self, source: Source, loader: Loader, batch: Sequence[Any]) -> None:
        """Take a batch; if the database will not have it, find the rows that it will not have."""
        try:
            with self.intake.batch():
                loader.take(batch)
        except (DataError, IntegrityError) as error:
            self.teams.forget()
            if len(batch) == 1:
                self._put_aside(source, batch[0], error)
                return
            half = len(batch) // 2
            self._take(source, loader, batch[:half])
            self._take(source, loader, batch[half:])

    def _put_aside(self, source: Source, one: Case | Taken, error: Exception) -> None:
        told = f"The database does not take it: {str(error).splitlines()[0]}"
        with self.intake.batch():
            for taken in one.taken if isinstance(one, Case) else [one]:
                self.intake.refuse(source.mapping, taken, [Flaw("", "", "", told)])


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Batches make many short-lived objects and no cycles: looking for those costs a sixth."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
