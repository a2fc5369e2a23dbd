"""An import taken back: what it created and nobody worked on since is cancelled, the rest is named.

An import runs alone, so what it wrote are the entries by way of an import between that of its
beginning and that of its end. They are gone through in their order, a batch in a transaction that
also writes how far that was: what was killed goes on there, and does nothing twice (R-78).
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from evenkeel.core.clocks import keeping
from evenkeel.core.clocks.models import Clock
from evenkeel.core.imports import actions
from evenkeel.core.imports.lifecycle import State
from evenkeel.core.imports.models import ImportRun, KeptRecord, Undoing, WaitingRow
from evenkeel.core.imports.records import BEGUN
from evenkeel.core.imports.running import alone, importer
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.links import Link, Reference
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Denied, Invalid, registry, together
from evenkeel.core.rules.together import Deed

VERB = "withdraw_import"  # of the kinds that can be cancelled so
BATCH = 1_000  # entries in one transaction
CHANGED = "The import changed it, and did not create it."
LINKED = "Another record was linked to it since."
IMPORTED_ON = "Another import went on with it since."
_ENDS = ("imports.finish", "imports.break_off")


class Written(NamedTuple):
    """An entry of the import."""

    pk: int
    record: int
    position: int
    verb: str
    run: str


def go_on(key: int) -> None:
    """Undo an import from where that was. Raises Busy while another import runs."""
    found: Any = ImportRun.objects.filter(pk=key, state=State.UNDOING)
    run: ImportRun | None = found.first()
    if run is None:
        return
    with alone():
        undo = _Undo(run)
        while undo.step():
            pass
        undo.conclude()


def undoing_of(run: ImportRun) -> Undoing | None:
    """How far it is, if it was begun."""
    return Undoing.objects.filter(run=run).first()


def undone(keys: Collection[int]) -> set[int]:
    """Those of these records that were taken back with the import that brought them in."""
    found = Entry.objects.filter(record__in=keys, verb__endswith=f".{VERB}")
    return set(found.values_list("record_id", flat=True))


def kept(run: Record, reader: User) -> "QuerySet[KeptRecord]":
    """The records that stayed, as far as the reader may see them, with the reasons."""
    seen = Record.objects.visible_to(reader).values("pk")
    return KeptRecord.objects.filter(run_id=run.pk, record__in=seen).select_related("record")


class _Undo:
    """The undoing of one import."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.by = run, importer()
        told = dict(run.entries.values_list("verb", "given"))
        self.inputs = {"run": run.number, "reason": told["imports.undo"]["reason"]}
        first = run.entries.get(verb="imports.record").pk
        end = run.entries.get(verb__in=_ENDS)
        self.first, self.last, self.ended_at = first, end.pk, end.at
        Undoing.objects.get_or_create(
            run=run, defaults={"first": first, "last": end.pk, "reached": first}
        )

    @transaction.atomic
    def step(self) -> bool:
        """Go through one batch; is there more?"""
        undoing = Undoing.objects.select_for_update().get(run=self.run)
        written = self._written(undoing.reached)
        created = {
            one.record
            for one in written
            if one.position == 1 and one.verb == BEGUN and one.run == self.run.number
        }
        undoing.undone += self._withdraw(created)
        self._keep(dict.fromkeys(self._changed(written), CHANGED))
        undoing.reached = written[-1].pk if len(written) == BATCH else self.last
        undoing.save()
        return undoing.reached < self.last

    @transaction.atomic
    def conclude(self) -> None:
        """Take away the rows that still wait for their record, and say that all is done."""
        came = (self.run.recorded_at, self.ended_at)
        WaitingRow.objects.filter(system=self.run.system, arrived_at__range=came).delete()
        undoing = Undoing.objects.get(run=self.run)
        undoing.done_at = timezone.now()
        undoing.save()
        actions.conclude_undo(
            self.run,
            by=self.by,
            via=Via.JOB,
            undone=undoing.undone,
            kept=KeptRecord.objects.filter(run=self.run).count(),
        )

    def _written(self, after: int) -> list[Written]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, record_id, position, split_part(verb, '.', 2), given ->> 'import'"
                " FROM core_entry WHERE id > %s AND id < %s AND via = %s ORDER BY id LIMIT %s",
                [after, self.last, Via.IMPORT, BATCH],
            )
            return [Written(*row) for row in cursor.fetchall()]

    def _changed(self, written: Iterable[Written]) -> set[int]:
        """Those that the import went on with, and that were there before it."""
        later = {one.record for one in written if one.position > 1}
        older = Entry.objects.filter(record__in=later, position=1, pk__lt=self.first)
        return set(older.values_list("record_id", flat=True))

    def _withdraw(self, created: Collection[int]) -> int:
        """Cancel those that nobody worked on; how many that were."""
        found = Record.objects.filter(pk__in=created).values_list("pk", "of_kind")
        by_kind: dict[str, list[int]] = {}
        for key, kind in found:
            by_kind.setdefault(kind, []).append(key)
        done: list[int] = []
        for kind, keys in by_kind.items():
            done += self._withdraw_of(kinds()[kind], keys)
        self._free(done)
        return len(done)

    def _withdraw_of(self, model: type[Record], keys: list[int]) -> list[int]:
        if f"{model.collection}.{VERB}" not in registry:
            many = str(model._meta.verbose_name_plural).capitalize()
            self._keep(dict.fromkeys(keys, f"{many} cannot be cancelled, so it stays."))
            return []
        locked: Any = model.objects.select_for_update().filter(pk__in=keys)
        records = {record.pk: record for record in locked.order_by("pk")}
        stays = self._worked_on(keys)
        for key in stays:
            del records[key]
        stays |= self._do(model, list(records.values()))
        self._keep(stays)
        return [key for key in records if key not in stays]

    def _do(self, model: type[Record], records: Sequence[Record]) -> dict[int, str]:
        """Withdraw all of them together, else one by one; what was refused, and why."""
        action, refused = registry[f"{model.collection}.{VERB}"], dict[int, str]()
        clocks: dict[int, list[Clock]] = {record.pk: [] for record in records}
        for clock in Clock.objects.filter(record__in=clocks):
            clocks[clock.record_id].append(clock)
        for record in records:
            keeping.hold(record, clocks[record.pk])
        try:
            with transaction.atomic():
                deeds = [Deed(action, record, self.inputs) for record in records]
                together.do(deeds, by=self.by, at=timezone.now(), via=Via.JOB)
        except (Invalid, Denied, DatabaseError):
            for record in records:
                try:
                    action(record, by=self.by, via=Via.JOB, **self.inputs)
                except (Invalid, Denied, DatabaseError) as told:
                    refused[record.pk] = " ".join(str(told).split())[:200]
        return refused

    def _worked_on(self, keys: list[int]) -> dict[int, str]:
        """Those that somebody went on with since, and how: what people do leaves an entry.

        A link may start at another record; its entry stands there. What the SMS did by itself,
        as telling that a target was missed, is no work.
        """
        linked = Link.objects.filter(target__in=keys, made_at__gt=self.ended_at)
        stays = dict.fromkeys(linked.values_list("target_id", flat=True), LINKED)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT it.record_id, it.verb, it.via FROM core_entry AS it"
                " LEFT JOIN core_user AS actor ON actor.id = it.actor_id"
                " WHERE it.record_id = ANY(%s) AND (it.id > %s OR it.via <> %s)"
                " AND (it.via = %s OR actor.is_system IS NOT TRUE) ORDER BY it.id",
                [keys, self.last, Via.IMPORT, Via.IMPORT],
            )
            for key, verb, via in cursor.fetchall():
                done = verb.rpartition(".")[2].replace("_", " ")
                worked = f"Somebody worked on it since ({done})."
                stays[key] = IMPORTED_ON if via == Via.IMPORT else worked
        return stays

    def _keep(self, stays: dict[int, str]) -> None:
        rows = [KeptRecord(run=self.run, record_id=key, why=why) for key, why in stays.items()]
        KeptRecord.objects.bulk_create(rows, ignore_conflicts=True)

    def _free(self, done: list[int]) -> None:
        """Let the names that they had outside belong to records to come; their rows stay.

        What they pointed to stands in the row, too; what comes later is not linked to them.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_origin AS it"
                " SET outside_id = left(outside_id, 80) || ' (' || number || ', undone)'"
                " FROM core_record AS record"
                " WHERE record.id = it.record_id AND it.record_id = ANY(%s)",
                [done],
            )
        Reference.objects.filter(record__in=done).delete()
        Reference.objects.filter(target__in=done).update(target=None)
