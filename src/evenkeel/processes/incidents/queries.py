"""Reads that the verbs of both kinds need."""

from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import RoleType, User


def process_manager(at: datetime) -> User | None:
    """Who manages ISRM at a moment: the case owner of what has no other (FitSM-3; ROLE-33)."""
    found: list[User] = _MANAGERS.records(at)
    return found[0] if found else None


def _managers(at: datetime) -> QuerySet[User]:
    return User.objects.filter(
        Q(assignments__ends_at=None) | Q(assignments__ends_at__gt=at),
        assignments__role__role_type=RoleType.PROCESS_MANAGER,
        assignments__role__context="ISRM",
        assignments__starts_at__lte=at,
    ).order_by("assignments__starts_at")[:1]


_MANAGERS = Compiled(_managers, datetime(2000, 1, 1, tzinfo=UTC))  # every new case asks
