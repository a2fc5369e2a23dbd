"""Words by their beginning.

The index can be asked for a beginning itself, but then it reads every place of every such word.
Asked for the words one by one, it reads only the places in the era that is looked into.
"""

from django.db import connection

MOST = 50  # words; the shortest are nearest to what was typed

# By bytes, as the index on the key is sorted, and so that any plan can use it.
_KNOWN = """
SELECT word FROM core_searchword
WHERE word ~>=~ %(begun)s AND word ~<~ %(end)s ORDER BY length(word), word LIMIT %(most)s
"""
_LAST = "\U0010ffff"


def known(begun: str) -> list[str]:
    """Learned words that begin so; the shortest first."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"begun": begun, "end": begun + _LAST, "most": MOST})
        return [word for (word,) in cursor.fetchall()]
