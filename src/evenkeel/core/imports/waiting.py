"""Rows about records that have not come yet."""

from collections.abc import Iterable

from evenkeel.core.imports.models import WaitingRow


class Waiting:
    """The rows of one system that wait."""

    def __init__(self, system: str) -> None:
        self.rows = WaitingRow.objects.filter(system=system)
        self.any = self.rows.exists()  # most imports have none; then nobody asks again

    def sources(self, file: str, sources: Iterable[str]) -> set[str]:
        """Which of these rows wait already."""
        if not self.any:
            return set()
        found = self.rows.filter(file=file, source__in=list(sources))
        return set(found.values_list("source", flat=True))

    def add(self, rows: list[WaitingRow]) -> None:
        WaitingRow.objects.bulk_create(rows)
        self.any = self.any or bool(rows)

    def take(self, files: Iterable[str], outside_ids: Iterable[str]) -> dict[str, list[WaitingRow]]:
        """The rows of these files about these records, oldest first; they wait no longer."""
        if not self.any:
            return {}
        rows = self.rows.filter(file__in=list(files), outside_id__in=list(outside_ids))
        found: dict[str, list[WaitingRow]] = {}
        for row in rows.order_by("at", "pk"):
            found.setdefault(row.outside_id, []).append(row)
        taken = [row.pk for one in found.values() for row in one]
        WaitingRow.objects.filter(pk__in=taken).delete()
        return found
