"""The verbs of a role: definition and assignment (FitSM-3; ROLE-01, ROLE-04, ROLE-11)."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q

from evenkeel.core.directory import lifecycle, permissions
from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.rules import Actions, Asked, Invalid

# Held by one named person at a time in each context; deputies are named in the assignment.
HELD_BY_ONE = frozenset(
    {
        RoleType.SMS_OWNER,
        RoleType.SMS_MANAGER,
        RoleType.PROCESS_OWNER,
        RoleType.PROCESS_MANAGER,
    }
)

Someone = Annotated[User, Asked("Person")]

action = Actions(
    Role,
    lifecycle.ROLE,
    permissions.ROLE,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(role: Role, *, by: User, at: datetime) -> None:
    """Define a role."""


@action
def retire(
    role: Role, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """The role is no longer needed; its assignments end."""
    RoleAssignment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), role=role).update(ends_at=at)


@action
def assign(
    role: Role,
    *,
    by: User,
    at: datetime,
    person: Someone,
    deputy: Annotated[User | None, Asked("Deputy")] = None,
) -> dict[str, Any]:
    """Give the role to a named person, from now on."""
    held = RoleAssignment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), role=role)
    holder = held.first() if role.role_type in HELD_BY_ONE else held.filter(person=person).first()
    if holder:
        raise Invalid({"person": [f"{holder.person} holds this role; end that assignment first."]})
    made = RoleAssignment.objects.create(
        role=role, person=person, deputy=deputy, nominated_by=by, starts_at=at
    )
    return {"assignment": made.pk, "person": person.pk, "deputy": deputy.pk if deputy else None}


@action
def end_assignment(role: Role, *, by: User, at: datetime, person: Someone) -> dict[str, Any]:
    """The person holds the role no longer; the rights end this moment."""
    ended = RoleAssignment.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), role=role, person=person
    ).update(ends_at=at)
    if not ended:
        raise Invalid({"person": [f"{person} does not hold this role."]})
    return {"person": person.pk}
