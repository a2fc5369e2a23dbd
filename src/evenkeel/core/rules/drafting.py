"""What the verbs do to the versions of a record: write the draft, find it, drop it."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from evenkeel.core.people.models import User
from evenkeel.core.rules.inputs import Invalid


def write(
    record: Any, content: dict[str, Any], because: str, *, by: User, at: datetime
) -> dict[str, Any]:
    """Write the next version, or go on with the one being written; what the entry keeps of it."""
    version = record.open_draft()
    if version is None:
        last = record.versions.aggregate(last=Max("number"))["last"] or 0
        owner = {record.versions.field.name: record}
        version = record.versions.model(number=last + 1, **owner)
    version.content, version.because = content, because
    version.drafted_by, version.drafted_at = by, at
    version.save()
    record.edition += 1
    return {"version": version.number, "because": because, "content": content}


def found(record: Any, asked: int | None = None) -> Any:
    """The version being written; Invalid where there is none, or where another one was read."""
    version = record.open_draft()
    if version is None:
        raise Invalid({"": [f"{record.number} has no drafted version."]})
    if asked is not None and asked != version.number:
        raise Invalid({"version": [f"Version {asked} is not the draft; {version.number} is."]})
    return version


def drop(record: Any, reason: str) -> dict[str, Any]:
    """Drop the version being written; it is kept as evidence."""
    version = found(record)
    version.standing = version.Standing.DISCARDED
    version.save(update_fields=["standing"])
    record.edition += 1
    return {"version": version.number, "reason": reason}
