"""Where somebody is named: in every text of every table, whichever process brought it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from evenkeel.core.records.comments import Attachment, Comment, FileText
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.records.tasks import Task, TaskStep
from evenkeel.core.rules.redacting import texts

# Evidence that is redacted through its record, or not at all; and what is made from the rest.
_NOT_BY_ITSELF = frozenset(
    {
        *("Entry", "AccessEntry", "Checkpoint", "Bypass", "SearchRow", "SearchWord", "FreshRow"),
        *(
            "User",
            "Session",
            "Erasure",
            "Anonymised",
            "Comment",
            "Attachment",
            "FileText",
            "Task",
            "TaskStep",
        ),
        *("DayTally", "Counter", "Content"),
    }
)
_IN_RECORDS = """
SELECT DISTINCT {record} FROM {tables} WHERE concat_ws(' ', {columns}) ILIKE ANY(%s)
"""
# What hangs on records: its table with the way to the record, and the columns that hold words.
_HANGING: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("it.record_id", f"{Comment._meta.db_table} it", ("it.text",)),
    ("it.record_id", f"{Attachment._meta.db_table} it", ("it.filename",)),
    (
        "file.record_id",
        f"{FileText._meta.db_table} it JOIN {Attachment._meta.db_table} file USING (content_id)",
        ("it.text",),
    ),
    ("it.record_id", f"{Task._meta.db_table} it", ("it.title",)),
    (
        "task.record_id",
        f"{TaskStep._meta.db_table} it JOIN {Task._meta.db_table} task ON task.id = it.task_id",
        ("it.text",),
    ),
    ("it.record_id", f"{Entry._meta.db_table} it", ("it.difference::text", "it.given::text")),
)


def records(patterns: list[str]) -> set[int]:
    """The records in which, or in whose history, or in what hangs on them, one of these stands."""
    found: set[int] = set()
    for record, tables, columns in (*_HANGING, *_kinds()):
        query = _IN_RECORDS.format(record=record, tables=tables, columns=", ".join(columns))
        with connection.cursor() as cursor:
            cursor.execute(query, [patterns])
            found.update(key for (key,) in cursor.fetchall())
    return found


def _kinds() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    whole = {field.name for field in Record._meta.concrete_fields}
    for kind in kinds().values():
        columns = [
            f"{'whole' if field.name in whole else 'it'}.{field.column}::text"
            for field in texts(kind)
        ]
        tables = f"{kind._meta.db_table} it JOIN core_record whole ON whole.id = it.record_ptr_id"
        yield "whole.id", tables, tuple(columns)


def rows(patterns: list[str]) -> Iterator[tuple[models.Model, list[str]]]:
    """Rows of all other tables that hold one of these, and their columns that hold words."""
    for model in apps.get_models():
        if not _is_looked_through(model):
            continue
        columns = [field for field in texts(model) if not getattr(field, "unique", False)]
        if not columns:
            continue
        keys = _keys(model, [f"it.{field.column}::text" for field in columns], patterns)
        held: Any = model._default_manager.filter(pk__in=keys)
        for row in held.order_by("pk").iterator(chunk_size=500):
            yield row, [field.attname for field in columns]


def _keys(model: type[models.Model], columns: list[str], patterns: list[str]) -> list[Any]:
    key, table = f"it.{model._meta.pk.column}", f"{model._meta.db_table} it"
    query = _IN_RECORDS.format(record=key, tables=table, columns=", ".join(columns))
    with connection.cursor() as cursor:
        cursor.execute(query, [patterns])
        return [found for (found,) in cursor.fetchall()]


def _is_looked_through(model: type[models.Model]) -> bool:
    ours = model.__module__.startswith("evenkeel.")
    return ours and not issubclass(model, Record) and model.__name__ not in _NOT_BY_ITSELF
