"""Cases that are here and have changed in the other system since.

What was edited here in the meantime is not overwritten: such a row is refused, with both values,
and can be imported again when the two agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evenkeel.core.imports import origins
from evenkeel.core.imports.cases import Case
from evenkeel.core.imports.cells import Flaw
from evenkeel.core.imports.entries import VERB, given_of, known_sources
from evenkeel.core.imports.fit import Fit
from evenkeel.core.imports.intake import Intake, Taken
from evenkeel.core.imports.mapping import Mapper, Reading, Refused
from evenkeel.core.imports.origins import Known
from evenkeel.core.imports.references import References
from evenkeel.core.imports.teams import Teams
from evenkeel.core.records import bulk
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record

EDITED = "imported_edit"
Values = dict[str, Any]


@dataclass
class Edit:
    """A case with rows that are not here yet, and the record that it became."""

    case: Case
    known: Known
    fresh: list[Taken]
    old: Reading | None = None  # how the other system had it before
    last: Reading | None = None  # how it has it now, if that is news


class Edits:
    """Brings the records of one mapping up to date, batch by batch."""

    def __init__(
        self, intake: Intake, mapper: Mapper, fit: Fit, teams: Teams, references: References
    ) -> None:
        self.intake, self.mapper, self.fit, self.teams = intake, mapper, fit, teams
        self.mapping, self.references = mapper.mapping, references
        self.figures = intake.of(self.mapping.name)

    def values(self, reading: Reading) -> Values:
        """What a row says, by column. Raises Refused for what the columns cannot hold."""
        self.fit.cut(reading.fields)
        values = self.fit.values(reading.fields, self.teams.by_name)
        if not self.mapping.history:
            values.setdefault("recorded_at", reading.at)
        return values

    def take(self, found: Sequence[tuple[Case, Known]]) -> None:
        """Edit what changed, count what did not."""
        edits = self._with_news(found)
        self._count_old(found, edits)
        if not edits:
            return
        model = self.fit.model
        rows = model.objects.select_for_update() if self.intake.writes else model.objects
        current = rows.in_bulk([edit.known.pk for edit in edits])
        additions: dict[int, bulk.Addition] = {}
        for edit in edits:
            try:
                additions[edit.known.pk] = self._addition(edit, current[edit.known.pk])
            except Refused as refused:
                self.refuse(replace(edit.case, taken=edit.fresh), refused.flaws)
        done = [edit for edit in edits if edit.known.pk in additions]
        self._count_done(done)
        if self.intake.writes:
            bulk.append(model, additions)
            self._keep(done)

    def step(self, earlier: Reading, reading: Reading, before: Values, after: Values) -> Any:
        """The entry for what one row says otherwise than the one before it."""
        verb = VERB if self.mapping.history else EDITED
        cells = _cells(earlier.cells, reading.cells)
        given: dict[str, Any]
        if self.mapping.history:
            row = {name: now for name, (_, now) in cells.items()}
            at, given = reading.at, {"row": row, "source": reading.source}
        else:
            at, given = self.intake.at, {"import": self.intake.name, "row": cells}
        difference = {
            name: [as_plain(before.get(name)), as_plain(value)]
            for name, value in after.items()
            if before.get(name) != value
        }
        verb = f"{self.fit.model.collection}.{verb}"
        return self.intake.entry(verb, at, difference=difference, given=given)

    def refuse(self, case: Case, flaws: Iterable[Flaw]) -> None:
        """Put aside every row of a case."""
        told = list(flaws)
        for one in case.taken:
            self.intake.refuse(self.mapping, one, told)
        if self.mapping.history:
            self.figures.refused += 1

    def _with_news(self, found: Sequence[tuple[Case, Known]]) -> list[Edit]:
        if not self.mapping.history:
            return [
                Edit(case, known, case.taken)
                for case, known in found
                if case.last.fingerprint != known.fingerprint
            ]
        collection = self.fit.model.collection
        verbs = [f"{collection}.imported", f"{collection}.{VERB}"]
        seen = known_sources(verbs, [known.pk for _, known in found])
        edits = []
        for case, known in found:
            fresh = [one for one in case.taken if (known.pk, one.reading.source) not in seen]
            if fresh:
                edits.append(Edit(case, known, fresh))
        return edits

    def _addition(self, edit: Edit, record: Record) -> bulk.Addition:
        edit.old = old = self._old(edit)
        before = first = self.values(old)
        entries = []
        for reading in (one.reading for one in edit.fresh):
            if self.mapping.history and reading.order < old.order:
                # It is older than what came before: kept in the history, and no news.
                verb = f"{self.fit.model.collection}.{VERB}"
                given = given_of(reading, reading.cells)
                entries.append(self.intake.entry(verb, reading.at, difference={}, given=given))
                continue
            after = self.values(reading)
            entries.append(self.step(old, reading, before, after))
            old, before, edit.last = reading, after, reading
        return bulk.Addition(entries, self._settled(record, first, before))

    def _old(self, edit: Edit) -> Reading:
        try:
            old = self.mapper.read_again(edit.known.row)
        except Refused as refused:
            told = "cannot be compared: the row that came before does not fit this profile"
            column = self.mapping.identity[0]
            raise Refused([Flaw("identity", column, edit.case.name, told)]) from refused
        self.teams.find(self.fit.team_names(old.fields))
        return old

    def _settled(self, record: Record, old: Values, new: Values) -> Values:
        """What must be set on the record. Raises Refused where it was edited here as well."""
        news, flaws = {}, []
        for column, value in new.items():
            here = getattr(record, column)
            if old[column] == value or here == value:
                continue
            if here == old[column] or column == "is_open":
                news[column] = value
            else:
                told = f"is {_shown(here)} here by now, and was {_shown(old[column])} before"
                flaws.append(Flaw(column, column, _shown(value), told))
        if flaws:
            raise Refused(flaws)
        return news

    def _keep(self, done: Iterable[Edit]) -> None:
        news = {edit.known.pk: (edit.old, edit.last) for edit in done if edit.old and edit.last}
        origins.replace(
            self.intake.profile.system, [last for _, last in news.values()], self.intake.at
        )
        self.references.exchange(self.fit.model, news, self.mapping.references)

    def _count_old(self, found: Sequence[tuple[Case, Known]], edits: Sequence[Edit]) -> None:
        self.figures.unchanged += len(found) - len(edits)
        if self.mapping.history:
            fresh = sum(len(edit.fresh) for edit in edits)
            every = sum(len(case.taken) for case, _ in found)
            self.intake.of(self.mapping.history).unchanged += every - fresh

    def _count_done(self, done: Sequence[Edit]) -> None:
        self.figures.changed += len(done)
        if self.mapping.history:
            self.intake.of(self.mapping.history).created += sum(len(one.fresh) for one in done)


def _cells(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """Column -> what stood in it, and what stands in it."""
    names = dict.fromkeys([*after, *before])
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _shown(value: object) -> str:
    return "nothing" if value in (None, "") else str(as_plain(value))
