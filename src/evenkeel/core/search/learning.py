"""Learning the words that what is typed is compared with; a job does it, a minute later."""

from django.db import connection, transaction

AT_ONCE = 5_000  # rows in one transaction

_STATEMENT = """
WITH fresh AS (
    DELETE FROM core_freshrow WHERE id IN (
        SELECT id FROM core_freshrow ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING row_id
), learned AS (
    INSERT INTO core_searchword (word)
    SELECT DISTINCT word FROM core_searchrow, unnest(tsvector_to_array(words)) AS word
    WHERE id IN (SELECT row_id FROM fresh) AND word ~ '^[[:alpha:]]{4,40}$'
    ORDER BY word
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM fresh
"""


def learn() -> int:
    """Learn the words of all rows that are new, and say how many rows they were."""
    rows = 0
    while some := _learn_some():
        rows += some
    return rows


def _learn_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [AT_ONCE])
        return int(cursor.fetchone()[0])
