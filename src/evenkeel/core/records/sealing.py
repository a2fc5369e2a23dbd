"""Verifying the chain of entries: which entry is the first that does not fit."""

import random
from collections.abc import Iterator

from evenkeel.core.records import chain
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record


def broken() -> Iterator[str]:
    """One sentence for each record whose chain does not hold, naming its first broken entry."""
    for record in Record.objects.order_by("pk").iterator(chunk_size=500):
        if fault := first_fault(record):
            yield fault


def sample(count: int) -> tuple[int, list[str]]:
    """How many records, taken at random, were looked at (at most `count`), and their faults."""
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    keys = random.sample(range(1, newest + 1), min(count, newest))
    records = Record.objects.filter(pk__in=keys)
    return len(records), [fault for record in records if (fault := first_fault(record))]


def first_fault(record: Record) -> str | None:
    """Why the chain of this record does not hold, or None if it does."""
    head, position = b"", 0
    for entry in Entry.objects.filter(record_id=record.pk).order_by("position").iterator():
        position += 1
        if entry.position != position:
            return f"{record.number}: entry {position} is missing."
        head = chain.link(head, entry.facts(record.number))
        if bytes(entry.hash) != head:
            return f"{record.number}: entry {position} ({entry.verb}) is not as it was written."
    if position != record.chain_length or bytes(record.chain_head) != head:
        return f"{record.number}: entries after {position} are missing."
    return None
