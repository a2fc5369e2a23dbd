"""Listens to the actions: where somebody is to be told, a job is asked for in their transaction."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from procrastinate.types import JSONDict

from evenkeel.core.notices import letters, telling
from evenkeel.core.notices.jobs import send_letters, spread
from evenkeel.core.notices.telling import As, named
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import together, within

LONG_AGO = timedelta(days=1)  # what happened then is written down, and nobody is told
SILENT = frozenset({Via.DEMO, Via.IMPORT})  # what they bring in happened long ago


def _on_action(record: Record, entry: Entry) -> None:
    _on_many([(record, entry)])


def _on_many(pairs: Sequence[tuple[Record, Entry]]) -> None:
    """One job for each entry of which somebody hears, and one question who is watched."""
    spoken = [pair for pair in pairs if _is_told(pair[1])]
    heard = {entry.pk for record, entry in spoken if _is_heard(record, entry)}
    asked = [(r, e) for r, e in spoken if e.pk not in heard and _may_be_watched(e)]
    watched = _watched([record.pk for record, _ in asked]) if asked else set()
    heard |= {entry.pk for record, entry in asked if record.pk in watched}
    if heard:
        asked_for: list[JSONDict] = [{"entry": e.pk} for _, e in spoken if e.pk in heard]
        spread.batch_defer(*asked_for)


def _is_told(entry: Entry) -> bool:
    late = entry.written_at - entry.at > LONG_AGO
    return bool(telling.of(entry.verb)) and entry.via not in SILENT and not late


def _is_heard(record: Record, entry: Entry) -> bool:
    """By somebody who is named, or by the owner of the service, whom the worker looks up."""
    if any(named(entry, record)):
        return True
    return bool(record.service_id) and telling.tell_for(entry, As.OF_SERVICE) is not None


def _may_be_watched(entry: Entry) -> bool:
    return entry.position > 1 and any(tell.to == As.WATCHER for tell in telling.of(entry.verb))


def _watched(keys: list[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT record_id FROM core_watch WHERE record_id = ANY(%s)", [keys]
        )
        return {key for (key,) in cursor.fetchall()}


def _to_suppliers(record: Record, entry: Entry) -> None:
    if letters.write(record, entry):
        send_letters.defer()


within.append(_on_action)
within.append(_to_suppliers)
together.instead[_on_action] = _on_many
