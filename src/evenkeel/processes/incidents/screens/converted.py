"""What was said of a case before it went on as another kind."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models import Case

Panel = tuple[str, str, dict[str, Any]]


def before(case: Case, reader: User) -> Panel | None:
    """The conversation of the case that this one continues, as far as the reader may read it."""
    if case.continues_id is None:
        return None
    old = Record.objects.visible_to(reader).filter(pk=case.continues_id).first()
    if old is None:
        return None
    said = readable.comments(old, reader).select_related("said_by").order_by("said_at", "pk")
    return f"Before, as {old.number}", "incidents/before.html", {"old": old, "said": list(said)}
