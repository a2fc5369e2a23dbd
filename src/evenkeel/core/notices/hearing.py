"""Listens to the actions: where somebody is to be told, a job is asked for in their transaction."""

from datetime import timedelta

from django.db import connection

from evenkeel.core.notices import telling
from evenkeel.core.notices.jobs import spread
from evenkeel.core.notices.telling import As, named
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within

LONG_AGO = timedelta(days=1)  # what happened then is written down, and nobody is told
SILENT = frozenset({Via.DEMO, Via.IMPORT})  # what they bring in happened long ago


def _on_action(record: Record, entry: Entry) -> None:
    tells = telling.of(entry.verb)
    if not tells or entry.via in SILENT or entry.written_at - entry.at > LONG_AGO:
        return
    heard = any(named(entry, record))
    if not heard and record.service_id:  # whose owner the worker looks up
        heard = telling.tell_for(entry, As.OF_SERVICE) is not None
    if not heard and entry.position > 1 and any(tell.to == As.WATCHER for tell in tells):
        heard = _is_watched(record)
    if heard:
        spread.defer(entry=entry.pk)


def _is_watched(record: Record) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM core_watch WHERE record_id = %s LIMIT 1", [record.pk])
        return cursor.fetchone() is not None


within.append(_on_action)
