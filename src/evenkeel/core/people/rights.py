"""What an account may draw on: roles in force, teams, organisation. Two queries, once a request."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps

from evenkeel.core.database.compiled import Compiled

if TYPE_CHECKING:
    from evenkeel.core.people.models import User


@dataclass(frozen=True)
class Rights:
    """A picture of the assignments in force at one moment."""

    roles: frozenset[tuple[str, str]]  # (role type, context), e.g. ("process_manager", "ISRM")
    teams: frozenset[int]
    team_numbers: tuple[str, ...]  # of the same teams, as addresses cite them
    organisation: int | None

    @classmethod
    def of(cls, user: "User", *, at: datetime) -> "Rights":
        """Read the rights of an account; an inactive account has none."""
        if not user.is_active:
            return cls(frozenset(), frozenset(), (), None)
        roles, teams = _ROLES.rows(user.pk, at), _TEAMS.rows(user.pk)
        return cls(
            frozenset(roles),
            frozenset(team for team, _ in teams),
            tuple(number for _, number in teams),
            user.organisation_id,
        )

    def hold(self, role_type: str, context: str) -> bool:
        """Is a role of this type held in this context (a FitSM process code, or "SMS")?"""
        return (role_type, context) in self.roles

    def hold_any(self, role_type: str) -> bool:
        """Is a role of this type held in any context?"""
        return any(held == role_type for held, _ in self.roles)


def _roles(person: int, at: datetime) -> Any:
    held = apps.get_model("core", "RoleAssignment").objects.of_one(person).in_force(at)
    return held.values_list("role__role_type", "role__context")


def _teams(person: int) -> Any:
    memberships = apps.get_model("core", "TeamMembership").objects.filter(person=person)
    return memberships.order_by("team_id").values_list("team_id", "team__number")


_ROLES = Compiled(_roles, -1, datetime(2000, 1, 1, tzinfo=UTC))
_TEAMS = Compiled(_teams, -1)
