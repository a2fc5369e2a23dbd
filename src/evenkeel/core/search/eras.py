"""Eras: stretches of records by key, so that a common word need not be followed to its first use.

Every search row carries the eras in which its record lies: one of 1,024 records, one of 8,192,
and so on. A search looks into the newest short era first and into a longer one when that gave too
little; its work depends on what it shows, not on how much there is.
"""

from collections.abc import Iterator

SHIFTS = (10, 13, 16, 19)  # an era of a level holds two to the power of this
_HOPED = 0.5  # matches that an era without any may stand for


def of(key: str) -> str:
    """The eras of a record, in SQL; `key` is the column with its key."""
    each = enumerate(SHIFTS)
    eras = (f"(({key} >> {shift}) * {len(SHIFTS)} + {level})::int" for level, shift in each)
    return f"ARRAY[{', '.join(eras)}]"


class Widening:
    """Which eras below a key to look into, one after the other, each longer; at last, into all.

    `found` is told how many matches the last one gave, so that eras that would give too little,
    too, are passed over.
    """

    def __init__(self, below: int, wanted: int) -> None:
        self.below, self.wanted = below, wanted
        self.found = wanted

    def __iter__(self) -> Iterator[list[int] | None]:
        expected = float(self.wanted)
        last: int | None = None
        for level, shift in enumerate(SHIFTS):
            place = (self.below - 1) >> shift
            if place <= 1:  # it would hold everything
                break
            if last is not None:
                expected = max(self.found, _HOPED) * 2 ** (shift - SHIFTS[last])
            if expected >= self.wanted:
                yield [era * len(SHIFTS) + level for era in (place, place - 1)]
                last = level
        yield None
