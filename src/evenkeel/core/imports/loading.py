"""The pipeline of an import: files in the order of the profile, rows to batches, batches in."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import DataError, IntegrityError

from evenkeel.core.imports.ahead import Ahead
from evenkeel.core.imports.cases import Batcher, Case, Cases, Rows
from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.entries import EntryLoader
from evenkeel.core.imports.intake import Intake, Taken
from evenkeel.core.imports.mapping import Mapper
from evenkeel.core.imports.reading import portions
from evenkeel.core.imports.recognise import Source
from evenkeel.core.imports.records import RecordLoader
from evenkeel.core.imports.refusals import Refusal
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
        mapper = Mapper(self.intake.profile, source.mapping, source.columns)
        self.intake.of(source.mapping.name)
        loader, batcher = self._for(mapper)
        ahead = Ahead(portions(source, mapper, batcher))
        try:
            for portion in ahead:
                self._put_aside(source, portion.refused)
                if portion.batch:
                    self._take(source, loader, portion.batch)
                self.progress(source, portion.rows)
        finally:
            ahead.close()
        self.intake.note("empty rows passed over", source.sheet.empty_rows)

    def _for(self, mapper: Mapper) -> tuple[Loader, Batcher]:
        mapping = mapper.mapping
        if mapping.becomes == "entries":
            return EntryLoader(self.intake, mapper, self.waiting), Rows(BATCH)
        loader = RecordLoader(self.intake, mapper, self.waiting, self.teams)
        return loader, Cases(BATCH, snapshots=mapping.becomes == "snapshots")

    def _put_aside(self, source: Source, refused: Sequence[Refusal]) -> None:
        if refused:
            with self.intake.batch():
                for one in refused:
                    self.intake.put_aside(source.mapping, one)

    def _take(self, source: Source, loader: Loader, batch: Sequence[Any]) -> None:
        """Take a batch; if the database will not have it, find the rows that it will not have."""
        try:
            with self.intake.batch():
                loader.take(batch)
        except (DataError, IntegrityError) as error:
            self.teams.forget()
            if len(batch) == 1:
                self._refuse(source, batch[0], error)
                return
            half = len(batch) // 2
            self._take(source, loader, batch[:half])
            self._take(source, loader, batch[half:])

    def _refuse(self, source: Source, one: Case | Taken, error: Exception) -> None:
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
