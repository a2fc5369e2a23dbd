"""Writing the index: in the transaction of the action, or set by set behind an import.

One statement reads record, kind, comments and files back from their tables, so that action, import
and rebuilding cannot come to different words.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection

from evenkeel.core.records import bulk
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import together, within
from evenkeel.core.search import eras

LONGEST = 100_000  # characters of a field, of all comments, of all files; what is beyond is not
_SAID = "D"  # the weight of comments and files; fields say theirs in `searched`
_SPOKEN = frozenset({"comment", "attachment", "redacted"})  # what an entry says of other words

_STATEMENT = """
WITH written AS (
INSERT INTO core_searchrow (record_id, audience, eras, text, words)
SELECT record.id, reader.audience, {eras}, {text}, {words}
FROM core_record AS record
JOIN {table} AS own ON own.record_ptr_id = record.id
CROSS JOIN (VALUES ('public'), ('internal')) AS reader (audience)
CROSS JOIN LATERAL (
    SELECT string_agg(said.text, E'\\n' ORDER BY said.said_at DESC) AS text,
           bool_or(said.audience = 'internal') AS is_internal
    FROM core_comment AS said
    WHERE said.record_id = record.id AND said.audience IN ('public', reader.audience)
) AS comments
CROSS JOIN LATERAL (
    SELECT string_agg(concat_ws(E'\\n', file.filename, read.text), E'\\n'
                      ORDER BY file.added_at DESC, file.id DESC) AS text,
           bool_or(file.audience = 'internal') AS is_internal
    FROM core_attachment AS file
    LEFT JOIN core_filetext AS read ON read.content_id = file.content_id
    WHERE file.record_id = record.id AND file.audience IN ('public', reader.audience)
) AS files
WHERE record.id {which}
  AND (reader.audience = 'public' OR comments.is_internal OR files.is_internal OR {has_inside})
ON CONFLICT (record_id, audience) DO UPDATE SET
    text = excluded.text, words = excluded.words
RETURNING id
)
INSERT INTO core_freshrow (row_id) SELECT id FROM written
"""


def index(kind: type[Record], keys: Sequence[int]) -> None:
    """Bring the search rows of these records of one kind up to date."""
    # PostgreSQL keeps the plan for one record, and would plan anew for each list of them.
    which, given = ("= %s", keys[0]) if len(keys) == 1 else ("= ANY(%s)", list(keys))
    with connection.cursor() as cursor:
        cursor.execute(_statement(kind, which), [given])


@cache
def _statement(kind: type[Record], which: str) -> str:
    inside = [name for name in kind.searched if name in kind.inside_fields]
    parts = {name: _readable(kind, name) for name in kind.searched}
    bodies = [part for name, part in parts.items() if name != "title"]
    weighed = [(parts[name], weight) for name, weight in kind.searched.items()]
    said = [_cut("comments.text"), _cut("files.text")]
    weighed += [(text, _SAID) for text in said]
    return _STATEMENT.format(
        which=which,
        eras=eras.of("record.id"),
        table=connection.ops.quote_name(kind._meta.db_table),
        text=f"concat_ws(E'\\n', {', '.join([*map(_or_null, bodies), *said])})",
        words=" || ".join(
            f"setweight(to_tsvector('evenkeel', core_without_signs(coalesce({part}, ''))), '{w}')"
            for part, w in weighed
        ),
        has_inside=" OR ".join(f"{_column(kind, name)} <> ''" for name in inside) or "false",
    )


def _column(kind: type[Record], name: str) -> str:
    field = kind._meta.get_field(name)
    table = "record" if field in Record._meta.get_fields() else "own"
    return f"{table}.{connection.ops.quote_name(str(field.column))}"  # type: ignore[union-attr]


def _readable(kind: type[Record], name: str) -> str:
    column = _cut(_column(kind, name))
    if name in kind.inside_fields:
        return f"CASE WHEN reader.audience = 'internal' THEN {column} END"
    return column


def _cut(text: str) -> str:
    return f"left({text}, {LONGEST})"


def _or_null(text: str) -> str:
    return f"nullif({text}, '')"


def _on_action(record: Record, entry: Entry) -> None:
    """After a verb that wrote, changed or said something."""
    if _has_words(record, entry):
        index(type(record), [record.pk])


def _on_many(pairs: Sequence[tuple[Record, Entry]]) -> None:
    found: dict[type[Record], dict[int, None]] = {}
    for record, entry in pairs:
        if _has_words(record, entry):
            found.setdefault(type(record), {})[record.pk] = None
    for kind, keys in found.items():
        index(kind, list(keys))


def _has_words(record: Record, entry: Entry) -> bool:
    changed = entry.difference.keys() & type(record).searched.keys()
    return entry.position == 1 or bool(changed) or not _SPOKEN.isdisjoint(entry.given)


within.append(_on_action)
together.instead[_on_action] = _on_many
bulk.written.append(index)
