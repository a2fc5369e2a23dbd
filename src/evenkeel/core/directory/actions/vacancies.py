"""A role without a holder is a task of whoever nominates (ROLE-02): made, and closed, by verbs."""

from datetime import datetime

from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.tasks import Task

TITLE = "Name who holds this role"


def announce(ending: RoleAssignment, at: datetime) -> None:
    """Ask the nominator to name a holder, by the moment at which the assignment ends."""
    Task.objects.get_or_create(
        record_id=ending.role_id,
        title=TITLE,
        done_at=None,
        defaults={
            "assigned_to": _nominator(ending, at),
            "due_at": max(ending.ends_at or at, at),
            "added_at": at,
        },
    )


def close(role: Role, by: User, at: datetime) -> None:
    """Somebody holds the role, or nobody has to."""
    Task.objects.filter(record_id=role.pk, title=TITLE, done_at=None).update(done_at=at, done_by=by)


def _nominator(ending: RoleAssignment, at: datetime) -> User | None:
    """Who named the holder; where that was the SMS itself or has gone, the SMS owner."""
    named = ending.nominated_by
    if named and named.is_active and not named.is_system:
        return named
    owned = RoleAssignment.objects.in_force(at).filter(role__role_type=RoleType.SMS_OWNER)
    owner = owned.exclude(person__is_active=False).select_related("person").first()
    return owner.person if owner else None
