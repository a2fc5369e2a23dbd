"""Eras: stretches of records by key, so that a common word need not be followed to its first use.

Every search row carries the eras in which its record lies: one of 2,048 records, one of 16,384,
and so on. A search looks into the newest short era first and into a longer one when that gave too
little; its work depends on what it shows, not on how much there is.
"""

from collections.abc import Iterator

from django.db.models import Q

SHIFTS = (11, 14, 17, 20)  # an era of a level holds two to the power of this


def of(key: str) -> str:
    """The eras of a record, in SQL; `key` is the column with its key."""
    each = enumerate(SHIFTS)
    eras = (f"(({key} >> {shift}) * {len(SHIFTS)} + {level})::int" for level, shift in each)
    return f"ARRAY[{', '.join(eras)}]"


def widening(below: int) -> Iterator[Q]:
    """Conditions on a record's search rows: its eras end at this key, each longer, then all."""
    for level, shift in enumerate(SHIFTS):
        place = (below - 1) >> shift
        if place <= 1:  # it would hold everything
            break
        era = [last * len(SHIFTS) + level for last in (place, place - 1)]
        yield Q(search_rows__eras__overlap=era)
    yield Q()
