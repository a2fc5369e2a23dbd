"""What all parts of one import share: who imports what, the figures, and what was refused."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.mapping import Reading
from evenkeel.core.imports.profile import FileMapping, Profile
from evenkeel.core.imports.refusals import Refusal, RefusalsFile
from evenkeel.core.people.models import User
from evenkeel.core.records.bulk import NewEntry


@dataclass
class Figures:
    """How many rows of one kind ended how."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that could be read, and where it stood."""

    file: str
    row: int
    reading: Reading


@dataclass
class Intake:
    """One import."""

    profile: Profile
    by: User
    at: datetime
    refusals: RefusalsFile
    writes: bool = True
    name: str = ""  # the number of its record
    figures: dict[str, Figures] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)  # what else is worth telling: how often
    pending: list[Refusal] = field(default_factory=list)  # of the batch that is being taken

    def of(self, kind: str) -> Figures:
        return self.figures.setdefault(kind, Figures())

    def note(self, told: str, count: int = 1) -> None:
        if count:
            self.notes[told] = self.notes.get(told, 0) + count

    def refuse(self, mapping: FileMapping, taken: Taken, flaws: Iterable[Flaw]) -> None:
        """Put a row aside that could be read, but not taken."""
        cells = taken.reading.cells
        self.put_aside(mapping, Refusal(mapping.name, taken.file, taken.row, tuple(flaws), cells))

    def put_aside(self, mapping: FileMapping, refusal: Refusal) -> None:
        self.pending.append(refusal)
        self.of(mapping.counted_as).refused += 1

    def entry(self, verb: str, at: datetime, **more: Any) -> NewEntry:
        """An entry in the name of who imports."""
        return NewEntry(verb, at, actor=self.by.pk, **more)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction; when it fails, the figures stand as before it."""
        before = {kind: replace(figures) for kind, figures in self.figures.items()}
        notes, pending = dict(self.notes), len(self.pending)
        try:
            with transaction.atomic():
                self._begin()
                yield
        except BaseException:
            for kind, figures in self.figures.items():
                vars(figures).update(vars(before.get(kind, Figures())))
            self.notes = notes
            del self.pending[pending:]
            raise
        for refusal in self.pending:
            self.refusals.add(refusal)
        self.pending.clear()

    def _begin(self) -> None:
        """A batch that a power cut takes back is imported again; so none waits for the disk.

        The end of the import is on record only when the disk has it all.
        """
        with connection.cursor() as cursor:
            if self.writes:
                cursor.execute("SET LOCAL synchronous_commit TO off")
            else:
                cursor.execute("SET TRANSACTION READ ONLY")
