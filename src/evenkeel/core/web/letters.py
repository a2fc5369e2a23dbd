"""Beside a record: what suppliers were told about it by mail, and whether it was delivered."""

from typing import Any

from evenkeel.core.notices.letters import Letter
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 5


def panel(record: Record, reader: User) -> Panel | None:
    """The newest, for those inside."""
    if not visibility.is_inside(reader, record.of_kind):
        return None
    found = Letter.objects.filter(record=record.pk).select_related("organisation")
    letters = list(found.order_by("-pk")[:SHOWN])
    return ("Told to suppliers", "beside/letters.html", {"letters": letters}) if letters else None
