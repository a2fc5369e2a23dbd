"""Restricting a record (R-05): its content is for the security staff and its owner, and is counted.

What is about the record follows it, each with an entry of its own.
"""

from datetime import datetime
from typing import Annotated

from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules.action import registry
from evenkeel.core.rules.inputs import Asked, Invalid

SECURITY = ((RoleType.PROCESS_MANAGER, "ISM"), (RoleType.PROCESS_STAFF, "ISM"))
followers: dict[str, str] = {}  # kind -> the field that names what it is about

Why = Annotated[str, Asked("Reason", "Why it is not for everybody.", long=True, inside=True)]
WhyNot = Annotated[str, Asked("Reason", "Why it may be read again.", long=True, inside=True)]


def restrict(record: Record, *, by: User, at: datetime, reason: Why) -> None:
    """Keep it to the security staff and its owner; whoever reported it sees it in the portal."""
    if record.is_restricted:
        raise Invalid({"": [f"{record.number} is restricted already."]})
    if not RoleAssignment.objects.holders(at, *SECURITY):
        raise Invalid({"": ["Nobody holds a role of ISM, who would see it; assign one first."]})
    _set(record, at, restricted=True)


def lift_restriction(record: Record, *, by: User, at: datetime, reason: WhyNot) -> None:
    """Let it be read again by all who may see records of its kind."""
    if not record.is_restricted:
        raise Invalid({"": [f"{record.number} is not restricted."]})
    _set(record, at, restricted=False)


def follow(record: Record, about: Record) -> None:
    """What is newly recorded about a restricted record is restricted from the beginning."""
    record.is_restricted = about.is_restricted


def _set(record: Record, at: datetime, *, restricted: bool) -> None:
    record.is_restricted = restricted
    verb = "restrict" if restricted else "lift_restriction"
    for kind, field in followers.items():
        model = kinds()[kind]
        about = model.objects.filter(**{field: record.pk}, is_restricted=not restricted)
        for one in about.order_by("pk"):
            action = registry[f"{model.collection}.{verb}"]
            action(one, by=User.objects.the_sms(), at=at, reason=f"As {record.number} is.")
