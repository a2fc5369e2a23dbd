"""Cases that are new: each becomes a record with its history."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from evenkeel.core.imports import origins
from evenkeel.core.imports.cases import Case
from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.edits import Edits
from evenkeel.core.imports.entries import VERB
from evenkeel.core.imports.fit import Fit
from evenkeel.core.imports.intake import Intake
from evenkeel.core.imports.mapping import Mapper, Refused
from evenkeel.core.imports.references import References
from evenkeel.core.imports.teams import Teams
from evenkeel.core.imports.waiting import Waiting
from evenkeel.core.records import bulk
from evenkeel.core.records.plain import as_plain

BEGUN = "imported"


class RecordLoader:
    """Takes the cases of one mapping, batch by batch."""

    def __init__(self, intake: Intake, mapper: Mapper, waiting: Waiting, teams: Teams) -> None:
        self.intake, self.mapper, self.waiting, self.teams = intake, mapper, waiting, teams
        self.mapping, self.fit = mapper.mapping, Fit(mapper.mapping)
        self.references = References(intake)
        self.edits = Edits(intake, mapper, self.fit, teams, self.references)
        self.figures = intake.of(self.mapping.name)

    def take(self, batch: Sequence[Case]) -> None:
        """Write the cases that are new, edit those that changed, pass over the others."""
        known = origins.known(self.intake.profile.system, [case.name for case in batch])
        self._find_teams(batch)
        new, changed = [], []
        for case, origin in ((case, known.get(case.name)) for case in batch):
            if origin is None:
                new.append(case)
            elif origin.kind != self.fit.model.kind():
                self._refuse_kind(case, origin.kind)
            else:
                changed.append((case, origin))
        self._create(new)
        self.edits.take(changed)

    def _create(self, new: list[Case]) -> None:
        made: list[tuple[Case, bulk.NewRecord]] = []
        for case in new:
            try:
                made.append((case, self._record(case)))
            except Refused as refused:
                self.edits.refuse(case, refused.flaws)
        self.figures.created += len(made)
        if self.mapping.history:
            rows = sum(len(case.taken) for case, _ in made)
            self.intake.of(self.mapping.history).created += rows
        if self.intake.writes:
            self._write(made)

    def _write(self, made: list[tuple[Case, bulk.NewRecord]]) -> None:
        model = self.fit.model
        files = [one.name for one in self.intake.profile.files if self._is_about(one.collection)]
        waited = self.waiting.take(files, [case.name for case, _ in made])
        targets = self.references.targets((case.last for case, _ in made), self.mapping.references)
        for case, record in made:
            record.entries += self.references.entries_ahead(
                f"{model.collection}.link", case.last, self.mapping.references, targets
            )
            record.entries += [
                self.intake.entry(
                    f"{model.collection}.{VERB}", row.at, difference={}, given=row.given
                )
                for row in waited.get(case.name, ())
            ]
        bulk.write(model, [record for _, record in made])
        readings = {record.pk: case.last for case, record in made}
        origins.keep(self.intake.profile.system, readings, self.intake.at)
        self.references.keep(readings, self.mapping.references, targets)

    def _record(self, case: Case) -> bulk.NewRecord:
        first, *later = (one.reading for one in case.taken)
        before = self.edits.values(first)
        recorded_at = before.setdefault("recorded_at", first.at)
        given: dict[str, Any] = {
            "import": self.intake.name,
            "system": self.intake.profile.system,
            "outside_id": case.name,
        }
        if self.mapping.history:
            given |= {"row": first.cells, "source": first.source}
        verb = f"{self.fit.model.collection}.{BEGUN}"
        begun = self.intake.entry(verb, recorded_at, given=given)
        begun.difference = {
            column: [None, as_plain(value)]
            for column, value in before.items()
            if value is not None and value != ""
        }
        entries, values = [begun], before
        for earlier, reading in pairwise([first, *later]):
            before, values = values, self.edits.values(reading)
            values.setdefault("recorded_at", recorded_at)
            entries.append(self.edits.step(earlier, reading, before, values))
        return bulk.NewRecord(values, entries)

    def _find_teams(self, batch: Sequence[Case]) -> None:
        rows = (one.reading.fields for case in batch for one in case.taken)
        self.teams.find(name for fields in rows for name in self.fit.team_names(fields))

    def _is_about(self, collection: str) -> bool:
        return collection == self.fit.model.collection

    def _refuse_kind(self, case: Case, kind: str) -> None:
        told = f"came as {kind.replace('_', ' ')} before; one name cannot be two records"
        self.edits.refuse(case, [Flaw("identity", self.mapping.identity[0], case.name, told)])
