"""Building the index anew, and telling whether it agrees with the records."""

from collections.abc import Iterator

from evenkeel.core.records.record import Record, kinds
from evenkeel.core.search import files, indexing, learning

AT_ONCE = 2_000  # records in one transaction


def rebuild() -> Iterator[int]:
    """Write the rows of every record again; yields how many records are done.

    Searching goes on meanwhile. A row that no record asks for any more is dropped. Files that
    nobody has read yet are read, too.
    """
    done = 0
    for name, kind in kinds().items():
        last = 0
        while keys := _following(name, last):
            indexing.index(kind, keys)
            last, done = keys[-1], done + len(keys)
            yield done
    files.read_rest()
    learning.learn()


def _following(kind: str, last: int) -> list[int]:
    records = Record.objects.filter(of_kind=kind, pk__gt=last).order_by("pk")
    return list(records.values_list("pk", flat=True)[:AT_ONCE])


def missing() -> int:
    """How many records have no row in the index; not 0 means: rebuild."""
    return Record.objects.filter(search_rows=None).count()
