"""Reads that the verbs of both kinds need."""

from datetime import datetime

from evenkeel.core.people.models import RoleAssignment, RoleType, User


def process_manager(at: datetime) -> User | None:
    """Who manages ISRM at a moment: the case owner of what has no other (FitSM-3; ROLE-33)."""
    held = RoleAssignment.objects.filter(
        role__role_type=RoleType.PROCESS_MANAGER, role__context="ISRM", starts_at__lte=at
    ).exclude(ends_at__lte=at)
    assignment = held.select_related("person").order_by("starts_at").first()
    return assignment.person if assignment else None
