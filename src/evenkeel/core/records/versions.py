"""What an earlier version of a record said, told from its entries."""

from typing import Any

from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record


def columns_at(record: Record, version: int) -> dict[str, Any]:
    """Column -> what stood in it in that version, for the columns edited since.

    Every entry with a difference made a new version, so as many are taken back as versions lie
    between; a version that never was gives nothing.
    """
    back = record.version - version
    if back <= 0 or version < 1:
        return {}
    edits = Entry.objects.filter(record_id=record.pk, position__gt=1).exclude(difference={})
    stood: dict[str, Any] = {}
    for difference in edits.order_by("-position").values_list("difference", flat=True)[:back]:
        stood |= {column: before for column, (before, _) in difference.items()}
    return stood
