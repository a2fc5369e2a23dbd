"""What an account may draw on: roles in force, teams, organisation. Two queries, once a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from evenkeel.core.people.models import User


@dataclass(frozen=True)
class Rights:
    """A picture of the assignments in force at one moment."""

    roles: frozenset[tuple[str, str]]  # (role type, context), e.g. ("process_manager", "ISRM")
    teams: frozenset[int]
    organisation: int | None

    @classmethod
    def of(cls, user: "User", *, at: datetime) -> "Rights":
        """Read the rights of an account; an inactive account has none."""
        if not user.is_active:
            return cls(frozenset(), frozenset(), None)
        assignment = apps.get_model("core", "RoleAssignment")
        membership = apps.get_model("core", "TeamMembership")
        held = assignment.objects.of_one(user).in_force(at)
        roles = held.values_list("role__role_type", "role__context")
        teams = membership.objects.filter(person=user).values_list("team_id", flat=True)
        return cls(frozenset(roles), frozenset(teams), user.organisation_id)

    def hold(self, role_type: str, context: str) -> bool:
        """Is a role of this type held in this context (a FitSM process code, or "SMS")?"""
        return (role_type, context) in self.roles

    def hold_any(self, role_type: str) -> bool:
        """Is a role of this type held in any context?"""
        return any(held == role_type for held, _ in self.roles)
